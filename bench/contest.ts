import { statSync } from "node:fs";
import path from "node:path";
import { locateScript } from "./checkout.js";
import { type Agreement, compareVerdicts } from "./compare-verdicts.js";
import type { Contender } from "./contenders.js";
import type { Dataset } from "./dataset.js";
import { type Measurement, measure } from "./measure.js";
import { measureInTurn, type Step } from "./turns.js";

/** A contender over a dataset. */
export interface Entry {
  readonly contender: Contender;
  readonly dataset: Dataset;
  readonly register: BuiltRegister;
  readonly turns: readonly Measurement[];
}

/** A register that was built once before the turns: it happens when the population is delivered, not every night. */
export interface BuiltRegister {
  readonly file: string;
  readonly bytes: number;
  readonly built: Measurement;
}

/** What was measured in one run. */
export interface Contest {
  /** lamsach over each dataset. */
  readonly ours: readonly Entry[];
  /** The peers over the first dataset. */
  readonly theirs: readonly (Entry & { readonly agreement: Agreement })[];
  /** `cp` of the first dataset, and a scan for its line ends. */
  readonly floors: { readonly copies: readonly Measurement[]; readonly scans: readonly Measurement[] };
}

interface ContestOptions {
  readonly lamsach: Contender;
  readonly peers: readonly Contender[];
  readonly datasets: readonly [Dataset, ...Dataset[]];
  readonly turns: number;
  /** Folder for registers and outputs. */
  readonly work: string;
}

/** Runs lamsach over every dataset, the peers over the first one, and the floors, all within each turn. */
export async function holdContest({
  lamsach,
  peers,
  datasets,
  turns,
  work,
}: ContestOptions): Promise<Contest> {
  const [first] = datasets;
  const ours = await prepareEntries(datasets.map((dataset) => ({ contender: lamsach, dataset, work })));
  const theirs = await prepareEntries(peers.map((contender) => ({ contender, dataset: first, work })));
  const copy = path.join(work, "copy.csv");
  const measured = await measureInTurn(
    [
      // lamsach over the mixes first, so that the turn's ratio between them is one of neighbours.
      ...ours.map((entry, at) => ({ ...planStep(entry), isKept: at === 0 })),
      ...theirs.map((entry) => ({ ...planStep(entry), isKept: true })),
      { command: ["cp", first.input, copy], out: copy, isKept: false },
      { command: [process.execPath, locateScript("newline-scan"), first.input], out: null, isKept: false },
    ],
    { turns, measure: (command) => measure(command, work) },
  );
  const [copies = [], scans = []] = measured.slice(-2);
  const [measuredOurs, measuredTheirs] = [measured.slice(0, ours.length), measured.slice(ours.length, -2)];
  return {
    ours: ours.map((entry, at) => ({ ...entry, turns: measuredOurs[at] as Measurement[] })),
    theirs: await Promise.all(
      theirs.map(async (entry, at) => ({
        ...entry,
        turns: measuredTheirs[at] as Measurement[],
        agreement: await compareSets(ours[0] as PreparedEntry, entry),
      })),
    ),
    floors: { copies, scans },
  };
}

interface PreparedEntry extends Omit<Entry, "turns"> {
  readonly out: string;
}

async function prepareEntries(
  pairs: readonly { readonly contender: Contender; readonly dataset: Dataset; readonly work: string }[],
): Promise<PreparedEntry[]> {
  const entries: PreparedEntry[] = [];
  for (const { contender, dataset, work } of pairs) {
    const name = `${dataset.mix}-${contender.register}`;
    console.log(`building ${name}`);
    entries.push({
      ...{ contender, dataset, out: path.join(work, `${name}-out`) },
      register: await buildRegister(contender, dataset.population, path.join(work, name), work),
    });
  }
  return entries;
}

/** Builds a contender's register, measured. */
export async function buildRegister(
  contender: Contender,
  population: string,
  file: string,
  work: string,
): Promise<BuiltRegister> {
  const built = await measure(contender.buildCommand(population, file), work);
  return { file, bytes: statSync(file).size, built };
}

function planStep({ contender, dataset, register, out }: PreparedEntry): Omit<Step, "isKept"> {
  return { command: contender.runCommand({ input: dataset.input, register: register.file, out }), out };
}

/** Compares what the last turn has left. */
function compareSets(ours: PreparedEntry, theirs: PreparedEntry): Promise<Agreement> {
  console.log(`comparing verdicts with ${theirs.contender.name}`);
  return compareVerdicts(ours.contender.findSets(ours.out), theirs.contender.findSets(theirs.out));
}
