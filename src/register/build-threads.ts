import { setImmediate } from "node:timers/promises";
import { type Answer, takeAnswer } from "../threads/thread-answer.js";
import type { ShardTask } from "./build-worker.js";
import type { RowRules } from "./byte-row.js";
import { createShardReader, type InputShard, type ShardIntake, type SpoolFile } from "./read-shard.js";
import { type PartitionOutcome, type PartitionTask, storePartition } from "./store-partition.js";

/** Who reads shards and sorts partitions: threads, or this one. */
export interface BuildThreads {
  read(shard: InputShard, spool: SpoolFile): Promise<ShardIntake>;
  store(task: PartitionTask): Promise<PartitionOutcome>;
  /** Tasks that may be under way at once. */
  readonly width: number;
  /** Resolves when nothing runs any more. */
  close(): Promise<void>;
}

/** Starts `workers` threads; with 0 the work is done here, as soon as it is asked for. */
export async function startBuildThreads(workers: number, rules: RowRules): Promise<BuildThreads> {
  if (workers === 0) return workHere(rules);
  const { Piscina } = await import("piscina");
  const pool = new Piscina({
    filename: new URL("./build-worker.js", import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
  });
  const run = async <Result>(name: string, task: unknown): Promise<Result> => {
    return takeAnswer((await pool.run(task, { name })) as Answer<Result>);
  };
  return {
    read: (shard, spool) => run("read", { rules, shard, spool } satisfies ShardTask),
    store: (task) => run("store", task),
    width: workers + 1,
    close: () => pool.destroy(),
  };
}

function workHere(rules: RowRules): BuildThreads {
  const readShard = createShardReader(rules);
  return {
    async read(shard, spool) {
      await setImmediate(); // lets signals through
      return readShard(shard, spool);
    },
    async store(task) {
      await setImmediate();
      return storePartition(task);
    },
    width: 1,
    close: async () => {},
  };
}
