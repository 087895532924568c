import { setImmediate } from "node:timers/promises";
import { LamsachError } from "../errors.js";
import type { BuildAnswer, BuildFailure, ShardTask } from "./build-worker.js";
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
    const answer = (await pool.run(task, { name })) as BuildAnswer<Result>;
    if ("failure" in answer) throw reviveError(answer.failure);
    return answer.result;
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

function reviveError({ exitCode, message, stack, code }: BuildFailure): Error {
  if (exitCode !== null) return new LamsachError(exitCode, message);
  const error = Object.assign(new Error(message), code === null ? {} : { code });
  if (stack !== null) error.stack = stack;
  return error;
}

/** Runs `work` over the items, at most `width` at once and not yet taken, and hands each result to `take` in order. */
export async function runInOrder<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Result>,
  take: (result: Result, item: Item) => void | Promise<void>,
): Promise<void> {
  const underWay: Promise<Result>[] = [];
  let next = 0;
  try {
    for (const item of items) {
      while (next < items.length && underWay.length < width) {
        const started = work(items[next++] as Item);
        // Awaited in its turn; an earlier failure must not leave it unheard.
        started.catch(() => {});
        underWay.push(started);
      }
      await take(await (underWay.shift() as Promise<Result>), item);
    }
  } finally {
    await Promise.allSettled(underWay);
  }
}
