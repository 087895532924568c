import { deepStrictEqual } from "node:assert/strict";
import type { Processed, ProcessedRow } from "../support/product-reading.js";
import { headers } from "./clean-file.js";
import type { ExpectedRow, FaultyFile } from "./single-faults.js";

/**
 * Throws unless a faulty file came out as it must: every record but the damaged one as from the clean file (its line
 * counted anew), and in the place of the damaged one the rows that are expected. Gives how many of its lines are in errors.
 */
export function checkFaultyFile(
  { record, reach, outcome, bytes, kind }: FaultyFile,
  { refused, rows, problems }: Processed,
  clean: { readonly rows: readonly ProcessedRow[]; readonly bytes: Buffer },
): number {
  deepStrictEqual({ refused, problems }, { refused: null, problems: [] });
  const behind = clean.rows.length - record - reach;
  const shift = countLines(bytes) - countLines(clean.bytes);
  deepStrictEqual(rows.slice(0, record), clean.rows.slice(0, record));
  deepStrictEqual(
    rows.slice(rows.length - behind),
    clean.rows.slice(record + reach).map((row) => moveRow(row, shift)),
  );
  const damaged = rows.slice(record, rows.length - behind);
  if (outcome === null) {
    // Of a record over two lines: its lines, and nothing else's.
    const first = Number(clean.rows[record]?.source_line);
    const lines = damaged.map(({ source_line }) => Number(source_line) - first);
    deepStrictEqual(lines, [...new Set(lines)]);
  } else {
    deepStrictEqual(
      damaged.map((row, at) => describeRow(row, outcome[at])),
      outcome,
      kind,
    );
  }
  return damaged.filter(({ fault }) => fault !== undefined && fault !== "").length;
}

function countLines(bytes: Buffer): number {
  return bytes.toString("latin1").match(/\r\n|\n|\r/g)?.length ?? 0;
}

/** The same row some lines further down. */
function moveRow(row: ProcessedRow, lines: number): ProcessedRow {
  return { ...row, source_line: String(Number(row.source_line) + lines) };
}

/** A row in the words of what is expected; what is not said there is not told. */
function describeRow(row: ProcessedRow, expected: ExpectedRow | undefined): ExpectedRow {
  const cells = headers.map((header) => row[header] as string);
  if (row.fault === undefined || row.fault === "") return { cells };
  deepStrictEqual(
    { set: row.set, code: row.code?.slice(0, 2), cells: cells.slice(1) },
    { set: "errors", code: "E1", cells: headers.slice(1).map(() => "") },
  );
  const said = expected !== undefined && "fault" in expected ? expected : null;
  return {
    fault: row.fault,
    column: said?.column === null ? null : Number(row.fault_column),
    byte: said?.byte === null ? null : Number(row.fault_byte),
  };
}
