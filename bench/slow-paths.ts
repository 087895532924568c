/**
 * npm run bench:slow -- [--rows 1000000] [--mix real] [--runs 3] [--seed 2491] [--workers 2] [--memory 2GB]
 *                       [--data dir] [--out bench/RESULTS-slow-paths.md]
 *
 * Generates a long export by seed, makes slow ones of it (`slow-variants.ts`), runs lamsach over all of them in turn, and
 * writes how much slower each is than the plain one. Ends with an error when a variant was not judged as it must be.
 */
import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { parseDocument } from "yaml";
import { readCount, readNames, repeatCommand, sharedOptions } from "./bench-options.js";
import { compileScripts, root } from "./checkout.js";
import { createLamsach } from "./contenders.js";
import { buildRegister } from "./contest.js";
import { countPeople, mixes, prepareDataset } from "./dataset.js";
import { type Measurement, measure } from "./measure.js";
import { renderSlowPaths, type SlowPath } from "./slow-paths-page.js";
import { writeVariants } from "./slow-variants.js";
import { measureInTurn } from "./turns.js";
import { withWorkFolder } from "./work-folder.js";

const { out, data, ...options } = parseArgs({
  options: {
    ...sharedOptions,
    rows: { type: "string", default: "1000000" },
    mix: { type: "string", default: "real" },
    runs: { type: "string", default: "3" },
    data: { type: "string" },
    out: { type: "string", default: path.join(root, "bench/RESULTS-slow-paths.md") },
  },
}).values;
const people = countPeople(readCount("rows", options.rows));
const seed = readCount("seed", options.seed);
const turns = readCount("runs", options.runs);
const workers = readCount("workers", options.workers);
const [mix] = readNames("mix", options.mix, mixes);

await withWorkFolder(async (work) => {
  compileScripts();
  const dataset = await prepareDataset({ mix, people, seed }, path.resolve(data ?? path.join(work, "data")));
  const lamsach = createLamsach({
    ...{ workers, memory: options.memory ?? null },
    pipeline: writeOpenPipeline(path.join(work, "pipelines")),
  });
  const register = path.join(work, lamsach.register);
  await buildRegister(lamsach, dataset.population, register, work);
  const folder = path.join(work, "variants");
  mkdirSync(folder);
  const files = await writeVariants(dataset.input, folder);
  const inputs = [dataset.input, ...files.map(({ file }) => file)];
  const runFolder = path.join(work, "out");
  const measured = await measureInTurn(
    inputs.map((input) => ({
      command: lamsach.runCommand({ input, register, out: runFolder }),
      ...{ out: runFolder, isKept: false },
    })),
    { turns, measure: (command) => measure(command, work) },
  );
  const paths = inputs.map(
    (input, at): SlowPath => ({
      made: files[at - 1] ?? null,
      bytes: statSync(input).size,
      turns: measured[at] as Measurement[],
    }),
  );
  writeFileSync(out, renderSlowPaths(paths, { command: repeatCommand("bench:slow", options), mix }));
});

/** The shipped pipeline with its gates open: a file of bad rows must be published like any other to be timed like it. */
function writeOpenPipeline(folder: string): string {
  cpSync(path.join(root, "pipelines"), folder, { recursive: true });
  const file = path.join(folder, "covid19-vaccination.yaml");
  const pipeline = parseDocument(readFileSync(file, "utf8"));
  pipeline.set("gates", { maxErrorShare: 1, minFoundShare: 0, minRegisterPeople: 1 });
  writeFileSync(file, pipeline.toString());
  return file;
}
