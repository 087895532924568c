import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { expect, it } from "vitest";
import { expectCode, runLamsach } from "./support/command-line.js";
import { makeSample, readOutcome, sampleRun } from "./support/sample.js";
import { useWorkFolder } from "./support/work-folder.js";

const work = useWorkFolder();

/** Of input: so many that the people are judged in eight parts. */
const largeBytes = 130_000_000;

/** Cleans `export.csv` in a folder of its own; what the run counted, its records by code, and the parts its people were judged in. */
async function clean(name: string, text: string): Promise<{ counted: unknown; parts: number }> {
  const cwd = mkdtempSync(path.join(work, name));
  writeFileSync(path.join(cwd, "export.csv"), text);
  const register = path.join(work, "population.db");
  const result = await runLamsach(
    sampleRun("out", "--input", "export.csv", "--register", register, "--json"),
    { cwd },
  );
  const { dir, run } = readOutcome(expectCode(result, 0));
  const { run: _id, files: _files, ...counted } = readJson(path.join(dir, "report/summary.json"));
  const { partitions } = readJson(path.join(cwd, "out/.work", run, "state.json"));
  rmSync(cwd, { recursive: true });
  return { counted, parts: partitions as number };
}

function readJson(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
}

it("counts the same when the people of a large delivery are judged in several parts", async () => {
  await makeSample(work, { people: 400, shapes: "long" });
  const [file] = readdirSync(path.join(work, "sample/exports"));
  const rows = parse(readFileSync(path.join(work, "sample/exports", file as string)), {
    bom: true,
    relax_column_count: true,
  }) as string[][];
  // A column that nobody reads, as wide as it takes.
  const widen = (cell: string): string =>
    stringify(rows.map((row, at) => [...row, at === 0 ? "Khác" : cell]));
  const narrow = await clean("narrow", widen("-"));
  const wide = await clean("wide", widen("x".repeat(Math.ceil(largeBytes / rows.length))));
  expect([narrow.parts, wide.parts]).toEqual([1, 8]);
  expect(wide.counted).toEqual(narrow.counted);
});
