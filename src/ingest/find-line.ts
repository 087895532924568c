import { type ReadableSource, type ReadShardOptions, readShard } from "./shards.js";

/**
 * The line of the row that begins at `offset`: rows are read from `start`, where one begins, on line `firstLine`.
 * Errors as `readShard`; throws when no row begins there.
 */
export function findLine(
  source: ReadableSource,
  {
    start,
    firstLine,
    offset,
  }: { readonly start: number; readonly firstLine: number; readonly offset: number },
  limits: Pick<ReadShardOptions, "maxRecordBytes" | "maxFieldLines">,
): number {
  let line: number | null = null;
  const shard = { index: 0, start, end: offset + 1 };
  readShard(source, shard, {
    ...limits,
    start,
    maxBatchRows: 8192,
    onBatch: (batch) => {
      for (let row = 0; row < batch.rows; row++) {
        if (batch.fileOffset + (batch.rowStart[row] as number) !== offset) continue;
        line = firstLine + batch.firstLine + (batch.rowLine[row] as number);
      }
    },
  });
  if (line === null) throw new Error(`no row begins at byte ${offset}`);
  return line;
}
