import { existsSync } from "node:fs";
import path from "node:path";
import { type AssessmentHeader, readHeader } from "../assess/assessment.js";
import type { Effects } from "../effects.js";
import { planShards, type Shard } from "../ingest/shards.js";
import type { Source } from "../ingest/source.js";
import { killPoint } from "../storage/kill-point.js";
import { mapInOrder } from "../threads/map-in-order.js";
import type { WorkerPool } from "./worker-pool.js";
import type { WorkerContext } from "./worker-tasks.js";

/** One assessed shard of a run, in input order. */
export interface AssessedShard {
  readonly source: number;
  readonly shard: Shard;
  readonly file: string;
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
 * the result is that of reading each file in one go.
 */
export async function assessSources(
  { sources, shardBytes, shardsDir, context, pool, stop, onShard }: AssessPhaseOptions,
  effects: Pick<Effects, "log">,
): Promise<AssessedShard[]> {
  const shards: AssessedShard[] = sources.flatMap((source, position) =>
    planShards(source, shardBytes).map((shard) => ({
      source: position,
      shard,
      file: path.join(shardsDir, `${position}-${shard.index}-of-${shardBytes}.bin`),
    })),
  );
  let expected = 0;
  let resumed = 0;
  await mapInOrder(
    shards,
    pool.width,
    stop,
    async (assessed) => {
      const kept = readKeptHeader(assessed.file, context.sealKey);
      if (kept === null) return pool.assess(taskOf(assessed, null));
      resumed++;
      await pool.split({ context, file: assessed.file, records: kept.records });
      killPoint("shard-resumed");
      return kept;
    },
    async (header, assessed, position) => {
      let { start, end } = header;
      if (assessed.shard.index === 0) expected = start;
      if (start !== expected) ({ start, end } = await pool.assess(taskOf(assessed, expected)));
      expected = end;
      onShard(position + 1, shards.length);
    },
  );
  killPoint("run-assessed");
  effects.log.info({ phase: "assess", shards: shards.length, resumed }, "every shard is assessed");
  return shards;

  function taskOf(
    { source, shard, file }: AssessedShard,
    start: number | null,
  ): Parameters<WorkerPool["assess"]>[0] {
    return { context, source: sources[source] as Source, shard, file, start };
  }
}

function readKeptHeader(file: string, sealKey: WorkerContext["sealKey"]): AssessmentHeader | null {
  return existsSync(file) ? readHeader(file, sealKey) : null;
}
