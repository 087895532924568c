import type { HeadRecord } from "./header.js";
import { carriageReturn, findLineBreak, lineFeed, nextLine } from "./line-break.js";

/** A record of the head, and where the next one begins. */
export interface PlacedRecord extends HeadRecord {
  readonly start: number;
  /** Byte offset of the next record. */
  readonly next: number;
  /** Lines before the next record. */
  readonly nextLine: number;
}

const quote = 0x22;

/**
 * The first records of a file, however many fields each has: notes stand above a header. A record whose quotes are
 * wrong is its physical line, cut at the delimiters. `bytes` is the beginning of the file; a record that does not end
 * in it is left out unless `isWhole`.
 */
export function readHeadRecords(
  bytes: Buffer,
  delimiter: string,
  lineUnit: "line" | "record",
  isWhole: boolean,
  maxRecords: number,
): PlacedRecord[] {
  const records: PlacedRecord[] = [];
  let start = 0;
  let line = 0;
  while (start < bytes.length && records.length < maxRecords) {
    const record = readRecord(bytes, start, delimiter.charCodeAt(0)) ?? splitLine(bytes, start, delimiter);
    const next = nextLine(bytes, record.end, isWhole);
    if (next < 0) break;
    const lines = lineUnit === "line" ? countBreaks(bytes, start, record.end) + 1 : 1;
    records.push({ cells: record.cells, line, start, next, nextLine: line + lines });
    line += lines;
    start = next;
  }
  return records;
}

interface ReadRecord {
  readonly cells: string[];
  readonly end: number;
}

/** RFC 4180; null when its quotes are wrong. */
function readRecord(bytes: Buffer, start: number, delimiter: number): ReadRecord | null {
  const cells: string[] = [];
  let i = start;
  for (;;) {
    const from = i;
    if (bytes[i] === quote) {
      i = closingQuote(bytes, i) + 1;
      if (i === 0) return null;
      cells.push(bytes.toString("utf8", from + 1, i - 1).replaceAll('""', '"'));
    } else {
      while (i < bytes.length && bytes[i] !== delimiter && !isBreak(bytes[i]))
        if (bytes[i++] === quote) return null;
      cells.push(bytes.toString("utf8", from, i));
    }
    if (i >= bytes.length || isBreak(bytes[i])) return { cells, end: i };
    if (bytes[i] !== delimiter) return null;
    i++;
  }
}

function splitLine(bytes: Buffer, start: number, delimiter: string): ReadRecord {
  const end = findLineBreak(bytes, start);
  return { cells: bytes.toString("utf8", start, end).split(delimiter), end };
}

/** Offset of the quote that closes the one at `open`, else -1. */
function closingQuote(bytes: Buffer, open: number): number {
  let i = bytes.indexOf(quote, open + 1);
  while (i !== -1 && bytes[i + 1] === quote) i = bytes.indexOf(quote, i + 2);
  return i;
}

function isBreak(byte: number | undefined): boolean {
  return byte === lineFeed || byte === carriageReturn;
}

function countBreaks(bytes: Buffer, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i++) {
    if (bytes[i] === lineFeed || (bytes[i] === carriageReturn && bytes[i + 1] !== lineFeed)) count++;
  }
  return count;
}
