import { exitCodes, LamsachError } from "../errors.js";
import type { Source } from "../ingest/source.js";
import type { RunNightOptions, RunPlan } from "./plan-run.js";
import type { HeapLimits } from "./worker-pool.js";

/** Bytes of input in one shard unless said: 8 MiB take 40 MB more at the peak, and no less time (decision 25). */
export const defaultShardBytes = 4 << 20;
const smallestShardBytes = 256 << 10;

/** What the main thread comes to hold whatever the input: program, libraries, tables, counts, report. Measured at 1 M and 10 M rows. */
const baseBytes = 240 << 20;
/**
 * How far the heap of a worker thread may grow (decision 25). It needs some 50 MB, and 80 MB for the report of a nation's wards: without
 * limits the engine lets some 50 MB of garbage lie in each. The engine rounds a third of the young ones up to a power of
 * two. What lies outside a heap counts as it comes, the memory that moves between threads too: by its own growth the engine would
 * collect at every few shards.
 */
const usualHeap: HeapLimits = { oldMegabytes: 1024, youngMegabytes: 12, growingPercent: 100 };
/** The same when memory is bounded. */
const boundedHeap: HeapLimits = { oldMegabytes: 112, youngMegabytes: 12, growingPercent: 0 };
/** And each worker thread: its heap, which may be as large as this but is half of it, the engine's code, and what SQLite keeps. */
const workerBytes = 130 << 20;
/** A shard in work is its bytes, its fields, and its outputs. */
const bytesPerShardByte = 4;
/** A record while its part of the people is judged: as read, as columns, its group, its verdict. */
const bytesPerJudgedRecord = 48 + 36 + 36;
/** A record all the while: its code, its bits among the keys, findings that other records gave it. */
const bytesPerRecord = 4;
/** Of input; a shorter record is no record. */
const leastRecordBytes = 120;
/** Of input, as deliveries come. */
const usualRecordBytes = 256;
/** Records of one part unless memory is short; what a thread holds at once. */
const usualPartRecords = 1 << 18;
/** More parts would cost more in reads than they save. */
const mostPartitions = 1024;

/** How a run is cut to fit. */
export interface MemoryPlan {
  /** Bytes of input in a shard. */
  readonly shardBytes: number;
  /** Parts in which the run's people are judged; a power of two. */
  readonly partitions: number;
}

type RegisterSize = Pick<NonNullable<RunPlan["register"]>["info"], "people" | "bytesPerPerson">;

/**
 * Cuts a run: shards as asked and parts of the usual size, or the largest with which the process stays within
 * `options.memoryBytes`. Throws `LamsachError` (exit 4) when no size does, and says what the run needs.
 */
export function fitMemory(
  plan: { readonly register: { readonly info: RegisterSize } | null },
  sources: readonly Pick<Source, "byteLength">[],
  { memoryBytes, shardBytes, workers }: Pick<RunNightOptions, "memoryBytes" | "shardBytes" | "workers">,
): MemoryPlan {
  const wanted = shardBytes ?? defaultShardBytes;
  const inputBytes = sources.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const records = inputBytes / leastRecordBytes;
  const usual = { shardBytes: wanted, partitions: countPartitions(records / usualPartRecords) };
  if (memoryBytes === null) return usual;
  const people = plan.register?.info.people ?? 0;
  const fixed =
    baseBytes +
    workers * workerBytes +
    people * (plan.register?.info.bytesPerPerson ?? 0) +
    records * bytesPerRecord;
  const free = memoryBytes - fixed;
  const perShard = free / ((workers + 2) * bytesPerShardByte);
  if (perShard >= smallestShardBytes) {
    const partRecords = free / (workers * bytesPerJudgedRecord);
    return {
      shardBytes: Math.min(wanted, Math.floor(perShard)),
      partitions: Math.max(usual.partitions, countPartitions(records / partRecords)),
    };
  }
  const needed = fixed + smallestShardBytes * (workers + 2) * bytesPerShardByte;
  throw new LamsachError(
    exitCodes.environment,
    `--memory: this run needs about ${Math.ceil(needed / 2 ** 20)} MB (index of ${people} people, ${Math.ceil(inputBytes / 2 ** 20)} MB of input); expected at least that. Give it more, fewer workers, or fewer files at once.`,
  );
}

/** The heap that each worker thread of a run may have. */
export function limitHeap(memoryBytes: number | null): HeapLimits {
  return memoryBytes === null ? usualHeap : boundedHeap;
}

/** How many records the sources hold, as records usually are; a size to start from, not one to rely on. */
export function guessRecords(sources: readonly Pick<Source, "byteLength">[]): number {
  return sources.reduce((sum, { byteLength }) => sum + byteLength, 0) / usualRecordBytes;
}

/** The next power of two. */
function countPartitions(atLeast: number): number {
  let partitions = 1;
  while (partitions < atLeast && partitions < mostPartitions) partitions *= 2;
  return partitions;
}
