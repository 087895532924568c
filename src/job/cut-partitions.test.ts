import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutPartitions } from "./cut-partitions.js";

describe("cutPartitions(partitions, records, width)", () => {
  it("gives every partition to one task, in their order, whatever the run", () => {
    const exponent = fc.integer({ min: 0, max: 10 });
    fc.assert(
      fc.property(exponent, fc.nat(300_000_000), fc.integer({ min: 3, max: 70 }), (power, records, width) => {
        const partitions = 2 ** power;
        const given = cutPartitions(partitions, records, width).flatMap(({ first, end }) =>
          Array.from({ length: end - first }, (_, at) => first + at),
        );
        expect(given).toEqual(Array.from({ length: partitions }, (_, partition) => partition));
      }),
    );
  });

  it.each([
    ["ten million rows on two threads", 128, 10_700_000, 4, 6],
    ["a million", 16, 1_000_000, 4, 4],
    ["a nation", 1024, 266_000_000, 4, 2],
    ["parts that are larger than a task should be", 1024, 2_000_000_000, 4, 1],
    ["no record", 4, 0, 3, 1],
  ])("begins with long tasks and ends with short ones: %s", (_what, partitions, records, width, longest) => {
    const sizes = cutPartitions(partitions, records, width).map(({ first, end }) => end - first);
    expect(sizes[0]).toBe(longest);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(sizes.at(-1)).toBe(1);
  });
});
