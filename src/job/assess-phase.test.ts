import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AssessmentHeader, createColumns, encodeAssessment } from "../assess/assessment.js";
import { encodeEntry, encodeLists } from "../assess/shard-lists.js";
import type { Effects } from "../effects.js";
import type { Source } from "../ingest/source.js";
import { markKeys } from "../reconcile/repeated-keys.js";
import { type AssessedRun, assessSources } from "./assess-phase.js";
import type { WorkerPool } from "./worker-pool.js";
import type { WorkerContext } from "./worker-tasks.js";

const shardBytes = 100;
/** Three shards of a source. */
const source = { name: "a.csv", dataOffset: 0, byteLength: 3 * shardBytes } as Source;
const effects = { log: { info: () => {} } } as unknown as Pick<Effects, "log">;

let shardsDir: string;
beforeEach(() => {
  shardsDir = mkdtempSync(path.join(tmpdir(), "lamsach-assess-"));
});
afterEach(() => rmSync(shardsDir, { recursive: true }));

function describeShard(start: number, index: number): AssessmentHeader {
  return {
    format: 5,
    records: 1,
    rows: 1,
    start,
    end: (index + 1) * shardBytes,
    lines: 1,
    blankLines: 0,
    lists: encodeLists({
      places: [encodeEntry(["01", "001", `0000${index % 2}`])],
      facilities: [encodeEntry([String(index), ""])],
    }),
  };
}

/** Assesses shards of a record each, the key of shard n being `keys[n]`; shard `wrong` guesses its start wrong. */
function assess(keys: readonly number[], wrong = -1): Promise<AssessedRun> {
  const pool = {
    width: 1,
    assess: async ({ shard: { index, start: nominal }, start, marks }) => ({
      header: describeShard(start ?? nominal + Number(index === wrong), index),
      again:
        marks === null ? new Uint32Array(0) : markKeys(Uint32Array.of(1, keys[index] as number), 1, marks),
    }),
    split: async () => null,
  } as Partial<WorkerPool> as WorkerPool;
  const context = { sealKey: null } as WorkerContext;
  const stop = new AbortController().signal;
  return assessSources(
    { sources: [source], shardBytes, shardsDir, context, pool, stop, onShard: () => {} },
    effects,
  );
}

describe("assessSources(options, effects)", () => {
  it("outlines the run and tells the keys that were marked before", async () => {
    const { outline, again } = await assess([7, 8, 7]);
    expect(again).toEqual([new Uint32Array(0), new Uint32Array(0), Uint32Array.of(1, 7)]);
    expect(outline.records).toBe(3);
    expect(outline.places).toHaveLength(2);
    expect(outline.shards.map(({ start, first }) => [start, first])).toEqual([
      [0, 0],
      [100, 1],
      [200, 2],
    ]);
    expect(outline.shards[2]?.placeIds).toEqual(Uint16Array.of(0));
  });

  it("outlines a shard as it was read the second time, whose keys must be marked anew", async () => {
    const { outline, again } = await assess([7, 8, 7], 1);
    expect(again).toBeNull();
    expect(outline.shards.map(({ start }) => start)).toEqual([0, 100, 200]);
  });

  it("has no marks of a shard that an earlier run assessed", async () => {
    const header = describeShard(100, 1);
    writeFileSync(
      path.join(shardsDir, `0-1-of-${shardBytes}.bin`),
      encodeAssessment(header, createColumns(1)),
    );
    const { outline, again } = await assess([7, 8, 7]);
    expect(again).toBeNull();
    expect(outline.records).toBe(3);
  });
});
