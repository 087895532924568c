import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Info, parse } from "csv-parse";
import { exitCodes, LamsachError } from "../errors.js";
import { readHeadRecords } from "../ingest/head-records.js";
import { readFully } from "../storage/nameless-file.js";
import { measureRecord } from "./record-measure.js";
import type { RegisterInput } from "./register-input.js";

/** Columns of a register file; the last two may be absent. */
export const registerColumns = [
  "citizen_id",
  "full_name",
  "birth_date",
  "sex",
  "legacy_id",
  "status",
  "replaced_by",
  "province_code",
  "district_code",
  "ward_code",
] as const;

export type RegisterColumn = (typeof registerColumns)[number];

const optionalColumns: ReadonlySet<RegisterColumn> = new Set(["district_code", "ward_code"]);

/** Cells of one row as delivered, by column; an absent optional column reads as "". */
export type RegisterRow = Record<RegisterColumn, string>;

/** A longer record counts as one whose quote is never closed. */
export const maxRecordBytes = 1 << 20;
const headBytes = 4 * maxRecordBytes;

/** The header of an input, and where its rows begin. */
export interface RegisterHeaderRow {
  readonly width: number;
  /** Where each of `registerColumns` stands, -1 for an absent one. */
  readonly positions: readonly number[];
  readonly dataOffset: number;
  /** Lines before the first row. */
  readonly lines: number;
}

/**
 * Finds the header, the first line that is not blank, after a BOM if there is one. Throws LamsachError 3 when a column is
 * missing or occurs twice, or when the header is no CSV.
 */
export async function readRegisterHeaderRow(input: RegisterInput): Promise<RegisterHeaderRow> {
  const { name, file, byteLength } = input;
  const bytes = Buffer.allocUnsafe(Math.min(headBytes, byteLength));
  const filled = readFully(file, bytes, 0, bytes.length, 0);
  const head = bytes.subarray(0, filled);
  const isWhole = filled === byteLength;
  let start = head.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
  for (let lines = 0; start < head.length; lines++) {
    const record = measureRecord(head, start, isWhole);
    if (typeof record === "string") throw await explainFault(input, start, lines);
    if (!record.isBlank) {
      const cells = readHeadRecords(head.subarray(start, record.next), ",", "line", true, 1)[0]?.cells ?? [];
      const positions = findColumns(name, cells);
      return { width: cells.length, positions, dataOffset: record.next, lines: lines + 1 + record.lineFeeds };
    }
    start = record.next;
  }
  findColumns(name, []);
  throw new Error("a file without a header has all its columns");
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Why the record at `offset`, after `lines` lines, is no CSV: csv-parse says it, the authority on CSV grammar. */
export async function explainFault(
  { name, file }: RegisterInput,
  offset: number,
  lines: number,
): Promise<LamsachError> {
  const parser = parse({
    relax_column_count: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    max_record_size: maxRecordBytes,
  });
  const nowhere = new Writable({ objectMode: true, write: (_cells, _encoding, done) => done() });
  try {
    await pipeline(Readable.from(readChunks(file, offset)), parser, nowhere);
  } catch (error) {
    const { code = "", lines: faultLine = 1 } = error as { code?: string } & Partial<Pick<Info, "lines">>;
    return refuseGrammar(name, lines + faultLine, grammarFaults[code] ?? `not a CSV row (${code})`);
  }
  return refuseGrammar(name, lines + 1, grammarFaults.CSV_MAX_RECORD_SIZE as string);
}

/** The file from `offset` on. No stream of the file system: it would close the file when the parser stops. */
function* readChunks(file: number, offset: number): Generator<Buffer> {
  for (let at = offset; ; ) {
    const chunk = Buffer.allocUnsafe(1 << 16);
    const read = readFully(file, chunk, 0, chunk.length, at);
    if (read === 0) return;
    yield chunk.subarray(0, read);
    at += read;
  }
}

function findColumns(name: string, header: readonly string[]): number[] {
  const texts = header.map((cell) =>
    cell
      .normalize("NFKC")
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, "_"),
  );
  const missing = registerColumns.filter((column) => !optionalColumns.has(column) && !texts.includes(column));
  if (missing.length > 0) {
    throw new LamsachError(
      exitCodes.input,
      `${name}:1: no column ${missing.join(", ")}; expected a header row with ${registerColumns.join(", ")} (district_code and ward_code may be absent), separated by commas. Export the register again with these columns.`,
    );
  }
  const repeated = registerColumns.filter((column) => texts.indexOf(column) !== texts.lastIndexOf(column));
  if (repeated.length > 0) {
    throw new LamsachError(
      exitCodes.input,
      `${name}:1: column ${repeated.join(", ")} occurs more than once; expected each column once. Remove the one that does not belong.`,
    );
  }
  return registerColumns.map((column) => texts.indexOf(column));
}

const grammarFaults: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "a quote opens and is never closed",
  CSV_MAX_RECORD_SIZE: `a row is longer than ${maxRecordBytes} bytes (most likely a quote that is never closed)`,
  INVALID_OPENING_QUOTE: "a quote opens inside a cell",
  CSV_INVALID_CLOSING_QUOTE: "text follows a closing quote",
};

function refuseGrammar(name: string, line: number, fault: string): LamsachError {
  return new LamsachError(
    exitCodes.input,
    `${name}:${line}: ${fault}; expected RFC 4180 quoting. Export the register again.`,
  );
}
