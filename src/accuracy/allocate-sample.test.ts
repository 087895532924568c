import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocateSample } from "./allocate-sample.js";

function allocate(populations: Record<string, number>, size: number): Record<string, number> {
  return Object.fromEntries([...allocateSample(new Map(Object.entries(populations)), size)].sort());
}

describe("allocateSample(populations, size)", () => {
  it.each([
    ["in proportion", { C1: 7000, C2: 2000, C3: 1000 }, 400, { C1: 280, C2: 80, C3: 40 }],
    ["at least 30 of each", { C1: 98_000, C2: 1000, C3: 1000 }, 400, { C1: 340, C2: 30, C3: 30 }],
    ["all of a code that has fewer", { C1: 98_000, C2: 5, C3: 1 }, 400, { C1: 394, C2: 5, C3: 1 }],
    ["an even share of a small sample", { C1: 98_000, C2: 100, C3: 100 }, 10, { C1: 4, C2: 3, C3: 3 }],
    ["one of each", { C1: 98_000, C2: 100, C3: 100 }, 3, { C1: 1, C2: 1, C3: 1 }],
    ["all when all are fewer", { C1: 20, C2: 5 }, 400, { C1: 20, C2: 5 }],
    ["the largest remainders", { C1: 334, C2: 333, C3: 333 }, 100, { C1: 34, C2: 33, C3: 33 }],
    ["one code", { C1: 1000 }, 7, { C1: 7 }],
  ])("takes %s", (_, populations, size, expected) => {
    expect(allocate(populations, size)).toEqual(expected);
  });

  it("adds up, takes some of each code and never more than there are, whatever the order", () => {
    const populations = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(populations, fc.integer({ min: 6, max: 2000 }), (counts, size) => {
        const named = counts.map((count, n) => [`C${n}`, count] as const);
        const allocation = allocateSample(new Map(named), size);
        const all = counts.reduce((sum, count) => sum + count, 0);
        expect([...allocation.values()].reduce((sum, count) => sum + count, 0)).toBe(Math.min(size, all));
        for (const [code, count] of named) {
          expect(allocation.get(code)).toBeGreaterThanOrEqual(1);
          expect(allocation.get(code)).toBeLessThanOrEqual(count);
        }
        const turned = allocateSample(new Map([...named].reverse()), size);
        expect([...turned].sort()).toEqual([...allocation].sort());
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
