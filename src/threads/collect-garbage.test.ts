import { describe, expect, it } from "vitest";
import { collectGarbage } from "./collect-garbage.js";

const size = 1 << 20;
const count = 64;

/** Makes buffers that nobody holds: the bytes in them lie outside the engine's heap. */
function litter(): void {
  for (let made = 0; made < count; made++) new Uint8Array(size).fill(1);
}

describe("collectGarbage()", () => {
  it("gives back what lies outside the heap of the thread that asks, as often as it is asked", async () => {
    for (let time = 0; time < 3; time++) {
      collectGarbage();
      const before = process.memoryUsage().arrayBuffers;
      litter();
      collectGarbage();
      // The engine frees it beside the thread.
      await expect.poll(() => process.memoryUsage().arrayBuffers).toBeLessThan(before + size);
    }
  });

  it("keeps what is held", () => {
    const held = new Uint8Array(size).fill(7);
    collectGarbage();
    expect(held.every((byte) => byte === 7)).toBe(true);
  });
});
