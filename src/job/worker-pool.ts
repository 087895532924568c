import pLimit from "p-limit";
import { Piscina } from "piscina";
import type { AssessmentHeader } from "../assess/assessment.js";
import { LamsachError } from "../errors.js";
import type { JudgedPartition } from "../reconcile/judge-partition.js";
import type { KeyMarks, KeySet, RowDigest } from "../reconcile/repeated-keys.js";
import type { Metrics } from "../report/metrics.js";
import type { ReportFiles } from "./run-report.js";
import type {
  Answer,
  AssessTask,
  DigestTask,
  Failure,
  FoundKeys,
  JudgeTask,
  KeyTask,
  PublishedRows,
  PublishTask,
  WorkerContext,
} from "./shard-worker.js";

/** The threads of a run. Tasks begin in the order they are given; results come back in any order, who needs one keeps it. */
export interface WorkerPool {
  hashFile(path: string): Promise<string>;
  assess(task: AssessTask): Promise<AssessmentHeader>;
  split(task: { context: WorkerContext; file: string; records: number }): Promise<null>;
  markKeys(task: KeyTask & { marks: KeyMarks }): Promise<Uint32Array>;
  findKeys(task: KeyTask & { wanted: KeySet }): Promise<FoundKeys>;
  digest(task: DigestTask): Promise<RowDigest[]>;
  judge(task: JudgeTask): Promise<JudgedPartition>;
  report(metrics: Metrics): Promise<ReportFiles>;
  publish(task: PublishTask): Promise<PublishedRows>;
  /** How many tasks may be under way at once and no thread waits. */
  readonly width: number;
  close(): Promise<void>;
}

/** Starts `workers` threads. */
export function startWorkers(workers: number): WorkerPool {
  const pool = new Piscina({
    filename: new URL("./shard-worker.js", import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    // One task at a time: published shards wait for those before them, which must never wait in the same thread.
    concurrentTasksPerWorker: 1,
  });
  // Piscina hands tasks that had to wait to threads in any order. A shard that overtakes another one then waits for it.
  const inTurn = pLimit(workers);
  const run = async <Result>(name: string, task: unknown): Promise<Result> => {
    const answer = (await inTurn(() => pool.run(task, { name }))) as Answer<Result>;
    if ("failure" in answer) throw reviveError(answer.failure);
    return answer.result;
  };
  return {
    hashFile: (path) => run("hashFile", path),
    assess: (task) => run("assess", task),
    split: (task) => run("split", task),
    markKeys: (task) => run("markKeys", task),
    findKeys: (task) => run("findKeys", task),
    digest: (task) => run("digest", task),
    judge: (task) => run("judge", task),
    report: (metrics) => run("report", metrics),
    publish: (task) => run("publish", task),
    width: workers + 2,
    close: () => pool.destroy(),
  };
}

function reviveError({ exitCode, message, stack, ...system }: Failure): Error {
  if (exitCode !== null) return new LamsachError(exitCode, message);
  const error = Object.assign(new Error(message), system);
  if (stack !== null) error.stack = stack;
  return error;
}

/**
 * Runs `work` over the items, at most `width` at once, and hands each result to `take` in the items' order; what is
 * not taken yet is never more than `width` results. Throws the reason of `stop` before the next item once it is aborted.
 */
export async function mapInOrder<Item, Result>(
  items: readonly Item[],
  width: number,
  stop: AbortSignal,
  work: (item: Item, position: number) => Promise<Result>,
  take: (result: Result, item: Item, position: number) => void | Promise<void>,
): Promise<void> {
  const underWay: Promise<Result>[] = [];
  let next = 0;
  try {
    for (const [position, item] of items.entries()) {
      stop.throwIfAborted();
      while (next < items.length && underWay.length < width) {
        const started = work(items[next] as Item, next);
        // Awaited in its turn; an earlier failure must not leave it unheard.
        started.catch(() => {});
        underWay.push(started);
        next++;
      }
      await take(await (underWay.shift() as Promise<Result>), item, position);
    }
  } finally {
    await Promise.allSettled(underWay);
  }
}
