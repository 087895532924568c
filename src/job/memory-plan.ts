import { bytesPerRecord } from "../assess/assessment.js";
import { exitCodes, LamsachError } from "../errors.js";
import type { Source } from "../ingest/source.js";
import type { RunNightOptions, RunPlan } from "./plan-run.js";

/** Bytes of input in one shard unless said. */
export const defaultShardBytes = 8 << 20;
const smallestShardBytes = 256 << 10;

/** What a process of lamsach holds before any input: program, libraries, tables. */
const baseBytes = 160 << 20;
/** And each worker thread. */
const workerBytes = 60 << 20;
/** A shard in work is its bytes, its fields, and its outputs. */
const bytesPerShardByte = 4;
/** While all records are judged: the assessment, its file, keys, groups and verdicts. */
const bytesPerJudgedRecord = 2 * bytesPerRecord + 40;
/** Of input; a shorter record is no record. */
const leastRecordBytes = 120;

/**
 * Bytes of a shard for this run: as asked, or the largest of the usual size with which the run stays within
 * `options.memoryBytes`. Throws `LamsachError` (exit 4) when no size does, and says what the run needs.
 */
export function fitMemory(
  plan: RunPlan,
  sources: readonly Source[],
  { memoryBytes, shardBytes, workers }: Pick<RunNightOptions, "memoryBytes" | "shardBytes" | "workers">,
): number {
  const wanted = shardBytes ?? defaultShardBytes;
  if (memoryBytes === null) return wanted;
  const inputBytes = sources.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const people = plan.register?.info.people ?? 0;
  const fixed =
    baseBytes +
    workers * workerBytes +
    people * (plan.register?.info.bytesPerPerson ?? 0) +
    (inputBytes / leastRecordBytes) * bytesPerJudgedRecord;
  const perShard = (memoryBytes - fixed) / ((workers + 2) * bytesPerShardByte);
  if (perShard >= smallestShardBytes) return Math.min(wanted, Math.floor(perShard));
  const needed = fixed + smallestShardBytes * (workers + 2) * bytesPerShardByte;
  throw new LamsachError(
    exitCodes.environment,
    `--memory: this run needs about ${Math.ceil(needed / 2 ** 20)} MB (index of ${people} people, ${Math.ceil(inputBytes / 2 ** 20)} MB of input); expected at least that. Give it more, fewer workers, or fewer files at once.`,
  );
}
