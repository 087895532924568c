/**
 * npm run bench -- [--rows 1000000] [--mix real|clean|worst] [--runs 3] [--seed 2491] [--workers 2] [--data dir] [--out bench/RESULTS.md]
 *
 * Generates a long export by seed, then runs lamsach and the plain script in turn over it and writes the results page.
 * `--data` keeps the generated files there and uses them again.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { generateSample } from "../src/sample/generate-sample.js";
import { compareVerdicts } from "./compare-verdicts.js";
import { type Measurement, measure } from "./measure.js";
import { type Pair, renderResults } from "./results-page.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const scripts = path.join(root, "node_modules/.cache/lamsach-bench");
const asOf = "2023-06-13";
// What the generator makes of one person, on average.
const recordsPerPerson = 2.073;

const { values: options } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    mix: { type: "string", default: "real" },
    runs: { type: "string", default: "3" },
    seed: { type: "string", default: "2491" },
    workers: { type: "string", default: "2" },
    data: { type: "string" },
    out: { type: "string", default: path.join(root, "bench/RESULTS.md") },
  },
});
const [rows, runs, seed] = [Number(options.rows), Number(options.runs), Number(options.seed)];
const mix = readMix(options.mix);
const work = mkdtempSync(path.join(tmpdir(), "lamsach-bench-"));
const data = path.resolve(options.data ?? path.join(work, "data"));
const input = path.join(data, "exports/national-2023.csv");
const ourRegister = path.join(data, "population.db");
const theirRegister = path.join(data, "plain.db");
const compiled = (name: string): string => path.join(scripts, `${name}.js`);
const run = (command: readonly string[]): Promise<Measurement> =>
  measure(command, { usageFile: path.join(work, "usage.json"), preload: compiled("report-usage") });

try {
  const registerMs = await prepare();
  const result = await measurePairs(registerMs);
  await writeFile(options.out, renderResults(result));
  // The page is linted like the code beside it.
  execFileSync(path.join(root, "node_modules/.bin/biome"), ["format", "--write", options.out], { cwd: root });
  console.log(`written: ${options.out}`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function readMix(text: string): "real" | "clean" | "worst" {
  if (text === "real" || text === "clean" || text === "worst") return text;
  throw new Error("--mix: unknown mix; expected real, clean or worst. Run again with one of them.");
}

/** Compiles the plain script, as lamsach is compiled, and makes the data and both registers; resolves to the milliseconds of ours. */
async function prepare(): Promise<number> {
  execFileSync(process.execPath, [
    path.join(root, "node_modules/typescript/bin/tsc"),
    ...["-p", path.join(root, "bench/tsconfig.json")],
  ]);
  if (!existsSync(input)) {
    mkdirSync(data, { recursive: true });
    console.log(`generating ${rows} records`);
    await generateSample({
      people: Math.ceil(rows / recordsPerPerson),
      seed,
      mix,
      shapes: "long",
      out: data,
      tablesDir: path.join(root, "pipelines/tables"),
      namesDir: path.join(root, "sample-data/names"),
    });
  }
  const population = path.join(data, "population.csv");
  rmSync(theirRegister, { force: true });
  rmSync(ourRegister, { force: true });
  const { wallMs } = await run([
    process.execPath,
    cli(),
    "register",
    "build",
    population,
    "--out",
    ourRegister,
  ]);
  await run([process.execPath, compiled("plain-script"), "build", population, theirRegister]);
  return wallMs;
}

function cli(): string {
  return path.join(root, "dist/cli/main.js");
}

function ourCommand(out: string): string[] {
  return [
    ...[process.execPath, cli(), "run", path.join(root, "pipelines/covid19-vaccination.yaml")],
    ...["--input", input, "--register", ourRegister, "--as-of", asOf],
    ...["--workers", options.workers, "--out", out, "--json"],
  ];
}

function theirCommand(out: string): string[] {
  return [
    ...[process.execPath, "--max-old-space-size=12288", compiled("plain-script"), "run"],
    ...[input, theirRegister, path.join(root, "pipelines/tables"), out, asOf],
  ];
}

async function measurePairs(registerMs: number): Promise<Parameters<typeof renderResults>[0]> {
  const ourOut = path.join(work, "ours");
  const theirOut = path.join(work, "theirs");
  const clear = (): void => {
    for (const folder of [ourOut, theirOut]) rmSync(folder, { recursive: true, force: true });
  };
  const measurePair = async (): Promise<Pair> => {
    clear();
    const ours = await run(ourCommand(ourOut));
    const theirs = await run(theirCommand(theirOut));
    return { ours, theirs };
  };
  console.log("warm-up");
  await measurePair();
  const pairs: Pair[] = [];
  const floors: { copy: number[]; scan: number[] } = { copy: [], scan: [] };
  for (let turn = 1; turn <= runs; turn++) {
    pairs.push(await measurePair());
    const copy = await run(["cp", input, path.join(work, "copy.csv")]);
    const scan = await run([process.execPath, compiled("newline-scan"), input]);
    floors.copy.push(copy.wallMs);
    floors.scan.push(scan.wallMs);
    console.log(`turn ${turn} of ${runs}`);
  }
  const [runFolder = ""] = readdirSync(ourOut).filter((name) => name.startsWith(asOf));
  const agreement = await compareVerdicts(path.join(ourOut, runFolder), theirOut);
  return { pairs, floors, agreement, setting: describeSetting(agreement.records, registerMs) };
}

function describeSetting(
  records: number,
  registerMs: number,
): Parameters<typeof renderResults>[0]["setting"] {
  const { version, dependencies } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const packages = ["csv-parse", "csv-stringify", "zod", "better-sqlite3"].filter(
    (name) => name in dependencies,
  );
  const versionOf = (name: string): string =>
    JSON.parse(readFileSync(path.join(root, "node_modules", name, "package.json"), "utf8")).version;
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryBytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    lamsach: version,
    packages: packages.map((name) => `${name} ${versionOf(name)}`),
    rows,
    records,
    bytes: statSync(input).size,
    mix: options.mix,
    register: {
      wallMs: registerMs,
      bytes: statSync(ourRegister).size,
      deliveredBytes: statSync(path.join(data, "population.csv")).size,
    },
    seed,
    workers: Number(options.workers),
  };
}
