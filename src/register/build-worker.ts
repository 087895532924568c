import { type ExitCode, LamsachError } from "../errors.js";
import type { RowRules } from "./byte-row.js";
import { createShardReader, type InputShard, type ShardIntake, type SpoolFile } from "./read-shard.js";
import { type PartitionOutcome, type PartitionTask, storePartition } from "./store-partition.js";

/** What a thread answers: an error would lose its kind and code on the way, so it is told as data. */
export type BuildAnswer<Result> = { readonly result: Result } | { readonly failure: BuildFailure };

export interface BuildFailure {
  /** Of a `LamsachError`; null for any other error. */
  readonly exitCode: ExitCode | null;
  readonly message: string;
  readonly stack: string | null;
  readonly code: string | null;
}

/** A shard to read. A thread serves one build: the first task's rules are those of all. */
export interface ShardTask {
  readonly rules: RowRules;
  readonly shard: InputShard;
  readonly spool: SpoolFile;
}

let readShard: ReturnType<typeof createShardReader> | null = null;

/** Reads one shard into the spool. */
export function read({ rules, shard, spool }: ShardTask): BuildAnswer<ShardIntake> {
  return answer(() => {
    readShard ??= createShardReader(rules);
    return readShard(shard, spool);
  });
}

/** Sorts one partition and lays it out. */
export function store(task: PartitionTask): BuildAnswer<PartitionOutcome> {
  return answer(() => storePartition(task));
}

function answer<Result>(work: () => Result): BuildAnswer<Result> {
  try {
    return { result: work() };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { message, stack = null } = error;
    const { code = null } = error as { code?: string };
    return {
      failure: { exitCode: error instanceof LamsachError ? error.exitCode : null, message, stack, code },
    };
  }
}
