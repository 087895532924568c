/**
 * npm run bench:growth -- [--rows 1000000,3000000,10000000] [--mix real] [--runs 1] [--seed 2491] [--workers 2]
 *                         [--memory 2GB] [--out bench/RESULTS-growth.md]
 *
 * Generates, builds a register and cleans, one size after the other, and writes what each takes: time, memory, index,
 * disk; and what a straight line through the sizes says of a nation. A size's data goes before the next one is made:
 * 10 million rows need some 13 GB below TMPDIR.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { readCount, readNames, repeatCommand, sharedOptions } from "./bench-options.js";
import { compileScripts, root } from "./checkout.js";
import { createLamsach } from "./contenders.js";
import { buildRegister } from "./contest.js";
import { countPeople, mixes, prepareDataset } from "./dataset.js";
import { measureFolder, watchFolder } from "./folder-size.js";
import { renderGrowth, type Size, type SizeTurn } from "./growth-page.js";
import { measure } from "./measure.js";
import { withWorkFolder } from "./work-folder.js";

const { out, ...options } = parseArgs({
  options: {
    ...sharedOptions,
    rows: { type: "string", default: "1000000,3000000,10000000" },
    mix: { type: "string", default: "real" },
    runs: { type: "string", default: "1" },
    out: { type: "string", default: path.join(root, "bench/RESULTS-growth.md") },
  },
}).values;
const sizes = options.rows.split(",").map((rows) => readCount("rows", rows));
const [mix] = readNames("mix", options.mix, mixes);
const seed = readCount("seed", options.seed);
const turns = readCount("runs", options.runs);
const lamsach = createLamsach({
  workers: readCount("workers", options.workers),
  memory: options.memory ?? null,
});

await withWorkFolder(async (work) => {
  compileScripts();
  const measured: Size[] = [];
  for (const rows of sizes) {
    const folder = mkdtempSync(path.join(work, "size-"));
    measured.push(await measureSize(rows, folder));
    rmSync(folder, { recursive: true });
  }
  const page = renderGrowth(measured, { command: repeatCommand("bench:growth", options), mix, lamsach });
  writeFileSync(out, page);
});

async function measureSize(rows: number, folder: string): Promise<Size> {
  const dataset = await prepareDataset({ mix, people: countPeople(rows), seed }, folder);
  const file = path.join(folder, lamsach.register);
  const register = await buildRegister(lamsach, dataset.population, file, folder);
  const runFolder = path.join(folder, "out");
  const command = lamsach.runCommand({ input: dataset.input, register: file, out: runFolder });
  const measuredTurns: SizeTurn[] = [];
  for (let turn = 1; turn <= turns; turn++) {
    console.log(`${rows} rows, turn ${turn} of ${turns}`);
    rmSync(runFolder, { recursive: true, force: true });
    // The staged sets become the published ones by a rename: they are counted there.
    const measureWork = (): number => measureFolder(path.join(runFolder, ".work"), ["staging"]);
    const { result, peakBytes } = await watchFolder(measureWork, measure(command, folder));
    const outputBytes = measureFolder(lamsach.findSets(runFolder));
    measuredTurns.push({ measurement: result, workBytes: peakBytes, outputBytes });
  }
  return { dataset, register, turns: measuredTurns };
}
