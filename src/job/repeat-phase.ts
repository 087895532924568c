import type { Source } from "../ingest/source.js";
import {
  classifyRepeats,
  createKeyMarks,
  createKeySet,
  groupKeys,
  type Repeat,
  type RowDigest,
} from "../reconcile/repeated-keys.js";
import type { RunOutline, ShardExtent } from "../reconcile/run-table.js";
import type { AssessedShard } from "./assess-phase.js";
import type { WorkerContext } from "./shard-worker.js";
import { mapInOrder, type WorkerPool } from "./worker-pool.js";

export interface FindRepeatsOptions {
  readonly outline: RunOutline;
  readonly shards: readonly AssessedShard[];
  readonly sources: readonly Source[];
  readonly context: WorkerContext;
  readonly pool: Pick<WorkerPool, "markKeys" | "findKeys" | "digest" | "width">;
  readonly stop: AbortSignal;
}

/**
 * Part of phase 2 that still reads rows: finds keys delivered more than once and compares those rows by their digests.
 * One pass over the keys marks each in a field of bits and names those marked before; a second collects every record
 * with such a key; these few are then compared exactly. The result holds for every policy.
 */
export async function findRepeats(options: FindRepeatsOptions): Promise<Repeat[]> {
  const { outline, shards, pool, stop } = options;
  const marks = createKeyMarks(outline.records);
  const again: Uint32Array[] = [];
  await mapInOrder(
    shards,
    pool.width,
    stop,
    ({ file }) => pool.markKeys({ file, marks }),
    (keys) => {
      if (keys.length > 0) again.push(keys);
    },
  );
  if (again.length === 0) return [];
  const groups = await collectGroups(options, again);
  if (groups.length === 0) return [];
  return classifyRepeats(
    groups.map(({ records }) => records),
    await digestGroups(options, groups),
  );
}

interface KeyGroup {
  /** Records with one key, in input order, and where their rows begin in their shards. */
  readonly records: readonly number[];
  readonly offsets: readonly number[];
}

async function collectGroups(
  { outline, shards, pool, stop }: FindRepeatsOptions,
  again: readonly Uint32Array[],
): Promise<KeyGroup[]> {
  const wanted = createKeySet(again);
  const records: number[] = [];
  const offsets: number[] = [];
  const keys: number[] = [];
  await mapInOrder(
    shards,
    pool.width,
    stop,
    ({ file }) => pool.findKeys({ file, wanted }),
    (found, _, position) => {
      const { first } = outline.shards[position] as ShardExtent;
      for (let at = 0; at < found.records.length; at++) {
        records.push(first + (found.records[at] as number));
        offsets.push(found.offsets[at] as number);
        keys.push(found.keys[at * 2] as number, found.keys[at * 2 + 1] as number);
      }
    },
  );
  return groupKeys(Uint32Array.from(keys), records.length).map((members) => ({
    records: members.map((member) => records[member] as number),
    offsets: members.map((member) => offsets[member] as number),
  }));
}

async function digestGroups(
  { outline, sources, context, pool, stop }: FindRepeatsOptions,
  groups: readonly KeyGroup[],
): Promise<Map<number, RowDigest>> {
  const wanted = groups
    .flatMap(({ records, offsets }) =>
      records.map((record, at) => ({ record, offset: offsets[at] as number })),
    )
    .sort((a, b) => a.record - b.record);
  let at = 0;
  const tasks = outline.shards
    .map(({ source, start, first, records }) => {
      const from = at;
      while (at < wanted.length && (wanted[at]?.record as number) < first + records) at++;
      return { source: sources[source] as Source, start, rows: wanted.slice(from, at) };
    })
    .filter(({ rows }) => rows.length > 0);
  const digests = new Map<number, RowDigest>();
  await mapInOrder(
    tasks,
    pool.width,
    stop,
    ({ source, start, rows }) =>
      pool.digest({ context, source, offsets: rows.map(({ offset }) => start + offset) }),
    (found, { rows }) => {
      for (const [position, digest] of found.entries()) digests.set(rows[position]?.record as number, digest);
    },
  );
  return digests;
}
