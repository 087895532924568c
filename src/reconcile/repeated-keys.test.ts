import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  classifyRepeats,
  createKeyMarks,
  createKeySet,
  findKeys,
  groupKeys,
  markKeys,
  type RowDigest,
} from "./repeated-keys.js";

/** Marks, collects and groups the keys of shards of `width` records, as a run does. */
function findRepeated(keys: readonly (readonly [number, number])[], width = 3): number[][] {
  const marks = createKeyMarks(keys.length);
  const shards: Uint32Array[] = [];
  for (let at = 0; at < keys.length; at += width)
    shards.push(Uint32Array.from(keys.slice(at, at + width).flat()));
  const wanted = createKeySet(shards.map((key) => markKeys(key, key.length / 2, marks)));
  const records = shards.flatMap((key, shard) =>
    [...findKeys(key, key.length / 2, wanted)].map((record) => shard * width + record),
  );
  const found = records.flatMap((record) => [...(keys[record] as readonly [number, number])]);
  return groupKeys(Uint32Array.from(found), records.length).map((group) =>
    group.map((member) => records[member] as number),
  );
}

/** Digests by record from texts such as "A:x": record_id, and what else the row says. */
function classify(rows: Readonly<Record<number, string>>, groups: readonly (readonly number[])[]): string[] {
  const digests = new Map<number, RowDigest>(
    Object.entries(rows).map(([record, row]) => [
      Number(record),
      { id: row.split(":")[0] as string, content: row },
    ]),
  );
  return classifyRepeats(groups, digests).map(
    ({ record, finding }) => `${record} ${finding === "record.delivered-twice" ? "E40" : "E42"}`,
  );
}

describe("repeated keys of a run", () => {
  it("lists the records of each key that stands in more than one row, in input order", () => {
    expect(
      findRepeated([
        [1, 1],
        [2, 2],
        [0, 0],
        [1, 1],
        [3, 3],
        [2, 2],
        [0, 0],
        [1, 1],
      ]),
    ).toEqual([
      [0, 3, 7],
      [1, 5],
    ]);
  });

  it("never takes two ids that were made from file and line for one", () => {
    expect(
      findRepeated([
        [0, 0],
        [0, 0],
        [0, 0],
      ]),
    ).toEqual([]);
  });
});

describe("repeated keys of any run", () => {
  it("are those that a map of all keys finds, however the run is cut", () => {
    // Few keys, so that they repeat; marks so short that different keys share a bit.
    const key = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }));
    fc.assert(
      fc.property(fc.array(key, { maxLength: 300 }), fc.integer({ min: 1, max: 50 }), (keys, width) => {
        const byKey = new Map<string, number[]>();
        for (const [record, [high, low]] of keys.entries()) {
          if (high === 0 && low === 0) continue;
          byKey.set(`${high}/${low}`, [...(byKey.get(`${high}/${low}`) ?? []), record]);
        }
        expect(findRepeated(keys, width)).toEqual([...byKey.values()].filter(({ length }) => length > 1));
      }),
    );
  });
});

describe("classifyRepeats(groups, digests)", () => {
  it.each<[what: string, rows: Readonly<Record<number, string>>, groups: number[][], expected: string[]]>([
    ["nothing", {}, [], []],
    ["the same row twice", { 3: "A:x", 9: "A:x" }, [[3, 9]], ["9 E40"]],
    [
      "the same row four times",
      { 1: "A:x", 2: "A:x", 3: "A:x", 4: "A:x" },
      [[1, 2, 3, 4]],
      ["2 E40", "3 E40", "4 E40"],
    ],
    ["two contents", { 3: "A:x", 9: "A:y" }, [[3, 9]], ["3 E42", "9 E42"]],
    ["two equal and one other", { 1: "A:x", 2: "A:x", 3: "A:y" }, [[1, 2, 3]], ["1 E42", "2 E42", "3 E42"]],
    ["two ids that share a hash", { 1: "A:x", 2: "B:x" }, [[1, 2]], []],
    [
      "two ids that share a hash, one of them twice",
      { 1: "A:x", 2: "B:x", 5: "B:x" },
      [[1, 2, 5]],
      ["5 E40"],
    ],
    [
      "two ids that share a hash, both repeated",
      { 1: "A:x", 2: "B:x", 5: "B:z", 6: "A:x" },
      [[1, 2, 5, 6]],
      ["2 E42", "5 E42", "6 E40"],
    ],
    [
      "two groups, told in input order",
      { 1: "A:x", 2: "B:x", 5: "B:x", 6: "A:x" },
      [
        [1, 6],
        [2, 5],
      ],
      ["5 E40", "6 E40"],
    ],
  ])("%s", (_what, rows, groups, expected) => {
    expect(classify(rows, groups)).toEqual(expected);
  });
});
