import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { type Info, parse } from "csv-parse";
import { exitCodes, LamsachError } from "../errors.js";

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

const maxRecordBytes = 1 << 20;
const maxExpansionRatio = 200;
const freeExpansionBytes = 64 << 20;

/**
 * Reads one register file (UTF-8 CSV, gzip when the name ends in .gz) and hands each row to `onRow` with its physical
 * line; a row with another number of cells than the header comes as null, blank lines are passed over. The row object
 * is used again for the next row. Throws LamsachError: 3 when the file cannot be read, 1 when a column is missing.
 */
export async function readRegisterCsv({
  path,
  onRow,
}: {
  path: string;
  onRow(row: RegisterRow | null, line: number): void;
}): Promise<void> {
  const name = basename(path);
  const rows = new RowSorter(name, onRow);
  const parser = parse({
    bom: true,
    relax_column_count: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    max_record_size: maxRecordBytes,
  });
  let rowFailure: unknown;
  const sink = new Writable({
    objectMode: true,
    write(cells: string[], _encoding, done) {
      try {
        rows.take(cells);
        done();
      } catch (error) {
        rowFailure = error;
        done(error as Error);
      }
    },
  });
  try {
    if (path.endsWith(".gz")) {
      const source = createReadStream(path, { highWaterMark: 1 << 18 });
      const guard = guardExpansion(name, () => source.bytesRead);
      await pipeline(source, createGunzip({ chunkSize: 1 << 18 }), guard, parser, sink);
    } else {
      await pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), parser, sink);
    }
  } catch (error) {
    // What `onRow` throws (a full disk, say) is no fault of the file.
    throw rowFailure ?? explainReadFailure(name, error);
  }
  rows.finish();
}

/** Finds the header, then turns arrays of cells into rows with their physical lines. */
class RowSorter {
  readonly #row = Object.fromEntries(registerColumns.map((column) => [column, ""])) as RegisterRow;
  #positions: readonly (readonly [RegisterColumn, number])[] | undefined;
  #width = 0;
  #line = 1;

  constructor(
    readonly name: string,
    readonly onRow: (row: RegisterRow | null, line: number) => void,
  ) {}

  take(cells: readonly string[]): void {
    const line = this.#line;
    this.#line += 1 + countLineBreaks(cells);
    if (cells.length === 1 && cells[0] === "") return;
    if (this.#positions === undefined) {
      this.#positions = findColumns(this.name, cells);
      this.#width = cells.length;
      return;
    }
    if (cells.length !== this.#width) {
      this.onRow(null, line);
      return;
    }
    for (const [column, position] of this.#positions) this.#row[column] = cells[position] as string;
    this.onRow(this.#row, line);
  }

  finish(): void {
    if (this.#positions === undefined) findColumns(this.name, []);
  }
}

function countLineBreaks(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) {
    for (let at = cell.indexOf("\n"); at >= 0; at = cell.indexOf("\n", at + 1)) count++;
  }
  return count;
}

function findColumns(name: string, header: readonly string[]): (readonly [RegisterColumn, number])[] {
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
  return registerColumns
    .filter((column) => texts.includes(column))
    .map((column) => [column, texts.indexOf(column)]);
}

/** A gzip file that expands out of all proportion would fill the disk. */
function guardExpansion(name: string, bytesRead: () => number): Transform {
  let expanded = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      expanded += chunk.length;
      if (expanded > freeExpansionBytes + maxExpansionRatio * bytesRead()) {
        done(
          new LamsachError(
            exitCodes.input,
            `${name}: the gzip data expands more than ${maxExpansionRatio} times; expected a compressed CSV. Check where the file comes from.`,
          ),
        );
      } else {
        done(null, chunk);
      }
    },
  });
}

const grammarFaults: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "a quote opens and is never closed",
  CSV_MAX_RECORD_SIZE: `a row is longer than ${maxRecordBytes} bytes (most likely a quote that is never closed)`,
  INVALID_OPENING_QUOTE: "a quote opens inside a cell",
  CSV_INVALID_CLOSING_QUOTE: "text follows a closing quote",
};

const fileFaults: Readonly<Record<string, string>> = {
  ENOENT: "the file does not exist",
  EISDIR: "this is a directory",
  EACCES: "no permission to read it",
  EPERM: "no permission to read it",
  Z_DATA_ERROR: "the gzip data is damaged",
  Z_BUF_ERROR: "the gzip data ends too early",
};

/** The libraries' own messages can quote the row, so only their codes and line are used. */
function explainReadFailure(name: string, error: unknown): unknown {
  if (error instanceof LamsachError) return error;
  const { code = "", lines } = error as { code?: string } & Partial<Pick<Info, "lines">>;
  const grammar = grammarFaults[code];
  if (grammar !== undefined || code.startsWith("CSV_")) {
    return new LamsachError(
      exitCodes.input,
      `${name}:${lines ?? 1}: ${grammar ?? `not a CSV row (${code})`}; expected RFC 4180 quoting. Export the register again.`,
    );
  }
  if (code === "") return error;
  return new LamsachError(
    exitCodes.input,
    `${name}: ${fileFaults[code] ?? `it cannot be read (${code})`}; expected a CSV or gzip-compressed CSV file. Check the path and copy the file again.`,
  );
}
