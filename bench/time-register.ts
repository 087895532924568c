/**
 * Measures `lamsach register build`, as built, in whole processes: people a second, processor time, memory, bytes a
 * person. Run `npm run build` first, then `npx tsx bench/time-register.ts [--people 500000,5000000] [--turns 3]
 * [--keep <folder>]`. `--against <folder>` builds with another checkout too, in turn.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { generateSample } from "../src/sample/generate-sample.js";
import { type Measurement, measure } from "./measure.js";

const root = path.join(import.meta.dirname, "..");
const { values: options } = parseArgs({
  options: {
    people: { type: "string", default: "500000,5000000" },
    turns: { type: "string", default: "3" },
    keep: { type: "string" },
    against: { type: "string" },
  },
});
const work = options.keep ?? mkdtempSync(path.join(tmpdir(), "lamsach-time-register-"));
const checkouts = options.against === undefined ? [root] : [path.resolve(options.against), root];

mkdirSync(work, { recursive: true });
try {
  const preload = compilePreload();
  for (const people of options.people.split(",").map(Number)) await timeBuilds(people, preload);
} finally {
  if (options.keep === undefined) rmSync(work, { recursive: true });
}

async function timeBuilds(people: number, preload: string): Promise<void> {
  const population = await generatePopulation(people);
  const register = path.join(work, "population.db");
  const turns = checkouts.map((): Measurement[] => []);
  let bytes: number[] = [];
  for (let turn = 0; turn < Number(options.turns); turn++) {
    bytes = [];
    for (const [at, checkout] of checkouts.entries()) {
      rmSync(register, { force: true });
      const cli = path.join(checkout, "dist/cli/main.js");
      const command = [process.execPath, cli, "register", "build", population, "--out", register];
      turns[at]?.push(await measure(command, { usageFile: path.join(work, "usage.json"), preload }));
      bytes.push(statSync(register).size);
    }
  }
  for (const [at, checkout] of checkouts.entries()) {
    const measured = turns[at] as Measurement[];
    const wallMs = median(measured.map((one) => one.wallMs));
    const cpuMs = median(measured.map((one) => one.cpuMs as number));
    const peakMb = Math.max(...measured.map((one) => (one.peakKb as number) / 1024));
    console.log(
      [
        `${checkout === root ? "here" : "against"}: ${people} people`,
        `${Math.round((people / wallMs) * 1000)} people/s (${(wallMs / 1000).toFixed(2)} s)`,
        `${((cpuMs / people) * 1000).toFixed(2)} us of processor a person`,
        `${Math.round(peakMb)} MB`,
        `${((bytes[at] as number) / people).toFixed(1)} bytes a person in the file`,
      ].join(", "),
    );
  }
}

/** People of the generator, and few doses. */
async function generatePopulation(people: number): Promise<string> {
  const out = path.join(work, String(people));
  const population = path.join(out, "population.csv");
  if (!existsSync(population)) {
    mkdirSync(out, { recursive: true });
    await generateSample({
      people,
      rows: 10_000,
      seed: 20_230_613,
      mix: "real",
      shapes: "long",
      out,
      tablesDir: path.join(root, "pipelines/tables"),
      namesDir: path.join(root, "sample-data/names"),
    });
  }
  return population;
}

/** The measured processes run compiled code alone. */
function compilePreload(): string {
  const out = path.join(work, "compiled");
  execFileSync(process.execPath, [
    path.join(root, "node_modules/typescript/bin/tsc"),
    ...["-p", path.join(root, "bench/tsconfig.json"), "--outDir", out],
  ]);
  writeFileSync(path.join(out, "package.json"), '{ "type": "module" }');
  return path.join(out, "report-usage.js");
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}
