import type { Source } from "../ingest/source.js";
import {
  classifyRepeats,
  findRepeatedKeys,
  type Repeat,
  type RowDigest,
} from "../reconcile/repeated-keys.js";
import type { RunTable } from "../reconcile/run-table.js";
import type { WorkerContext } from "./shard-worker.js";
import { mapInOrder, type WorkerPool } from "./worker-pool.js";

/**
 * Part of phase 2 that still reads rows: finds keys delivered more than once and compares those rows by their digests.
 * The result holds for every policy.
 */
export async function findRepeats(
  table: RunTable,
  sources: readonly Source[],
  context: WorkerContext,
  pool: Pick<WorkerPool, "digest" | "width">,
  stop: AbortSignal,
): Promise<Repeat[]> {
  const groups = findRepeatedKeys(table);
  if (groups.length === 0) return [];
  const wanted = groups.flat().sort((a, b) => a - b);
  const digests = new Map<number, RowDigest>();
  let at = 0;
  const tasks = table.shards
    .map(({ source, start, first, records }) => {
      const from = at;
      while (at < wanted.length && (wanted[at] as number) < first + records) at++;
      return { source: sources[source] as Source, start, records: wanted.slice(from, at) };
    })
    .filter(({ records }) => records.length > 0);
  await mapInOrder(
    tasks,
    pool.width,
    stop,
    ({ source, start, records }) => {
      const offsets = records.map((record) => start + (table.columns.rowOffset[record] as number));
      return pool.digest({ context, source, offsets });
    },
    (found, { records }) => {
      for (const [position, digest] of found.entries()) digests.set(records[position] as number, digest);
    },
  );
  return classifyRepeats(groups, digests);
}
