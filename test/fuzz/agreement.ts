import { deepStrictEqual } from "node:assert/strict";
import { parse } from "csv-parse/sync";
import { RowFault } from "../../src/ingest/scanner.js";
import type { Delivery, WrittenDelivery } from "./deliveries.js";
import type { Reading } from "./reading.js";
import { readByReference } from "./reference-reader.js";
import { readInMemory, readInShards } from "./shard-reader.js";

/** Throws unless the scanner reads the delivery as the reference does, in shards of any size and from memory. */
export function checkAgreement(folder: string, { bytes, limits, cutting }: Delivery): Reading {
  const expected = readByReference(bytes, limits);
  deepStrictEqual(readInShards(folder, bytes, limits, cutting), expected);
  const oneShard = { ...cutting, shardBytes: bytes.length + 1 };
  deepStrictEqual(readInShards(folder, bytes, limits, oneShard), expected);
  deepStrictEqual(readInMemory(bytes, limits, cutting.maxBatchRows), expected);
  checkTiling(bytes, limits.dataOffset, expected);
  return expected;
}

/** Throws unless csv-parse, in one go over the whole file, and the scanner give back the table that was written. */
export function checkWritten(folder: string, delivery: WrittenDelivery): void {
  const { bytes, limits, table } = delivery;
  const reading = checkAgreement(folder, delivery);
  deepStrictEqual(
    reading.rows.map(({ cells }) => cells),
    table,
  );
  deepStrictEqual(
    reading.rows.filter(({ fault }) => fault !== RowFault.none),
    [],
  );
  const whole = parse(bytes, {
    bom: true,
    delimiter: limits.delimiter,
    info: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
  }) as unknown as { record: string[]; info: { bytes: number } }[];
  // A line of spaces is one field to csv-parse and blank to us; a quoted one is a record to both.
  let before = limits.dataOffset;
  const theirs = whole.flatMap(({ record, info }) => {
    const text = bytes.toString("latin1", before, info.bytes);
    before = info.bytes;
    const end = info.bytes - (/(\r\n|\n|\r)?$/.exec(text)?.[0].length ?? 0);
    return /^ *(\r\n|\n|\r)?$/.test(text) ? [] : [{ record, end }];
  });
  deepStrictEqual(
    reading.rows.map(({ cells, end }) => ({ record: cells, end })),
    theirs,
  );
}

/** Between two rows there are only line breaks, spaces of blank lines and what was clipped from lines too large. */
function checkTiling(bytes: Buffer, dataOffset: number, { rows, end, blankLines }: Reading): void {
  let before = dataOffset;
  let blanks = 0;
  for (const { start, end: rowEnd, fault } of rows) {
    blanks += countBlank(bytes.toString("latin1", before, start));
    const rest = fault === RowFault.tooLarge ? /^[^\r\n]*(\r\n|\n|\r)?/ : /^(\r\n|\n|\r)?/;
    before = rowEnd + (rest.exec(bytes.toString("latin1", rowEnd))?.[0].length ?? 0);
  }
  blanks += countBlank(bytes.toString("latin1", before));
  deepStrictEqual({ end, blanks }, { end: bytes.length, blanks: blankLines });
}

function countBlank(text: string): number {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === "") lines.pop();
  deepStrictEqual(
    lines.filter((line) => !/^ *$/.test(line)),
    [],
  );
  return lines.length;
}
