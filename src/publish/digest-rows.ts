import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { rowCells } from "../ingest/read-field.js";
import { createBatch, type ScanDialect, scanBatch } from "../ingest/scanner.js";
import type { Source } from "../ingest/source.js";
import type { RowDigest } from "../reconcile/repeated-keys.js";

export interface DigestRowsOptions {
  readonly source: Source;
  /** Where the rows begin in the source's bytes; each is a row that can be read. */
  readonly offsets: readonly number[];
  readonly limits: { readonly maxRecordBytes: number; readonly maxFieldLines: number };
}

const firstBytes = 8 << 10;

/** SHA-256 digests of the record_id and of all cells (by column) of some rows of a source, in their order. */
export function digestRows({ source, offsets, limits }: DigestRowsOptions): RowDigest[] {
  // Two files may call a column by different headers.
  const nameByColumn = new Map(Object.entries(source.columns).map(([name, column]) => [column, name]));
  const names = source.headers.map((header, column) => nameByColumn.get(column) ?? header);
  const order = [...names.keys()].sort((a, b) => ((names[a] as string) < (names[b] as string) ? -1 : 1));
  const file = openSync(source.bytesPath, "r");
  try {
    return offsets.map((offset) => {
      const cells = readRow(file, offset, source, limits);
      const content = order.flatMap((column) => [names[column] as string, (cells[column] ?? "").trim()]);
      return {
        id: digestTexts([(cells[source.columns.record_id] ?? "").trim()]),
        content: digestTexts(content),
      };
    });
  } finally {
    closeSync(file);
  }
}

function readRow(
  file: number,
  offset: number,
  { delimiter, headers, byteLength, lineUnit }: Source,
  limits: DigestRowsOptions["limits"],
): string[] {
  const dialect: ScanDialect = { delimiter: delimiter.charCodeAt(0), lineUnit, ...limits };
  const batch = createBatch(headers.length, 1);
  for (let size = firstBytes; ; size *= 4) {
    const buffer = Buffer.allocUnsafe(Math.min(size, byteLength - offset));
    const filled = readSync(file, buffer, 0, buffer.length, offset);
    const isLast = offset + filled >= byteLength;
    if (scanBatch(batch, buffer.subarray(0, filled), 0, 1, isLast, dialect) !== "needs-more") break;
  }
  return rowCells(batch, 0);
}

function digestTexts(texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${text.length}:${text}`);
  return hash.digest("base64url");
}
