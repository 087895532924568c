import { findingBit } from "../judge/findings.js";
import type { Additions } from "./additions.js";
import { groupRecords } from "./group-records.js";

/** Keys of one shard that were marked before, by this shard or another: a superset of the repeated ones. */
export function markKeys(key: Uint32Array, records: number, marks: KeyMarks): Uint32Array {
  const lastWord = marks.length - 1;
  const again: number[] = [];
  for (let record = 0; record < records; record++) {
    const high = key[record * 2] as number;
    const low = key[record * 2 + 1] as number;
    if (high === 0 && low === 0) continue;
    const mixed = mixKey(high, low);
    // Three bits of one word: asked and set in one step, and much less often all set by other keys than one bit is.
    const more = Math.imul(mixed ^ low, 0x9e3779b1);
    const bits = (1 << (more >>> 27)) | (1 << ((more >>> 22) & 31)) | (1 << ((more >>> 17) & 31));
    if ((Atomics.or(marks, mixed & lastWord, bits) & bits) === bits) again.push(high, low);
  }
  return Uint32Array.from(again);
}

/** Bits that hashes of keys have set, in memory that threads share; the number of words is a power of two. */
export type KeyMarks = Int32Array<SharedArrayBuffer>;

const bitsPerRecord = 8;
const mostMarkBits = 2 ** 31;

/** Marks for a run of so many records; with fewer bits than they need, more keys are found marked before their time. */
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

/** The set of those keys in these lists (two words each) that are of one of `slices` slices. */
export function createKeySet(lists: readonly Uint32Array[], slice = 0, slices = 1): KeySet {
  const visit = (take: (high: number, low: number) => void): void => {
    for (const list of lists) {
      for (let at = 0; at < list.length; at += 2) {
        const high = list[at] as number;
        const low = list[at + 1] as number;
        // Other bits than those that choose a key's place.
        if ((Math.imul(high ^ low, 0x27d4eb2f) >>> 16) % slices === slice) take(high, low);
      }
    }
  };
  let keys = 0;
  visit(() => {
    keys++;
  });
  let places = 16;
  while (places < keys * 2) places *= 2;
  const set = new Uint32Array(new SharedArrayBuffer(places * 8));
  visit((high, low) => addKey(set, high, low));
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

/** Positions (ascending) of the keys, two words each, that stand there more than once. */
export function findShared(keys: Uint32Array): Uint32Array {
  const { groups, starts, members } = groupRecords(keys, keys.length / 2);
  let shared = 0;
  for (let group = 0; group < groups; group++) {
    const start = starts[group] as number;
    const end = starts[group + 1] as number;
    if (end - start < 2) continue;
    members.copyWithin(shared, start, end);
    shared += end - start;
  }
  return members.slice(0, shared).sort();
}

/** What identifies a row's content, in 32-bit words: digests of its record_id and of all its cells. */
export const digestWords = 8;
const contentAt = 4;

/**
 * Tells repeated deliveries from conflicts among records (in input order) with their digests; record_id equal and
 * contents equal: the first keeps its own verdict, the others are `record.delivered-twice` (E40). Contents differ: all
 * are `record.conflicting-content` (E42); which one is right, only a person can say.
 */
export function classifyRepeats(records: Uint32Array, digests: Uint32Array): Additions {
  const count = records.length;
  const ids = new Uint32Array(count * 2);
  for (let at = 0; at < count; at++) {
    ids[at * 2] = digests[at * digestWords] as number;
    ids[at * 2 + 1] = digests[at * digestWords + 1] as number;
  }
  const { groups, starts, members } = groupRecords(ids, count);
  const bits = new Uint8Array(count).fill(noFinding);
  for (let group = 0; group < groups; group++) {
    const start = starts[group] as number;
    const end = starts[group + 1] as number;
    let isConflict = false;
    for (let at = start + 1; at < end && !isConflict; at++) {
      isConflict = !hasSameContent(digests, members[start] as number, members[at] as number);
    }
    if (isConflict) for (let at = start; at < end; at++) bits[members[at] as number] = conflictBit;
    else for (let at = start + 1; at < end; at++) bits[members[at] as number] = twiceBit;
  }
  const isFound = (_: number, at: number): boolean => bits[at] !== noFinding;
  return { records: records.filter(isFound), bits: bits.filter((bit) => bit !== noFinding) };
}

const noFinding = 255;
const twiceBit = findingBit("record.delivered-twice");
const conflictBit = findingBit("record.conflicting-content");

function hasSameContent(digests: Uint32Array, one: number, other: number): boolean {
  for (let word = contentAt; word < digestWords; word++) {
    if (digests[one * digestWords + word] !== digests[other * digestWords + word]) return false;
  }
  return true;
}
