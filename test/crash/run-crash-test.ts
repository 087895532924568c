/**
 * The long campaign of test/crash: nights killed at random moments, or at pairs of kill points (a sample of them, or
 * all), and the same command again; two nights started at once. Each must end in the bytes of an undisturbed night.
 * Prints the seed; exit 1 when one does not, and keeps its folder.
 *
 *   npm run crash-test -- --kills 200 --seed 1
 *   npm run crash-test -- --kills 0 --pairs all --together 20
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import pLimit from "p-limit";
import { createRandom } from "../../src/sample/random.js";
import { type BuildRehearsal, killBuildInTurn, prepareBuilds } from "./killed-build.js";
import { killAtRandom, killTwice } from "./killed-night.js";
import { nightPoints, recoveryPoints, registerPoints, withheldPoints } from "./points.js";
import { prepareRehearsal, prepareWithheld, type Rehearsal } from "./rehearsal.js";
import { startTogether } from "./two-nights.js";

/** One rehearsal: gives how often a night died, or was refused. */
interface Trial {
  readonly name: string;
  run(): Promise<number>;
}

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    pairs: { type: "string", default: "0" },
    together: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    people: { type: "string", default: "60" },
    "at-once": { type: "string", default: "2" },
  },
});
const seed = readCount("seed", values.seed);
const folder = mkdtempSync(path.join(tmpdir(), "lamsach-crash-"));
const night = await prepareRehearsal(folder, readCount("people", values.people));
const isSound = [
  await runTrials("random moments", planRandomKills(readCount("kills", values.kills))),
  await runTrials(
    "pairs of kill points",
    planPairs(values.pairs, await prepareWithheld(night), await prepareBuilds(night)),
  ),
  await runTrials("two nights at once", planTwoNights(readCount("together", values.together))),
].every(Boolean);
if (isSound) rmSync(folder, { recursive: true });
else process.stderr.write(`What the failed ones left is in ${folder}\n`);
process.exitCode = isSound ? 0 : 1;

function planRandomKills(count: number): Trial[] {
  return Array.from({ length: count }, (_, turn) => ({
    name: `random-${turn}`,
    run: () => killAtRandom(night, `random-${turn}`, createRandom(seed * 1_000_003 + turn)),
  }));
}

function planTwoNights(count: number): Trial[] {
  return Array.from({ length: count }, (_, turn) => ({
    name: `together-${turn}`,
    run: () => startTogether(night, `together-${turn}`, createRandom(seed * 1_000_003 + turn)),
  }));
}

function planPairs(wanted: string, withheld: Rehearsal, before: BuildRehearsal): Trial[] {
  const nights = [
    ...pairUp(nightPoints, [...nightPoints, ...recoveryPoints], night),
    ...pairUp([...nightPoints, ...withheldPoints].filter(isBeforeGates), withheldPoints, withheld),
  ];
  const builds = registerPoints.flatMap((first) =>
    registerPoints.map((second): Trial => {
      const name = `pair-${first}-${second}`;
      return { name, run: () => killBuildInTurn(before, `${name}.db`, [first, second]) };
    }),
  );
  const all = [...nights, ...builds];
  if (wanted === "all") return all;
  const random = createRandom(seed);
  return Array.from({ length: Math.min(readCount("pairs", wanted), all.length) }, () => {
    const [taken] = all.splice(random.below(all.length), 1);
    return taken as Trial;
  });
}

function pairUp(firsts: readonly string[], seconds: readonly string[], rehearsal: Rehearsal): Trial[] {
  return firsts.flatMap((first) =>
    seconds.map((second): Trial => {
      const name = `pair-${first}-${second}`;
      return { name, run: async () => ((await killTwice(rehearsal, name, [first, second])) ? 2 : 1) };
    }),
  );
}

/** A night that a gate withholds passes the points up to the state, and those of its end. */
function isBeforeGates(point: string): boolean {
  return !nightPoints.slice(nightPoints.indexOf("staging-made")).some((name) => name === point);
}

async function runTrials(kind: string, trials: readonly Trial[]): Promise<boolean> {
  if (trials.length === 0) return true;
  const limit = pLimit(readCount("at-once", values["at-once"]));
  let events = 0;
  let same = 0;
  const run = async ({ name, run: rehearse }: Trial): Promise<void> => {
    try {
      const found = await rehearse();
      events += found;
      same++;
    } catch (error) {
      process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  };
  await limit.map(trials, run);
  process.stdout.write(
    `${kind}, seed ${seed}: ${same} of ${trials.length} byte-identical (${events} kills or refusals; an undisturbed night takes ${Math.round(night.durationMs)} ms)\n`,
  );
  return same === trials.length;
}

function readCount(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--${option}: not a count; expected a whole number. Give it as digits`);
}
