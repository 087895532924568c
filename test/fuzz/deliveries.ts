import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import type { ReadingLimits } from "./reading.js";
import type { Cutting } from "./shard-reader.js";

/** A file and how it is read and cut. */
export interface Delivery {
  readonly bytes: Buffer;
  readonly limits: ReadingLimits;
  readonly cutting: Cutting;
}

/** A delivery that follows RFC 4180, with the table that was written into it. */
export interface WrittenDelivery extends Delivery {
  readonly table: readonly (readonly string[])[];
}

const delimiters = fc.constantFrom(",", ";", "\t");
const lineBreaks = fc.constantFrom("\n", "\r\n", "\r");
const byteOrderMark = "\ufeff";

const cutting = fc.record({
  shardBytes: fc.integer({ min: 1, max: 64 }),
  bufferBytes: fc.integer({ min: 1, max: 50 }),
  maxBatchRows: fc.integer({ min: 1, max: 6 }),
});

const piece = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("a", "1", " ", "đ", "Ễ", "😀", "e\u0302", "\u2028", "\u0085") },
  { weight: 5, arbitrary: fc.constantFrom('"', '""', ",", ";", "\t", "\n", "\r", "\r\n", "\n\n") },
  { weight: 1, arbitrary: fc.integer({ min: 60, max: 300 }).map((length) => "dài".repeat(length)) },
);
const cell = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(""));

/** Tables written by csv-stringify or by an encoder that quotes and breaks lines at will, with blank lines between. */
export const writtenDelivery: fc.Arbitrary<WrittenDelivery> = fc
  .integer({ min: 1, max: 5 })
  .chain((columns) =>
    fc.record({
      columns: fc.constant(columns),
      records: fc.array(
        fc.record({
          cells: fc.array(cell, { minLength: columns, maxLength: columns }),
          quoted: fc.array(fc.boolean(), { minLength: columns, maxLength: columns }),
          lineBreak: lineBreaks,
          blankLines: fc.array(fc.tuple(fc.constantFrom("", "", " "), lineBreaks), { maxLength: 2 }),
        }),
        { maxLength: 8 },
      ),
      delimiter: delimiters,
      isStringified: fc.boolean(),
      endsWithBreak: fc.boolean(),
      hasMark: fc.boolean(),
      lineUnit: fc.constantFrom<"line" | "record">("line", "record"),
      cutting,
    }),
  )
  .map(({ columns, records, delimiter, isStringified, endsWithBreak, hasMark, lineUnit, cutting }) => {
    let text = "";
    for (const { cells, quoted, lineBreak, blankLines } of records) {
      text += isStringified
        ? stringify([cells], { delimiter, record_delimiter: lineBreak, quoted_match: /[\r\n]|^ *$/ })
        : cells
            .map((value, column) => writeCell(value, quoted[column] === true, delimiter, columns))
            .join(delimiter) + lineBreak;
      for (const [blank, end] of blankLines) text += blank + end;
    }
    if (!endsWithBreak) text = text.replace(/(\r\n|\r|\n)$/, "");
    const limits = {
      columns,
      delimiter,
      lineUnit,
      maxRecordBytes: 1 << 20,
      maxFieldLines: 1000,
      dataOffset: hasMark ? Buffer.byteLength(byteOrderMark) : 0,
    };
    const bytes = Buffer.from(hasMark ? byteOrderMark + text : text);
    return { bytes, limits, cutting, table: records.map(({ cells }) => cells) };
  });

/** Quotes when it must, or because it was drawn so; the only field of a row that would look blank must be quoted too. */
function writeCell(value: string, isQuoted: boolean, delimiter: string, columns: number): string {
  const looksBlank = columns === 1 && /^ *$/.test(value);
  if (!isQuoted && !looksBlank && !value.includes(delimiter) && !/["\r\n]/.test(value)) return value;
  return `"${value.replaceAll('"', '""')}"`;
}

const damage = fc.record({
  at: fc.nat(),
  cut: fc.integer({ min: 0, max: 3 }),
  put: fc.constantFrom(
    ...['"', '""', ",", ";", "\t", "\n", "\r", "\r\n", "", "\0", "x", '"\n', ',"', '",'].map((text) =>
      Buffer.from(text),
    ),
    ...[[0xff], [0x80], [0xe1, 0xbb], [0xc0, 0xaf]].map((bytes) => Buffer.from(bytes)),
  ),
});

/** Written deliveries with bytes cut out, changed or put in, read with limits that some of their rows pass. */
export const damagedDelivery: fc.Arbitrary<Delivery> = fc
  .record({
    written: writtenDelivery,
    damages: fc.array(damage, { maxLength: 6 }),
    maxRecordBytes: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constant(1 << 20)),
    maxFieldLines: fc.integer({ min: 0, max: 4 }),
  })
  .map(({ written: { bytes, limits, cutting }, damages, maxRecordBytes, maxFieldLines }) => {
    let damaged = bytes;
    for (const { at, cut, put } of damages) {
      const start = limits.dataOffset + (at % (damaged.length - limits.dataOffset + 1));
      damaged = Buffer.concat([damaged.subarray(0, start), put, damaged.subarray(start + cut)]);
    }
    return { bytes: damaged, limits: { ...limits, maxRecordBytes, maxFieldLines }, cutting };
  });

const anyByte = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(0x22, 0x2c, 0x0a, 0x0d, 0x20, 0x61) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 255 }) },
);

/** Bytes of no intent, most of them those that CSV gives a meaning to. */
export const anyDelivery: fc.Arbitrary<Delivery> = fc
  .record({
    bytes: fc.array(anyByte, { maxLength: 60 }),
    columns: fc.integer({ min: 1, max: 3 }),
    maxRecordBytes: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(1000)),
    maxFieldLines: fc.integer({ min: 0, max: 5 }),
    lineUnit: fc.constantFrom<"line" | "record">("line", "record"),
    cutting,
  })
  .map(({ bytes, cutting, ...limits }) => ({
    bytes: Buffer.from(bytes),
    limits: { ...limits, delimiter: ",", dataOffset: 0 },
    cutting,
  }));
