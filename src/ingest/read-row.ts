import { readSync } from "node:fs";
import { type Batch, createBatch, type ScanDialect, scanBatch } from "./scanner.js";
import type { Source } from "./source.js";

const firstBytes = 8 << 10;

/** Reads the row that begins at `offset` of an open source into a batch of its own; errors as the file system's. */
export function readRow(
  file: number,
  offset: number,
  {
    delimiter,
    headers,
    byteLength,
    lineUnit,
  }: Pick<Source, "delimiter" | "headers" | "byteLength" | "lineUnit">,
  limits: { readonly maxRecordBytes: number; readonly maxFieldLines: number },
): Batch {
  const dialect: ScanDialect = { delimiter: delimiter.charCodeAt(0), lineUnit, ...limits };
  const batch = createBatch(headers.length, 1);
  for (let size = firstBytes; ; size *= 4) {
    const buffer = Buffer.allocUnsafe(Math.min(size, byteLength - offset));
    const filled = readSync(file, buffer, 0, buffer.length, offset);
    const isLast = offset + filled >= byteLength;
    if (scanBatch(batch, buffer.subarray(0, filled), 0, 1, isLast, dialect) !== "needs-more") return batch;
  }
}
