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
  readonly floors: Floors;
}

/** What no program can do without, over the first dataset. */
export interface Floors {
  /** `cp` of the input. */
  readonly copies: readonly Measurement[];
  /** A scan for the input's line ends. */
  readonly scans: readonly Measurement[];
  /** Reading and hashing the input, writing and hashing as many bytes as lamsach has published. */
  readonly publications: readonly Measurement[];
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
  const floors = planFloors(ours[0] as PreparedEntry, work);
  const measured = await measureInTurn(
    [
      // lamsach over the mixes first, so that the turn's ratio between them is one of neighbours.
      ...ours.map((entry, at) => ({ ...planStep(entry), isKept: at === 0 })),
      ...theirs.map((entry) => ({ ...planStep(entry), isKept: true })),
      ...floors,
    ],
    { turns, measure: (command) => measure(command, work) },
  );
  const [measuredOurs, measuredTheirs] = [
    measured.slice(0, ours.length),
    measured.slice(ours.length, -floors.length),
  ];
  const [copies = [], scans = [], publications = []] = measured.slice(-floors.length);
  return {
    ours: ours.map((entry, at) => ({ ...entry, turns: measuredOurs[at] as Measurement[] })),
    theirs: await Promise.all(
      theirs.map(async (entry, at) => ({
        ...entry,
        turns: measuredTheirs[at] as Measurement[],
        agreement: await compareSets(ours[0] as PreparedEntry, entry),
      })),
    ),
    floors: { copies, scans, publications },
  };
}

function planFloors({ dataset: { input }, out }: PreparedEntry, work: string): readonly Step[] {
  const [copy, publication] = [path.join(work, "copy.csv"), path.join(work, "publication")];
  const script = (name: string): string[] => [process.execPath, locateScript(name)];
  return [
    { command: ["cp", input, copy], out: copy, isKept: false },
    { command: [...script("newline-scan"), input], out: null, isKept: false },
    {
      command: [...script("publish-floor"), input, out, publication],
      out: publication,
      isKept: false,
    },
  ];
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
