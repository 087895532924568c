import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { abandonClaims, claimOffsets, createOffsetClaims, readOffsets } from "./offset-claims.js";

describe("claimOffsets(claims, turn, files, sizes)", () => {
  it("gives each turn the bytes after the turn before", () => {
    const claims = createOffsetClaims([10, 0, 100]);
    expect(claimOffsets(claims, 0, [0, 2], [5, 7], 0)).toEqual([10, 100]);
    expect(claimOffsets(claims, 1, [0, 1], [1, 1], 0)).toEqual([15, 0]);
    expect(claimOffsets(claims, 2, [0, 2], [0, 3], 0)).toEqual([16, 107]);
    expect(readOffsets(claims)).toEqual([16, 1, 110]);
  });

  it("counts beyond 32 bits", () => {
    const claims = createOffsetClaims([2 ** 40]);
    claimOffsets(claims, 0, [0], [2 ** 33], 0);
    expect(readOffsets(claims)).toEqual([2 ** 40 + 2 ** 33]);
  });

  it("waits in another thread until its turn comes", async () => {
    const claims = createOffsetClaims([0]);
    const worker = new Worker(
      `const { workerData, parentPort } = require("node:worker_threads");
       const turns = new Int32Array(workerData, 0, 1);
       parentPort.postMessage("waiting");
       while (Atomics.load(turns, 0) !== 1) Atomics.wait(turns, 0, Atomics.load(turns, 0));
       parentPort.postMessage(new Float64Array(workerData, 8)[0]);`,
      { eval: true, workerData: claims.shared },
    );
    const seen: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      worker.on("error", reject);
      worker.on("message", (message) => {
        seen.push(message);
        if (message === "waiting") claimOffsets(claims, 0, [0], [42], 0);
        else resolve();
      });
    });
    await worker.terminate();
    expect(seen).toEqual(["waiting", 42]);
  });

  it("gives up when its turn does not come", () => {
    const claims = createOffsetClaims([5]);
    expect(claimOffsets(claims, 1, [0], [1], 1)).toBeNull();
    expect(readOffsets(claims)).toEqual([5]);
  });

  it("does not wait for a turn that was abandoned", () => {
    const claims = createOffsetClaims([0]);
    abandonClaims(claims);
    expect(() => claimOffsets(claims, 1, [0], [1], 0)).toThrow("another shard could not be written");
  });
});
