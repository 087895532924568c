import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkRun } from "./checker/check-run.js";
import { checkFaultyFile } from "./single-fault/check-faulty-file.js";
import { headers, population } from "./single-fault/clean-file.js";
import { cellKinds } from "./single-fault/fault-kinds.js";
import { processFaultyFiles } from "./single-fault/process-faulty-files.js";
import { rowKinds } from "./single-fault/row-kinds.js";
import { type FaultyFile, listFaultyFiles, writeCleanFile } from "./single-fault/single-faults.js";
import { expectCode, runLamsach } from "./support/command-line.js";
import { openGates, writePipeline } from "./support/pipeline-file.js";
import { openReadingRoom, type ProcessedRow, type ReadingRoom } from "./support/product-reading.js";
import { readOutcome } from "./support/sample.js";
import { readSetRows } from "./support/set-rows.js";
import { useWorkFolder } from "./support/work-folder.js";

/** Every so many of the files: no divisor of the columns or the records, so that it comes by every place. */
function takeEvery(step: number, first: number): FaultyFile[] {
  return [...listFaultyFiles()].filter((_, position) => position % step === first);
}

// A small share of the campaign: npm run single-fault
describe("a file with a single fault", () => {
  const folder = useWorkFolder();
  let room: ReadingRoom;
  beforeAll(async () => {
    room = await openReadingRoom(folder, population);
  });
  afterAll(() => room.register.reader.close());

  it("is one of over four thousand, of every kind", () => {
    const files = [...listFaultyFiles()];
    expect(files.length).toBeGreaterThan(4000);
    expect(new Set(files.map(({ kind }) => kind)).size).toBe(cellKinds.length + rowKinds.length + 2);
  });

  it("costs the row that has it, named with its place, and no other", async () => {
    const { failures } = await processFaultyFiles(room, takeEvery(83, 0));
    expect(failures).toEqual([]);
  });

  it("costs no more when the command line reads it", async () => {
    // Their limits are not those of the shipped pipeline, which the checker has.
    const files = takeEvery(73, 7).filter(({ kind }) => !/allowed/.test(kind));
    const named = files.map((file, position) => ({ ...file, name: `f${position}.csv` }));
    const clean = new Map(["\n", "\r\n"].map((lineBreak, position) => [lineBreak, `clean${position}.csv`]));
    const input = path.join(folder, "input");
    mkdirSync(input);
    for (const { name, bytes } of named) writeFileSync(path.join(input, name), bytes);
    for (const [lineBreak, name] of clean) {
      writeFileSync(path.join(input, name), writeCleanFile(lineBreak as FaultyFile["lineBreak"]));
    }
    const pipeline = writePipeline(path.join(folder, "open.yaml"), openGates);
    const args = ["run", pipeline, "--input", "input/*", "--register", "population.db", "--out", "out"];
    const result = await runLamsach([...args, "--as-of", "2023-06-13", "--json"], { cwd: folder });
    const { dir } = readOutcome(expectCode(result, 0));
    const inputs = [...named.map(({ name }) => name), ...clean.values()].map((name) => ({
      name,
      path: path.join(input, name),
    }));
    const { problems } = await checkRun({ runDir: dir, inputs });
    expect(problems).toEqual([]);
    const rows = readSetRows(dir);
    const rowsOf = (name: string): ProcessedRow[] =>
      rows.filter(({ source_file }) => source_file === name).map(withoutVerdict);
    for (const file of named) {
      const good = {
        rows: rowsOf(clean.get(file.lineBreak) as string),
        bytes: writeCleanFile(file.lineBreak),
      };
      checkFaultyFile(file, { refused: null, rows: rowsOf(file.name), problems: [] }, good);
    }
    expect(named.length).toBeGreaterThan(50);
  });
});

/** A row as it was read: with the other files of the run it is a record delivered again, which its verdict says. */
function withoutVerdict(row: ProcessedRow): ProcessedRow {
  const { source_line = "", fault = "", fault_column = "", fault_byte = "", raw_line = "" } = row;
  const cells = Object.fromEntries(headers.map((header) => [header, row[header] ?? ""]));
  const { set = "", code = "" } = fault === "" ? {} : row;
  return { ...cells, source_line, set, code, fault, fault_column, fault_byte, raw_line };
}
