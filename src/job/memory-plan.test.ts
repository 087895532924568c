import { describe, expect, it } from "vitest";
import { exitCodes, LamsachError } from "../errors.js";
import { defaultShardBytes, fitMemory, type MemoryPlan } from "./memory-plan.js";

const megabyte = 1 << 20;

function cut(
  inputMegabytes: number,
  memoryMegabytes: number | null,
  { people = 1_000_000, workers = 2 }: { people?: number; workers?: number } = {},
): MemoryPlan {
  return fitMemory(
    { register: { info: { people, bytesPerPerson: 17 } } },
    [{ byteLength: inputMegabytes * megabyte }],
    {
      memoryBytes: memoryMegabytes === null ? null : memoryMegabytes * megabyte,
      shardBytes: null,
      workers,
    },
  );
}

describe("fitMemory(plan, sources, options)", () => {
  it("judges a small run at once and a large one in as many parts as keep each small", () => {
    expect(cut(10, null)).toEqual({ shardBytes: defaultShardBytes, partitions: 1 });
    const { partitions } = cut(2700, null);
    expect((2700 * megabyte) / 120 / partitions).toBeLessThanOrEqual(1 << 18);
    expect(Math.log2(partitions) % 1).toBe(0);
  });

  it("makes shards smaller and parts more when memory is short", () => {
    const ample = cut(5000, 8000);
    const short = cut(5000, 720);
    expect(ample.shardBytes).toBe(defaultShardBytes);
    expect(short.shardBytes).toBeLessThan(ample.shardBytes);
    expect(short.partitions).toBeGreaterThan(ample.partitions);
  });

  it("says what the run needs when no size fits", () => {
    const refuse = (): MemoryPlan => cut(100, 128, { people: 100_000_000 });
    expect(refuse).toThrow(LamsachError);
    expect(refuse).toThrow(expect.objectContaining({ exitCode: exitCodes.environment }));
    expect(refuse).toThrow("index of 100000000 people, 100 MB of input");
  });
});
