import { isUtf8 } from "node:buffer";
import { CsvError, parse } from "csv-parse/sync";
import { RowFault } from "../../src/ingest/scanner.js";
import type { Reading, ReadingLimits, ReadRow } from "./reading.js";

/**
 * What the scanner promises, built upon csv-parse alone: at each place csv-parse is asked for one record; where it
 * refuses, or a limit of ours is passed, the physical line is a faulty row and csv-parse is asked again behind it.
 * Slow (one parse a row); for small files.
 */
export function readByReference(bytes: Buffer, limits: ReadingLimits): Reading {
  const rows: ReadRow[] = [];
  let start = limits.dataOffset;
  let line = 0;
  let blankLines = 0;
  while (start < bytes.length) {
    const record = parseFirstRecord(bytes.subarray(start), limits.delimiter);
    const isInLimits = record !== null && record.length <= limits.maxRecordBytes;
    if (isInLimits && record.cells.length === 1 && /^ *$/.test(latin1(bytes, start, record.length))) {
      blankLines++;
      line++;
      start += record.length + record.breakLength;
      continue;
    }
    const fieldBreaks = record?.cells.map(countBreaks) ?? [];
    const countsLines = limits.lineUnit === "line";
    const isRead =
      isInLimits &&
      record.cells.length === limits.columns &&
      !(countsLines && fieldBreaks.some((breaks) => breaks > limits.maxFieldLines));
    if (isRead) {
      const end = start + record.length;
      const raw = bytes.subarray(start, end);
      const fault = isUtf8(raw) && !raw.includes(0) ? RowFault.none : RowFault.undecodable;
      rows.push({ start, end, line, fault, cells: record.cells.map((cell) => cell.toString("utf8")) });
      line += 1 + (countsLines ? fieldBreaks.reduce((sum, breaks) => sum + breaks, 0) : 0);
      start = end + record.breakLength;
    } else {
      const [text = "", lineBreak = ""] = splitLine(latin1(bytes, start, bytes.length - start));
      const isTooLarge = text.length > limits.maxRecordBytes;
      const end = start + (isTooLarge ? limits.maxRecordBytes : text.length);
      rows.push({ start, end, line, fault: isTooLarge ? RowFault.tooLarge : RowFault.structure, cells: [] });
      line++;
      start += text.length + lineBreak.length;
    }
  }
  return { rows, lines: line, blankLines, end: start };
}

interface FirstRecord {
  readonly cells: readonly Buffer[];
  /** Bytes without the line break. */
  readonly length: number;
  readonly breakLength: number;
}

/** The first record of `bytes` as csv-parse reads it strictly, null when it refuses. */
export function parseFirstRecord(bytes: Buffer, delimiter: string): FirstRecord | null {
  // Trap: csv-parse takes a NUL after a closing quote for the end of the file. A NUL is no part of its grammar.
  const visible = Buffer.from(bytes.map((byte) => (byte === 0 ? 1 : byte)));
  try {
    const [first] = parse(visible, {
      bom: false,
      delimiter,
      encoding: null,
      info: true,
      record_delimiter: ["\r\n", "\n", "\r"],
      to: 1,
    }) as unknown as { record: Buffer[]; info: { bytes: number } }[];
    if (first === undefined) return null;
    const whole = latin1(bytes, 0, first.info.bytes);
    const breakLength = /(\r\n|\n|\r)?$/.exec(whole)?.[0].length ?? 0;
    return { cells: first.record, length: whole.length - breakLength, breakLength };
  } catch (error) {
    if (error instanceof CsvError) return null;
    throw error;
  }
}

function countBreaks(cell: Buffer): number {
  return cell.toString("latin1").match(/\r\n|\n|\r/g)?.length ?? 0;
}

function splitLine(text: string): string[] {
  return /^([^\r\n]*)(\r\n|\n|\r)?/.exec(text)?.slice(1) ?? [];
}

function latin1(bytes: Buffer, start: number, length: number): string {
  return bytes.toString("latin1", start, start + length);
}
