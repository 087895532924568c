import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupRecords } from "./group-records.js";

function groupsOf(keys: readonly (readonly [number, number])[]): number[][] {
  const { groups, starts, members } = groupRecords(Uint32Array.from(keys.flat()), keys.length);
  expect(starts.length).toBe(groups + 1);
  expect(members.length).toBe(keys.length);
  return Array.from({ length: groups }, (_, group) => [
    ...members.subarray(starts[group], starts[group + 1]),
  ]);
}

/** The same with a Map. */
function groupByMap(keys: readonly (readonly [number, number])[]): number[][] {
  const byKey = new Map<string, number[]>();
  for (const [record, [high, low]] of keys.entries()) {
    const key = high === 0 && low === 0 ? `own ${record}` : `${high},${low}`;
    byKey.set(key, [...(byKey.get(key) ?? []), record]);
  }
  return [...byKey.values()];
}

describe("groupRecords(keys, count)", () => {
  it("groups as a Map does, for any keys", () => {
    const word = fc.oneof(fc.nat(3), fc.constantFrom(0x80000000, 0xffffffff, 0x40000000), fc.nat(0xffffffff));
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word), { maxLength: 200 }), (keys) => {
        expect(groupsOf(keys)).toEqual(groupByMap(keys));
      }),
      { numRuns: 500 },
    );
  });

  it("tells keys apart whose hashes are equal", () => {
    // The hash takes high ^ low * 0x9e3779b1: these differ in both words and agree in that.
    const keys = Array.from({ length: 300 }, (_, n): [number, number] => [
      (7 ^ Math.imul(n % 150, 0x9e3779b1)) >>> 0,
      n % 150,
    ]);
    const groups = groupsOf(keys);
    expect(groups.length).toBe(150);
    expect(groups).toEqual(groupByMap(keys));
  });

  it("leaves every record with the key 0, 0 alone, and takes 0 in one word for a key", () => {
    expect(
      groupsOf([
        [0, 0],
        [0, 1],
        [0, 0],
        [1, 0],
        [0, 1],
        [1, 0],
      ]),
    ).toEqual([[0], [1, 4], [2], [3, 5]]);
  });

  it("groups nobody, one, everybody", () => {
    expect(groupsOf([])).toEqual([]);
    expect(groupsOf([[5, 5]])).toEqual([[0]]);
    expect(groupsOf(new Array(100).fill([5, 5]))).toEqual([
      Array.from({ length: 100 }, (_, record) => record),
    ]);
  });

  it("groups many people with few records each", () => {
    const keys = Array.from({ length: 60_000 }, (_, n): [number, number] => [
      0x80000000,
      (n * 7919) % 25_000,
    ]);
    expect(groupsOf(keys)).toEqual(groupByMap(keys));
  });

  it("looks at the first `count` keys alone", () => {
    const { groups, members } = groupRecords(Uint32Array.of(1, 1, 2, 2, 1, 1), 2);
    expect([groups, [...members]]).toEqual([2, [0, 1]]);
  });
});
