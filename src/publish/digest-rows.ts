import { createHash } from "node:crypto";
import { listDoseSlots } from "../assess/wide-rows.js";
import { rowCells } from "../ingest/read-field.js";
import { RowFault } from "../ingest/scanner.js";
import { readShard } from "../ingest/shards.js";
import type { Source } from "../ingest/source.js";
import type { RowDigest } from "../reconcile/repeated-keys.js";

export interface DigestRowsOptions {
  readonly source: Source;
  /** Byte range of the shard's records, exact. */
  readonly start: number;
  readonly end: number;
  /** Records of the shard to digest, ascending. */
  readonly records: readonly number[];
  readonly limits: { readonly maxRecordBytes: number; readonly maxFieldLines: number };
}

/** SHA-256 digests of the record_id and of all cells (by header) of some records of a shard, in their order. */
export function digestRows({ source, start, end, records, limits }: DigestRowsOptions): RowDigest[] {
  const digests: RowDigest[] = [];
  const wanted = new Set(records);
  const idColumn = source.columns.record_id;
  // Two files may call a column by different headers.
  const nameByColumn = new Map(Object.entries(source.columns).map(([name, column]) => [column, name]));
  const names = source.headers.map((header, column) => nameByColumn.get(column) ?? header);
  const order = [...names.keys()].sort((a, b) => ((names[a] as string) < (names[b] as string) ? -1 : 1));
  let record = 0;
  readShard(
    source,
    { index: 0, start, end },
    {
      start,
      ...limits,
      maxBatchRows: 8192,
      onBatch(batch) {
        for (let row = 0; row < batch.rows; row++) {
          const isReadable = batch.rowFault[row] === RowFault.none;
          const count = isReadable && source.layout === "wide" ? listDoseSlots(source, batch, row).length : 1;
          for (let dose = 0; dose < count; dose++, record++) {
            if (!wanted.has(record)) continue;
            const cells = rowCells(batch, row);
            const content = order.map((column) => `${names[column]}=${(cells[column] ?? "").trim()}`);
            digests.push({
              id: digestTexts([(cells[idColumn] ?? "").trim()]),
              content: digestTexts(content),
            });
          }
        }
      },
    },
  );
  return digests;
}

function digestTexts(texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${text.length}:${text}`);
  return hash.digest("hex");
}
