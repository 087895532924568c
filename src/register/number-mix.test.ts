import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mixedBucket, mixHigh, mixLow, unmix } from "./number-mix.js";

const half = fc.integer({ min: 0, max: 0xfffff });

describe("mixHigh, mixLow", () => {
  it("map every pair of halves onto a pair of halves, one to one", () => {
    fc.assert(
      fc.property(half, half, (high, low) => {
        const mixedLow = mixLow(high, low);
        const mixedHigh = mixHigh(high, low, mixedLow);
        expect(mixedLow >>> 20).toBe(0);
        expect(mixedHigh >>> 20).toBe(0);
        expect(unmix(mixedHigh, mixedLow)).toEqual({ high, low });
      }),
      { numRuns: 20_000 },
    );
  });

  it("keep the order that stored registers were built with", () => {
    const mixed = [
      [0, 0],
      [1_085, 1],
      [999_999, 999_999],
    ].map(([high = 0, low = 0]) => {
      const mixedLow = mixLow(high, low);
      return [mixHigh(high, low, mixedLow), mixedLow];
    });
    expect(mixed).toEqual([
      [79919, 509140],
      [742113, 965394],
      [203207, 389828],
    ]);
  });

  it("spread consecutive numbers of one province and year evenly", () => {
    const counts = new Uint32Array(1024);
    for (let low = 0; low < 100_000; low++) {
      const mixedLow = mixLow(1_085, low);
      const bucket = mixedBucket(mixHigh(1_085, low, mixedLow), mixedLow, 10);
      counts[bucket] = (counts[bucket] as number) + 1;
    }
    expect(Math.max(...counts)).toBeLessThan(160);
    expect(Math.min(...counts)).toBeGreaterThan(50);
  });
});

describe("mixedBucket(mixedHigh, mixedLow, bits)", () => {
  it.each([
    [0, 0],
    [1, 1],
    [8, 0x80],
    [20, 0x80001],
    [24, 0x80001f],
    [31, 0x400_00fff],
  ])("takes the top %i bits", (bits, bucket) => {
    expect(mixedBucket(0x80001, 0xffff1, bits)).toBe(bucket);
  });
});
