import type { Source } from "../ingest/source.js";
import { type Additions, joinAdditions } from "../reconcile/additions.js";
import {
  classifyRepeats,
  createKeyMarks,
  createKeySet,
  digestWords,
  findShared,
} from "../reconcile/repeated-keys.js";
import type { RunOutline, ShardExtent } from "../reconcile/run-table.js";
import { mapInOrder } from "../threads/map-in-order.js";
import type { AssessedShard } from "./assess-phase.js";
import type { WorkerPool } from "./worker-pool.js";
import type { WorkerContext } from "./worker-tasks.js";

export interface FindRepeatsOptions {
  readonly outline: RunOutline;
  /** `markKeys` of every shard; null: not yet done. */
  readonly again: readonly Uint32Array[] | null;
  readonly shards: readonly AssessedShard[];
  readonly sources: readonly Source[];
  readonly context: WorkerContext;
  readonly pool: Pick<WorkerPool, "markKeys" | "findKeys" | "digest" | "width">;
  readonly stop: AbortSignal;
}

/** Keys that are looked for in one pass: what is in memory for them is some 100 bytes a record, however many there are. */
const keysPerPass = 1 << 20;

/**
 * Part of phase 2 that still reads rows: finds keys delivered more than once and compares those rows by their digests.
 * Each key is marked in a field of bits, as the shards are read or in a pass over the keys, which names those
 * marked before; more passes, each for a slice of these, collect every record with such a key, which are then compared exactly. The result holds for every policy.
 */
export async function findRepeats(options: FindRepeatsOptions): Promise<Additions> {
  const again = options.again ?? (await markAllKeys(options));
  const keys = again.reduce((sum, list) => sum + list.length / 2, 0);
  const slices = Math.ceil(keys / keysPerPass);
  const found: Additions[] = [];
  for (let slice = 0; slice < slices; slice++) {
    const repeated = await collectRepeated(options, again, slice, slices);
    found.push(classifyRepeats(repeated.records, await digestRecords(options, repeated)));
  }
  return joinAdditions(found);
}

async function markAllKeys({
  outline,
  shards,
  context,
  pool,
  stop,
}: FindRepeatsOptions): Promise<Uint32Array[]> {
  const marks = createKeyMarks(outline.records);
  const again: Uint32Array[] = [];
  await mapInOrder(
    shards,
    pool.width,
    stop,
    ({ file }) => pool.markKeys({ context, file, marks }),
    (keys) => {
      again.push(keys);
    },
  );
  return again;
}

/** Records with a key that others have too, in input order, and where their rows begin in their shards. */
interface RepeatedRecords {
  readonly records: Uint32Array;
  readonly offsets: Uint32Array;
}

async function collectRepeated(
  { outline, shards, context, pool, stop }: FindRepeatsOptions,
  again: readonly Uint32Array[],
  slice: number,
  slices: number,
): Promise<RepeatedRecords> {
  const wanted = createKeySet(again, slice, slices);
  const records: Uint32Array[] = [];
  const offsets: Uint32Array[] = [];
  const keys: Uint32Array[] = [];
  await mapInOrder(
    shards,
    pool.width,
    stop,
    ({ file }) => pool.findKeys({ context, file, wanted }),
    (found, _, position) => {
      const { first } = outline.shards[position] as ShardExtent;
      records.push(found.records.map((record) => first + record));
      offsets.push(found.offsets);
      keys.push(found.keys);
    },
  );
  const shared = findShared(joinNumbers(keys));
  const all = { records: joinNumbers(records), offsets: joinNumbers(offsets) };
  return {
    records: shared.map((at) => all.records[at] as number),
    offsets: shared.map((at) => all.offsets[at] as number),
  };
}

function joinNumbers(parts: readonly Uint32Array[]): Uint32Array {
  const joined = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** The digests of the records' rows, in their order. */
async function digestRecords(
  { outline, sources, context, pool, stop }: FindRepeatsOptions,
  { records, offsets }: RepeatedRecords,
): Promise<Uint32Array> {
  let next = 0;
  const tasks = outline.shards
    .map(({ source, start, first, records: count }) => {
      const from = next;
      while (next < records.length && (records[next] as number) < first + count) next++;
      return { source: sources[source] as Source, start, from, to: next };
    })
    .filter(({ from, to }) => to > from);
  const digests = new Uint32Array(records.length * digestWords);
  await mapInOrder(
    tasks,
    pool.width,
    stop,
    ({ source, start, from, to }) =>
      pool.digest({
        context,
        source,
        offsets: Float64Array.from(offsets.subarray(from, to), (offset) => start + offset),
      }),
    (found, { from }) => digests.set(found, from * digestWords),
  );
  return digests;
}
