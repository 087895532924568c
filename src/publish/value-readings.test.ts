import { describe, expect, it } from "vitest";
import { createBatch, scanBatch } from "../ingest/scanner.js";
import { createValueNotes, createValueReader } from "./value-readings.js";

const dialect = { delimiter: 0x2c, lineUnit: "line", maxRecordBytes: 400, maxFieldLines: 1 } as const;
const memory = Buffer.alloc(400);

/** A row of two cells, in memory that every row is read into. */
function rowOf(first: string, second: string): ReturnType<typeof createBatch> {
  const batch = createBatch(2, 1);
  const length = memory.write(`${first},${second}\n`);
  scanBatch(batch, memory.subarray(0, length), 0, length, true, dialect);
  expect(batch.rows).toBe(1);
  return batch;
}

describe("createValueNotes(tell)", () => {
  it("tells each text once, with its reading, though rows are read into the memory of rows before", () => {
    const told: string[] = [];
    const note = createValueNotes((before, after) => told.push(`${before}=${after}`));
    const cells = [
      ["Nam", "M", 0],
      ["nam", "M", 0],
      ["Nam", "M", 0],
      ["NAM", "M", 0],
      ["nam", "M", 0],
      ["Nữ", "F", 1],
      ["nữ", "F", 1],
      ["M", "M", 0],
      ['"Nam"', "M", 0],
    ] as const;
    for (const [text, value, key] of cells) note(rowOf("x", text), 0, 1, value, key);
    expect(told).toEqual(["Nam=M", "nam=M", "NAM=M", "Nữ=F", "nữ=F", "Nam=M"]);
  });

  it("tells of a column that the file has not as of a blank cell", () => {
    const told: string[] = [];
    const note = createValueNotes((before, after) => told.push(`${before}=${after}`));
    for (const row of [rowOf("a", "b"), rowOf("c", "d")]) note(row, 0, -1, "1", 1);
    expect(told).toEqual(["=1"]);
  });
});

describe("createValueReader(tell, read, quoteField)", () => {
  it("reads each text once and gives its field", () => {
    const told: string[] = [];
    const read = createValueReader(
      (before, after) => told.push(`${before}=${after}`),
      (text) => text.toUpperCase(),
      (text) => `<${text}>`,
    );
    const fields = ["79_d001", "79001", "79_d001", "79_D001"].map((text) =>
      Buffer.from(read(rowOf("x", text), 0, 1)).toString(),
    );
    expect(fields).toEqual(["<79_D001>", "<79001>", "<79_D001>", "<79_D001>"]);
    expect(told).toEqual(["79_d001=79_D001"]);
  });

  it("forgets when it knows too many texts, and goes on reading each as it should", () => {
    const told = new Map<string, number>();
    const read = createValueReader(
      (before, after) => told.set(`${before}=${after}`, (told.get(`${before}=${after}`) ?? 0) + 1),
      (text) => text.toUpperCase(),
      (text) => `<${text}>`,
      100,
    );
    const distinct = 150;
    for (let n = 0; n < 2 * distinct; n++) {
      const text = `d${n % distinct}`;
      expect(Buffer.from(read(rowOf("x", text), 0, 1)).toString()).toBe(`<${text.toUpperCase()}>`);
    }
    expect(told.size).toBe(distinct);
    expect(new Set(told.values())).toEqual(new Set([2]));
  });

  it("reads a long text each time, and forgets nothing for it", () => {
    const told: string[] = [];
    const read = createValueReader(
      (before) => told.push(before),
      (text) => text.toUpperCase(),
      (text) => text,
      2,
    );
    const long = "x".repeat(300);
    for (const text of ["a", long, "b", long, long, "a", "b"])
      expect(Buffer.from(read(rowOf("x", text), 0, 1)).toString()).toBe(text.toUpperCase());
    expect(told).toEqual(["a", long, "b", long, long, "a", "b"]);
  });
});
