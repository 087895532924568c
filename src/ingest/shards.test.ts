import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Info, parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rowCells, rowText } from "./read-field.js";
import { planShards, type ReadableSource, readShard, type Shard, type ShardReading } from "./shards.js";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "shards-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

function writeSource(bytes: Buffer, options: Partial<ReadableSource> = {}): ReadableSource {
  const bytesPath = join(dir, "data.csv");
  writeFileSync(bytesPath, bytes);
  return {
    name: "data.csv",
    bytesPath,
    byteLength: bytes.length,
    delimiter: ",",
    headers: ["a", "b"],
    dataOffset: 0,
    lineUnit: "line",
    ...options,
  };
}

interface Limits {
  readonly maxBatchRows: number;
  readonly maxRecordBytes: number;
  readonly maxFieldLines: number;
  readonly bufferBytes: number;
}

const limits: Limits = { maxBatchRows: 100, maxRecordBytes: 1000, maxFieldLines: 5, bufferBytes: 1 << 16 };

type SeenRow = readonly [line: number, offset: number, fault: number, text: string, ...cells: string[]];

function readRows(
  source: ReadableSource,
  shard: Shard,
  options: Limits & { start?: number },
): { rows: SeenRow[]; reading: ShardReading } {
  const rows: SeenRow[] = [];
  const reading = readShard(source, shard, {
    ...options,
    onBatch(batch) {
      for (let row = 0; row < batch.rows; row++) {
        rows.push([
          batch.firstLine + (batch.rowLine[row] as number),
          batch.fileOffset + (batch.rowStart[row] as number),
          batch.rowFault[row] as number,
          rowText(batch, row),
          ...rowCells(batch, row),
        ]);
      }
    },
  });
  return { rows, reading };
}

/** Reads all shards blindly first, then again where a start was guessed wrong: what a run does. */
function readSharded(source: ReadableSource, shardBytes: number, options: Limits): unknown {
  const shards = planShards(source, shardBytes);
  const blind = shards.map((shard) => readRows(source, shard, options));
  const rows: SeenRow[] = [];
  let lines = 0;
  let blankLines = 0;
  let end = source.dataOffset;
  shards.forEach((shard, k) => {
    let part = blind[k] as (typeof blind)[number];
    if (part.reading.start !== end) part = readRows(source, shard, { ...options, start: end });
    expect(part.reading.start).toBe(end);
    expect(part.reading.rows).toBe(part.rows.length);
    for (const [line, ...rest] of part.rows) rows.push([lines + line, ...rest]);
    lines += part.reading.lines;
    blankLines += part.reading.blankLines;
    end = part.reading.end;
  });
  return { rows, lines, blankLines, end };
}

/** Bytes that make valid and broken CSV about equally often. */
const anyFile = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom("a,b\n", '"x\ny",b\r\n', '"p ""q""\r\n,r","s\rt"\n', "\n", "  \r"),
      },
      { weight: 2, arbitrary: fc.constantFrom('"', ",", "\n", "\r", "\r\n", "a", "đ", "\0") },
      { weight: 1, arbitrary: fc.constantFrom("long".repeat(12), '"open,\n1,2\n3,4\n', "a,b,c\n", "a\n") },
    ),
    { maxLength: 25 },
  )
  .map((parts) => Buffer.from(parts.join("")));

