import { type Answer, answer } from "../threads/thread-answer.js";
import type { RowRules } from "./byte-row.js";
import { createShardReader, type InputShard, type ShardIntake, type SpoolFile } from "./read-shard.js";
import { type PartitionOutcome, type PartitionTask, storePartition } from "./store-partition.js";

/** A shard to read. A thread serves one build: the first task's rules are those of all. */
export interface ShardTask {
  readonly rules: RowRules;
  readonly shard: InputShard;
  readonly spool: SpoolFile;
}

let readShard: ReturnType<typeof createShardReader> | null = null;

/** Reads one shard into the spool. */
export function read({ rules, shard, spool }: ShardTask): Answer<ShardIntake> {
  return answer(() => {
    readShard ??= createShardReader(rules);
    return readShard(shard, spool);
  });
}

/** Sorts one partition and lays it out. */
export function store(task: PartitionTask): Answer<PartitionOutcome> {
  return answer(() => storePartition(task));
}
