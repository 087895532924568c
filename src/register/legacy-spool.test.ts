import { tmpdir } from "node:os";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LegacySpool } from "./legacy-spool.js";

describe("LegacySpool", () => {
  it("visits every pair by key and then by slot, from the least key and slot to the greatest", () => {
    const key = fc.oneof(
      fc.integer({ min: 100_000_000, max: 1_999_999_999 }),
      fc.constantFrom(100_000_000, 1_012_345_678, 1_999_999_999),
    );
    const pair = fc.tuple(key, fc.integer({ min: 0, max: 399_999_999 }));
    fc.assert(
      fc.property(fc.array(pair), (pairs) => {
        const spool = new LegacySpool(tmpdir());
        for (const [number, slot] of pairs) spool.add(number, slot);
        const visited: [number, number][] = [];
        spool.visitSorted((number, slot) => visited.push([number, slot]));
        spool.close();
        expect(visited).toEqual([...pairs].sort((a, b) => a[0] - b[0] || a[1] - b[1]));
      }),
    );
  });
});
