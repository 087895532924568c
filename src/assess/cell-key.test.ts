import { describe, expect, it } from "vitest";
import { type Batch, createBatch, scanBatch } from "../ingest/scanner.js";
import { CellKey } from "./cell-key.js";

function scan(text: string, columns: number): Batch {
  const bytes = Buffer.from(text);
  const batch = createBatch(columns, 100);
  scanBatch(batch, bytes, 0, bytes.length, true, {
    delimiter: 0x2c,
    maxRecordBytes: 1 << 20,
    maxFieldLines: 100,
    lineUnit: "line",
  });
  return batch;
}

function keyOf(key: CellKey, row: string): string {
  key.moveTo(scan(`${row}\n`, 4), 0);
  return Buffer.from(key.bytes.subarray(key.start, key.end)).toString("hex");
}

describe.each([
  ["side by side", [1, 2, 3]],
  ["in another order", [3, 1, 2]],
  ["with one that the file does not have", [1, 2, 3, -1]],
])("CellKey of columns %s", (_what, columns) => {
  it("tells rows apart that only the borders of their cells tell apart", () => {
    const key = new CellKey(columns);
    const rows = [
      "-,ab,c,d",
      "-,a,bc,d",
      "-,a,b,cd",
      "-,,abc,d",
      "-,abc,d,",
      '-,abc,"d,",',
      "-,abc,,d",
      "-,,,",
    ];
    expect(new Set(rows.map((row) => keyOf(key, row))).size).toBe(rows.length);
  });

  it("is the same for the same cells, whatever the other cells are and whatever it held before", () => {
    const key = new CellKey(columns);
    const first = keyOf(key, "x,a,b,c");
    keyOf(key, `y,${"x".repeat(5000)},${"y".repeat(300)},z`);
    expect(keyOf(key, "another,a,b,c")).toBe(first);
  });
});

describe("CellKey of columns that do not stand side by side", () => {
  it("skips a column between them", () => {
    const key = new CellKey([0, 2]);
    expect(keyOf(key, "a,1,b,c")).toBe(keyOf(key, "a,2,b,d"));
    expect(keyOf(key, "a,1,b,c")).not.toBe(keyOf(key, "b,1,a,c"));
  });
});
