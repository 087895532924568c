import { createHash } from "node:crypto";
import { rowCells } from "../ingest/read-field.js";
import { readRow } from "../ingest/read-row.js";
import type { Source } from "../ingest/source.js";
import { digestWords } from "../reconcile/repeated-keys.js";
import { O_RDONLY, withOpenFile } from "../storage/open-file.js";

export interface DigestRowsOptions {
  readonly source: Source;
  /** Where the rows begin in the source's bytes; each is a row that can be read. */
  readonly offsets: Float64Array;
  readonly limits: { readonly maxRecordBytes: number; readonly maxFieldLines: number };
}

const partBytes = (digestWords / 2) * 4;

/**
 * The first 128 bits each of the SHA-256 digests of the record_id and of all cells (by column) of some rows of a source,
 * in their order: `digestWords` words a row.
 */
export function digestRows({ source, offsets, limits }: DigestRowsOptions): Uint32Array {
  // Two files may call a column by different headers.
  const nameByColumn = new Map(Object.entries(source.columns).map(([name, column]) => [column, name]));
  const names = source.headers.map((header, column) => nameByColumn.get(column) ?? header);
  const order = [...names.keys()].sort((a, b) => ((names[a] as string) < (names[b] as string) ? -1 : 1));
  return withOpenFile(source.bytesPath, O_RDONLY, (file) => {
    const digests = new Uint32Array(offsets.length * digestWords);
    const bytes = Buffer.from(digests.buffer);
    for (const [at, offset] of offsets.entries()) {
      const cells = rowCells(readRow(file, offset, source, limits), 0);
      const content = order.flatMap((column) => [names[column] as string, (cells[column] ?? "").trim()]);
      const id = [(cells[source.columns.record_id] ?? "").trim()];
      for (const [part, texts] of [id, content].entries()) {
        digestTexts(texts).copy(bytes, at * digestWords * 4 + part * partBytes, 0, partBytes);
      }
    }
    return digests;
  });
}

function digestTexts(texts: readonly string[]): Buffer {
  return createHash("sha256")
    .update(texts.map((text) => `${text.length}:${text}`).join(""))
    .digest();
}
