import { existsSync } from "node:fs";
import path from "node:path";
import { type AssessmentHeader, OtherFormat, readHeader } from "../assess/assessment.js";
import type { Effects } from "../effects.js";
import { planShards, type Shard } from "../ingest/shards.js";
import type { Source } from "../ingest/source.js";
import { createKeyMarks } from "../reconcile/repeated-keys.js";
import { type RunOutline, RunOutliner } from "../reconcile/run-table.js";
import { killPoint } from "../storage/kill-point.js";
import { mapInOrder } from "../threads/map-in-order.js";
import { guessRecords } from "./memory-plan.js";
import type { WorkerPool } from "./worker-pool.js";
import type { AssessTask, WorkerContext } from "./worker-tasks.js";

/** One assessed shard of a run, in input order. */
export interface AssessedShard {
  readonly source: number;
  readonly shard: Shard;
  readonly file: string;
}

/** Every shard of a run, and what was put together while they were read. */
export interface AssessedRun {
  readonly shards: readonly AssessedShard[];
  readonly outline: RunOutline;
  /** `markKeys` of every shard; null when that is still to be done: not every shard was read, and once. */
  readonly again: readonly Uint32Array[] | null;
}

export interface AssessPhaseOptions {
  readonly sources: readonly Source[];
  readonly shardBytes: number;
  readonly shardsDir: string;
  readonly context: WorkerContext;
  readonly pool: WorkerPool;
  readonly stop: AbortSignal;
  readonly onShard: (done: number, all: number) => void;
}

/**
 * Phase 1: assesses every shard of every source. A shard whose assessment is there already is not read again. Where a
 * shard began is first guessed and then checked against the end of the one before: a wrong guess is read again, so
 * the result is that of reading each file in one go. Keys of a shard that is read twice would find their own marks, and
 * those of one that is not read have none.
 */
export async function assessSources(
  { sources, shardBytes, shardsDir, context, pool, stop, onShard }: AssessPhaseOptions,
  effects: Pick<Effects, "log">,
): Promise<AssessedRun> {
  const shards: AssessedShard[] = sources.flatMap((source, position) =>
    planShards(source, shardBytes).map((shard) => ({
      source: position,
      shard,
      file: path.join(shardsDir, `${position}-${shard.index}-of-${shardBytes}.bin`),
    })),
  );
  const marks = createKeyMarks(guessRecords(sources));
  const again: Uint32Array[] = [];
  const outliner = new RunOutliner();
  let expected = 0;
  let resumed = 0;
  let reread = 0;
  await mapInOrder(
    shards,
    pool.width,
    stop,
    async (assessed) => {
      const kept = readKeptHeader(assessed.file, context.sealKey);
      if (kept === null) return pool.assess({ ...taskOf(assessed), start: null, marks });
      resumed++;
      await pool.split({ context, file: assessed.file, records: kept.records });
      killPoint("shard-resumed");
      return { header: kept, again: new Uint32Array(0) };
    },
    async ({ header: guessed, again: marked }, assessed, position) => {
      let header = guessed;
      if (assessed.shard.index === 0) expected = header.start;
      if (header.start !== expected) {
        reread++;
        ({ header } = await pool.assess({ ...taskOf(assessed), start: expected, marks: null }));
      }
      expected = header.end;
      again.push(marked);
      outliner.add(assessed.source, header, assessed.file);
      onShard(position + 1, shards.length);
    },
  );
  killPoint("run-assessed");
  effects.log.info({ phase: "assess", shards: shards.length, resumed }, "every shard is assessed");
  return { shards, outline: outliner.outline(), again: resumed + reread === 0 ? again : null };

  function taskOf({ source, shard, file }: AssessedShard): Omit<AssessTask, "start" | "marks"> {
    return { context, source: sources[source] as Source, shard, file };
  }
}

/** Null when there is none, or only one that another version of lamsach left: its shard is assessed anew. */
function readKeptHeader(file: string, sealKey: WorkerContext["sealKey"]): AssessmentHeader | null {
  try {
    return existsSync(file) ? readHeader(file, sealKey) : null;
  } catch (error) {
    if (error instanceof OtherFormat) return null;
    throw error;
  }
}