describe("readShard(source, shard, options)", () => {
  it("gives the same rows for any shard size and any buffer size, well-formed or not", () => {
    fc.assert(
      fc.property(
        anyFile,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom<"line" | "record">("line", "record"),
        (bytes, shardBytes, bufferBytes, maxBatchRows, lineUnit) => {
          const source = writeSource(bytes, { lineUnit });
          const small = { ...limits, maxRecordBytes: 30, maxFieldLines: 3 };
          const whole = readSharded(source, bytes.length + 1, small);
          const cut = readSharded(source, shardBytes, { ...small, bufferBytes, maxBatchRows });
          expect(cut).toEqual(bytes.length === 0 ? { rows: [], lines: 0, blankLines: 0, end: 0 } : whole);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("gives csv-parse's fields and byte offsets for any well-formed table, however it is cut", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "đ", "Ễ", "😀", '"', ",", "\n", "\r\n", " ", "x") });
    const record = fc.record({ cells: fc.tuple(cell, cell), blankLines: fc.integer({ min: 0, max: 2 }) });
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 8 }),
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.boolean(),
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 50 }),
        (records, lineBreak, isQuoted, shardBytes, bufferBytes) => {
          const text = records
            .map(({ cells, blankLines }) => {
              const row = stringify([cells], {
                record_delimiter: lineBreak,
                quoted: isQuoted,
                quoted_match: /[\r\n]/,
              });
              return row + lineBreak.repeat(blankLines);
            })
            .join("");
          const bytes = Buffer.from(text);
          const seen = readSharded(writeSource(bytes), shardBytes, {
            ...limits,
            maxFieldLines: 50,
            bufferBytes,
          });
          const { rows, blankLines } = seen as { rows: SeenRow[]; blankLines: number };
          const theirs = parse(text, {
            info: true,
            skip_empty_lines: true,
            record_delimiter: ["\r\n", "\n", "\r"],
          }) as unknown as { record: string[]; info: Info }[];

          expect(rows.map(([, , , , ...cells]) => cells)).toEqual(theirs.map(({ record: cells }) => cells));
          expect(blankLines).toBe(records.reduce((sum, one) => sum + one.blankLines, 0));
          let before = 0;
          for (const [position, [, offset, fault, row]] of rows.entries()) {
            const { bytes: after } = (theirs[position] as (typeof theirs)[number]).info;
            // Theirs is where the record's line break ends; between two records there are blank lines and nothing else.
            expect(fault).toBe(0);
            expect(bytes.toString("utf8", before, offset)).toMatch(/^[\r\n]*$/);
            expect(bytes.toString("utf8", offset, after)).toBe(row + lineBreak);
            before = after;
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each(["\n", "\r", "\r\n"])(
    "guesses every start right where no line break (%j) stands in quotes",
    (end) => {
      const source = writeSource(Buffer.from(["a,b", "", "c,d", '"e",f', ""].join(end)));
      for (let size = 1; size < source.byteLength; size++) {
        for (let bufferBytes = 1; bufferBytes < 4; bufferBytes++) {
          let last = 0;
          for (const shard of planShards(source, size)) {
            const { start, end: next } = readRows(source, shard, { ...limits, bufferBytes }).reading;
            // A shard in which no line begins cannot know where the next one does.
            if (start < shard.end) expect(start).toBe(last);
            last = start < shard.end ? next : last;
          }
          expect(last).toBe(source.byteLength);
        }
      }
    },
  );

  it("accounts for every physical line when records span one line", () => {
    const source = writeSource(Buffer.from('a,b\n\nc\nd,e"\nf,g'));
    const { reading, rows } = readRows(source, { index: 0, start: 0, end: 15 }, limits);
    expect(reading).toEqual({ start: 0, end: 15, lines: 5, blankLines: 1, rows: 4 });
    expect(rows.map(([line]) => line)).toEqual([0, 2, 3, 4]);
  });

  it("reads an invalid byte wherever the shards cut it", () => {
    const source = writeSource(Buffer.from([0x61, 0x2c, 0xe1, 0xbb, 0x0a, 0xc4, 0x91, 0x2c, 0x62, 0x0a]));
    const whole = readSharded(source, 100, limits) as { rows: SeenRow[] };
    expect(whole.rows.map(([, , fault]) => fault)).toEqual([2, 0]);
    for (let size = 1; size < 10; size++) expect(readSharded(source, size, limits)).toEqual(whole);
  });

  it("leaves a shard empty when no line begins in it, without reading beyond it", () => {
    const source = writeSource(Buffer.from(`${"a".repeat(50)}\nb,c\n`));
    const { reading, rows } = readRows(source, { index: 2, start: 20, end: 30 }, limits);
    expect([reading, rows]).toEqual([{ start: 30, end: 30, lines: 0, blankLines: 0, rows: 0 }, []]);
  });

  it("begins at the data, behind the header", () => {
    const source = writeSource(Buffer.from("h,i\n1,2\n"), { dataOffset: 4 });
    expect(planShards(source, 3)).toEqual([
      { index: 0, start: 4, end: 7 },
      { index: 1, start: 7, end: 8 },
    ]);
    expect(readSharded(source, 3, limits)).toMatchObject({ rows: [[0, 4, 0, "1,2", "1", "2"]], end: 8 });
  });

  it("plans no shard for a file without data", () => {
    expect(planShards({ dataOffset: 10, byteLength: 10 }, 5)).toEqual([]);
  });

  it("refuses a file that became shorter", () => {
    const source = writeSource(Buffer.from("1,2\n3,4\n"));
    truncateSync(source.bytesPath, 3);
    expect(() => readRows(source, { index: 0, start: 0, end: 8 }, limits)).toThrow(
      "data.csv: the file became shorter while it was read",
    );
  });
});
