import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findingBit } from "../judge/findings.js";
import {
  classifyRepeats,
  createKeyMarks,
  createKeySet,
  digestWords,
  findKeys,
  findShared,
  markKeys,
} from "./repeated-keys.js";

type Key = readonly [high: number, low: number];

/** Marks and collects the keys of shards of `width` records, in so many slices, as a run does: records of each slice. */
function findRepeated(keys: readonly Key[], width = 3, slices = 1): number[][] {
  const marks = createKeyMarks(keys.length);
  const shards: Uint32Array[] = [];
  for (let at = 0; at < keys.length; at += width)
    shards.push(Uint32Array.from(keys.slice(at, at + width).flat()));
  const again = shards.map((key) => markKeys(key, key.length / 2, marks));
  return Array.from({ length: slices }, (_, slice) => {
    const wanted = createKeySet(again, slice, slices);
    const records = shards.flatMap((key, shard) =>
      [...findKeys(key, key.length / 2, wanted)].map((record) => shard * width + record),
    );
    const found = Uint32Array.from(records.flatMap((record) => [...(keys[record] as Key)]));
    return [...findShared(found)].map((at) => records[at] as number);
  });
}

/** Classifies rows such as "A:x" (record_id, and what else the row says) by record. */
function classify(rows: Readonly<Record<number, string>>): string[] {
  const records = Uint32Array.from(Object.keys(rows), Number);
  const digests = Object.values(rows).flatMap((row) =>
    [row.split(":")[0] as string, row].flatMap((text) => {
      const hash = createHash("sha256").update(text).digest();
      return Array.from({ length: digestWords / 2 }, (_, word) => hash.readUInt32LE(word * 4));
    }),
  );
  const { records: found, bits } = classifyRepeats(records, Uint32Array.from(digests));
  return [...found].map(
    (record, at) => `${record} ${bits[at] === findingBit("record.delivered-twice") ? "E40" : "E42"}`,
  );
}

describe("repeated keys of a run", () => {
  it("lists the records whose key stands in more than one row, in input order", () => {
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
    ).toEqual([[0, 1, 3, 5, 7]]);
  });

  it("never takes two ids that were made from file and line for one", () => {
    expect(
      findRepeated([
        [0, 0],
        [0, 0],
        [0, 0],
      ]),
    ).toEqual([[]]);
  });
});

describe("markKeys(key, records, marks)", () => {
  it("names few keys that stand there once", () => {
    const records = 100_000;
    const key = new Uint32Array(records * 2);
    for (let at = 0; at < records; at++) {
      const hash = createHash("sha256").update(String(at)).digest();
      key[at * 2] = hash.readUInt32LE(0);
      key[at * 2 + 1] = hash.readUInt32LE(4);
    }
    const again = markKeys(key, records, createKeyMarks(records));
    expect(again.length / 2 / records).toBeLessThan(0.02);
  });
});

describe("repeated keys of any run", () => {
  it("are those that a map of all keys finds, however the run is cut", () => {
    // Few keys, so that they repeat; marks so short that different keys share a bit.
    const key = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }));
    const cuts = [fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 4 })] as const;
    fc.assert(
      fc.property(fc.array(key, { maxLength: 300 }), ...cuts, (keys, width, slices) => {
        const byKey = new Map<string, number[]>();
        for (const [record, [high, low]] of keys.entries()) {
          if (high === 0 && low === 0) continue;
          byKey.set(`${high}/${low}`, [...(byKey.get(`${high}/${low}`) ?? []), record]);
        }
        const repeated = [...byKey.values()].filter(({ length }) => length > 1).flat();
        const found = findRepeated(keys, width, slices);
        expect(found.flat().sort(byNumber)).toEqual(repeated.sort(byNumber));
        for (const records of found) {
          // All records of a key are in one slice, or they would not be compared.
          for (const [high, low] of records.map((record) => keys[record] as Key)) {
            const all = byKey.get(`${high}/${low}`) as number[];
            expect(all.filter((record) => !records.includes(record))).toEqual([]);
          }
        }
      }),
    );
  });
});

function byNumber(a: number, b: number): number {
  return a - b;
}

describe("classifyRepeats(records, digests)", () => {
  it.each<[what: string, rows: Readonly<Record<number, string>>, expected: string[]]>([
    ["nothing", {}, []],
    ["the same row twice", { 3: "A:x", 9: "A:x" }, ["9 E40"]],
    ["the same row four times", { 1: "A:x", 2: "A:x", 3: "A:x", 4: "A:x" }, ["2 E40", "3 E40", "4 E40"]],
    ["two contents", { 3: "A:x", 9: "A:y" }, ["3 E42", "9 E42"]],
    ["two equal and one other", { 1: "A:x", 2: "A:x", 3: "A:y" }, ["1 E42", "2 E42", "3 E42"]],
    ["two ids that share a hash", { 1: "A:x", 2: "B:x" }, []],
    ["two ids that share a hash, one of them twice", { 1: "A:x", 2: "B:x", 5: "B:x" }, ["5 E40"]],
    [
      "two ids that share a hash, both repeated",
      { 1: "A:x", 2: "B:x", 5: "B:z", 6: "A:x" },
      ["2 E42", "5 E42", "6 E40"],
    ],
    ["two ids, told in input order", { 1: "A:x", 2: "B:x", 5: "B:x", 6: "A:x" }, ["5 E40", "6 E40"]],
  ])("%s", (_what, rows, expected) => {
    expect(classify(rows)).toEqual(expected);
  });
});
