import type { FindingId } from "../judge/findings.js";
import { groupRecords } from "./group-records.js";

/** What a record delivered more than once is; the same for every policy. */
export interface Repeat {
  readonly record: number;
  readonly finding: Extract<FindingId, "record.delivered-twice" | "record.conflicting-content">;
}

/** Keys of one shard that were marked before, by this shard or another: a superset of the repeated ones. */
export function markKeys(key: Uint32Array, records: number, marks: KeyMarks): Uint32Array {
  const mask = marks.length * 32 - 1;
  const again: number[] = [];
  for (let record = 0; record < records; record++) {
    const high = key[record * 2] as number;
    const low = key[record * 2 + 1] as number;
    if (high === 0 && low === 0) continue;
    const at = mixKey(high, low) & mask;
    const bit = 1 << (at & 31);
    if ((Atomics.or(marks, at >>> 5, bit) & bit) !== 0) again.push(high, low);
  }
  return Uint32Array.from(again);
}

/** One bit for each hash of a key, in memory that threads share; the number of words is a power of two. */
export type KeyMarks = Int32Array<SharedArrayBuffer>;

const bitsPerRecord = 8;
const mostMarkBits = 2 ** 31;

/** Marks for a run of so many records. */
export function createKeyMarks(records: number): KeyMarks {
  let bits = 1024;
  while (bits < records * bitsPerRecord && bits < mostMarkBits) bits *= 2;
  return new Int32Array(new SharedArrayBuffer(bits / 8));
}

/** Positions in a shard of the records whose key is in the set. */
export function findKeys(key: Uint32Array, records: number, wanted: KeySet): Uint32Array {
  const found: number[] = [];
  for (let record = 0; record < records; record++) {
    const high = key[record * 2] as number;
    const low = key[record * 2 + 1] as number;
    if (high === 0 && low === 0) continue;
    if (hasKey(wanted, high, low)) found.push(record);
  }
  return Uint32Array.from(found);
}

/** Keys by hash, two words each, open addressing, 0, 0 where there is none; in memory that threads share. */
export type KeySet = Uint32Array<SharedArrayBuffer>;

/** The set of the keys in these lists (two words each). */
export function createKeySet(lists: readonly Uint32Array[]): KeySet {
  const keys = lists.reduce((sum, list) => sum + list.length / 2, 0);
  let places = 16;
  while (places < keys * 2) places *= 2;
  const set = new Uint32Array(new SharedArrayBuffer(places * 8));
  for (const list of lists) {
    for (let at = 0; at < list.length; at += 2) addKey(set, list[at] as number, list[at + 1] as number);
  }
  return set;
}

function addKey(set: KeySet, high: number, low: number): void {
  const at = findPlace(set, high, low);
  set[at] = high;
  set[at + 1] = low;
}

function hasKey(set: KeySet, high: number, low: number): boolean {
  const at = findPlace(set, high, low);
  return set[at] !== 0 || set[at + 1] !== 0;
}

/** Where the key stands, or the free place where it would. */
function findPlace(set: KeySet, high: number, low: number): number {
  const mask = set.length / 2 - 1;
  for (let place = mixKey(high, low) & mask; ; place = (place + 1) & mask) {
    const at = place * 2;
    if (set[at] === high && set[at + 1] === low) return at;
    if (set[at] === 0 && set[at + 1] === 0) return at;
  }
}

function mixKey(high: number, low: number): number {
  const mixed = Math.imul(high ^ Math.imul(low, 0x9e3779b1), 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

/** Groups of two or more positions with one key (two words from `keys[2 * position]`), each in order. */
export function groupKeys(keys: Uint32Array, count: number): number[][] {
  const { groups, starts, members } = groupRecords(keys, count);
  const repeated: number[][] = [];
  for (let group = 0; group < groups; group++) {
    const start = starts[group] as number;
    const end = starts[group + 1] as number;
    if (end - start > 1) {
      repeated.push([...members.subarray(start, end)]);
    }
  }
  return repeated;
}

/** What identifies a row's content: digests of its record_id and of its cells. */
export interface RowDigest {
  readonly id: string;
  readonly content: string;
}

/**
 * Tells repeated deliveries from conflicts. Contents equal: the first in input order keeps its own verdict, the others
 * are `record.delivered-twice` (E40). Contents differ: all are `record.conflicting-content` (E42); which one is right,
 * only a person can say.
 */
export function classifyRepeats(
  groups: readonly (readonly number[])[],
  digests: ReadonlyMap<number, RowDigest>,
): Repeat[] {
  const repeats: Repeat[] = [];
  for (const group of groups) {
    const byId = new Map<string, number[]>();
    for (const record of group) {
      const { id } = digests.get(record) as RowDigest;
      byId.set(id, [...(byId.get(id) ?? []), record]);
    }
    for (const records of byId.values()) {
      if (records.length < 2) continue;
      const contents = new Set(records.map((record) => (digests.get(record) as RowDigest).content));
      for (const [position, record] of records.entries()) {
        if (contents.size > 1) repeats.push({ record, finding: "record.conflicting-content" });
        else if (position > 0) repeats.push({ record, finding: "record.delivered-twice" });
      }
    }
  }
  return repeats.sort((a, b) => a.record - b.record);
}
