/**
 * Measures `lamsach register build`, as built, in whole processes: people a second, processor time, memory, bytes a
 * person. Run `npm run build` first, then `npx tsx bench/time-register.ts [--people 500000,5000000] [--turns 3]
 * [--keep <folder>]`. `--against <folder>` builds with another checkout too, in turn.
 */
import { statSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { readCount } from "./bench-options.js";
import { compileScripts, locateCli, root } from "./checkout.js";
import { prepareDataset } from "./dataset.js";
import { type Measurement, measure, readOwn } from "./measure.js";
import { summarise } from "./medians.js";
import { measureInTurn } from "./turns.js";
import { withWorkFolder } from "./work-folder.js";

const { values: options } = parseArgs({
  options: {
    people: { type: "string", default: "500000,5000000" },
    turns: { type: "string", default: "3" },
    keep: { type: "string" },
    against: { type: "string" },
  },
});
const checkouts = options.against === undefined ? [root] : [path.resolve(options.against), root];

await withWorkFolder(async (work) => {
  compileScripts();
  for (const text of options.people.split(",")) await timeBuilds(readCount("people", text), work);
});

async function timeBuilds(people: number, work: string): Promise<void> {
  // People of the generator, and few doses.
  const { population } = await prepareDataset(
    { mix: "real", people, seed: 20_230_613, rows: 10_000 },
    options.keep ?? work,
  );
  const registers = checkouts.map((_, at) => path.join(work, `population-${at}.db`));
  const measured = await measureInTurn(
    checkouts.map((checkout, at) => {
      const out = registers[at] as string;
      const command = [process.execPath, locateCli(checkout), "register", "build", population, "--out", out];
      return { command, out, isKept: true };
    }),
    { turns: readCount("turns", options.turns), measure: (command) => measure(command, work) },
  );
  for (const [at, checkout] of checkouts.entries()) {
    const turns = measured[at] as Measurement[];
    const wallMs = summarise(turns.map((turn) => turn.wallMs)).median;
    const cpuMs = summarise(turns.map((turn) => readOwn(turn, "cpuMs"))).median;
    const peakBytes = Math.max(...turns.map((turn) => readOwn(turn, "peakBytes")));
    console.log(
      [
        `${checkout === root ? "here" : "against"}: ${people} people`,
        `${Math.round((people / wallMs) * 1000)} people/s (${(wallMs / 1000).toFixed(2)} s)`,
        `${((cpuMs / people) * 1000).toFixed(2)} us of processor a person`,
        `${Math.round(peakBytes / 1e6)} MB`,
        `${(statSync(registers[at] as string).size / people).toFixed(1)} bytes a person in the file`,
      ].join(", "),
    );
  }
}
