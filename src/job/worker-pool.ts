import { setFlagsFromString } from "node:v8";
import pLimit from "p-limit";
import { Piscina } from "piscina";
import type { Examined } from "../causes/examine-shard.js";
import { exitCodes, LamsachError } from "../errors.js";
import type { JudgedPart } from "../reconcile/judged-totals.js";
import type { KeyMarks, KeySet } from "../reconcile/repeated-keys.js";
import { type Answer, takeAnswer } from "../threads/thread-answer.js";
import type { ReportFiles } from "./run-report.js";
import type {
  AssessTask,
  CellTask,
  DigestTask,
  ExamineTask,
  FoundKeys,
  JudgeTask,
  KeyTask,
  LineTask,
  MarkedShard,
  PublishedRows,
  PublishTask,
  ReportTask,
  WorkerContext,
} from "./worker-tasks.js";

/** The threads of a run. Tasks begin in the order they are given; results come back in any order, who needs one keeps it. */
export interface WorkerPool {
  /** Lets so many threads that are idle load what all tasks but hashing need. */
  prepare(threads: number): void;
  hashFile(path: string): Promise<string>;
  assess(task: AssessTask): Promise<MarkedShard>;
  split(task: { context: WorkerContext; file: string; records: number }): Promise<null>;
  markKeys(task: KeyTask & { marks: KeyMarks }): Promise<Uint32Array>;
  findKeys(task: KeyTask & { wanted: KeySet }): Promise<FoundKeys>;
  digest(task: DigestTask): Promise<Uint32Array>;
  judge(task: JudgeTask): Promise<JudgedPart>;
  examine(task: ExamineTask): Promise<Examined>;
  readCells(task: CellTask): Promise<string[]>;
  findLine(task: LineTask): Promise<number>;
  report(task: ReportTask): Promise<ReportFiles>;
  /** The task's memory is gone afterwards; the answer has it. */
  publish(task: PublishTask): Promise<PublishedRows>;
  readonly threads: number;
  /** How many tasks may be under way at once and no thread waits. */
  readonly width: number;
  /** Lets the tasks that have begun end; those that wait are never begun. */
  close(): Promise<void>;
}

/** How far the JavaScript heap of a thread may grow; a task that needs more fails. */
export interface HeapLimits {
  readonly oldMegabytes: number;
  readonly youngMegabytes: number;
  /** How much larger than what lived through a collection a heap gets before the next one, of all threads; 0: as the engine chooses. */
  readonly growingPercent: number;
}

const shardWorker = new URL("./shard-worker.js", import.meta.url).href;
const hashWorker = new URL("./hash-worker.js", import.meta.url).href;

/** Starts `workers` threads. */
export function startWorkers(workers: number, heap: HeapLimits): WorkerPool {
  setFlagsFromString(`--heap-growing-percent=${heap.growingPercent}`);
  const pool = new Piscina({
    minThreads: workers,
    maxThreads: workers,
    concurrentTasksPerWorker: 1,
    resourceLimits: {
      maxOldGenerationSizeMb: heap.oldMegabytes,
      maxYoungGenerationSizeMb: heap.youngMegabytes,
    },
  });
  // Piscina hands tasks that had to wait to threads in any order. The bytes of a shard that overtakes another one wait for its.
  const inTurn = pLimit(workers);
  const underWay = new Set<Promise<unknown>>();
  const start = (
    file: string,
    name: string,
    task: unknown,
    moved: readonly ArrayBuffer[] = [],
  ): Promise<unknown> => {
    const started: Promise<unknown> = pool
      .run(task, { filename: file, name, transferList: [...moved] })
      .catch((error: unknown) => {
        throw explainThreadEnd(error);
      })
      .finally(() => underWay.delete(started));
    underWay.add(started);
    return started;
  };
  const runIn = async <Result>(
    file: string,
    name: string,
    task: unknown,
    moved?: readonly ArrayBuffer[],
  ): Promise<Result> => {
    return takeAnswer((await inTurn(() => start(file, name, task, moved))) as Answer<Result>);
  };
  const run = <Result>(name: string, task: unknown, moved?: readonly ArrayBuffer[]): Promise<Result> =>
    runIn(shardWorker, name, task, moved);
  return {
    prepare: (threads) => {
      // Who has something to do meets the failure, if there is one.
      for (let thread = 0; thread < threads; thread++) run("prepare", null).catch(() => {});
    },
    hashFile: (path) => runIn(hashWorker, "hashFile", path),
    assess: (task) => run("assess", task),
    split: (task) => run("split", task),
    markKeys: (task) => run("markKeys", task),
    findKeys: (task) => run("findKeys", task),
    digest: (task) => run("digest", task),
    judge: (task) => run("judge", task),
    examine: (task) => run("examine", task),
    readCells: (task) => run("readCells", task),
    findLine: (task) => run("findLine", task),
    report: (task) => run("report", task),
    publish: (task) => run("publish", task, task.memory),
    threads: workers,
    width: workers + 2,
    close: async () => {
      inTurn.clearQueue();
      // Piscina ends the process when a thread answers after it was told to go.
      await Promise.allSettled(underWay);
      await pool.destroy();
    },
  };
}

function explainThreadEnd(error: unknown): unknown {
  if ((error as { code?: unknown }).code !== "ERR_WORKER_OUT_OF_MEMORY") return error;
  return new LamsachError(
    exitCodes.environment,
    "memory: a thread needs a larger heap than it may have; expected room for it. Take fewer files at once or a smaller --shard-size, or leave --memory out where it is given; the same command goes on from here.",
  );
}
