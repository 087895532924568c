/** An entry: hash, length, the number remembered, then the text. Entries lie one behind the other, at multiples of 8. */
const headBytes: usize = 12;
const lengthAt: usize = 4;
const valueAt: usize = 8;
/** An answer's length stands before it. */
export const answerHeadBytes: usize = 4;
/** A place in the table: the entry's hash and its address, 0 for none. */
const placeBytes: usize = 8;
const fewestPlaces: u32 = 256;
/** Longer texts are not remembered. */
const maxTextBytes: usize = 0x1000;

/**
 * Remembers a number for each distinct text, so that a column with few distinct values is understood once per value.
 * Forgets everything when it is full: a column with many values costs time, not memory. It lies in the memory it was
 * begun in, its table right behind it, its entries behind the table, answers at the end.
 */
@unmanaged
export class Memo {
  maxEntries: u32;
  table: usize;
  /** Places in use of the table's, less one: a power of two, less one. */
  mask: u32;
  count: u32;
  entries: usize;
  next: usize;
  /** Where entries have to end: answers lie behind it, the last one first. */
  end: usize;
  /** End of the memo's memory. */
  top: usize;
  /** Hash of the text that `find` has just missed. */
  missed: u32;
  /** The entry found or added last: rows that follow each other often hold the same text. */
  last: usize;
}

/** Begins an empty memo of at most `maxEntries` (a power of two) in the `bytes` at `address`. */
export function beginMemo(address: usize, bytes: usize, maxEntries: u32): void {
  const memo = changetype<Memo>(address);
  memo.maxEntries = maxEntries;
  memo.table = address + 64;
  memo.entries = memo.table + 2 * <usize>maxEntries * placeBytes;
  memo.top = address + bytes;
  forget(memo);
}

/** The number remembered for a text, or -1. */
export function find(memo: Memo, start: usize, end: usize): i32 {
  const length = end - start;
  const last = memo.last;
  if (last !== 0 && load<u32>(last, lengthAt) === <u32>length && isSame(last + headBytes, start, length))
    return load<i32>(last, valueAt);
  const hash = hashText(start, length);
  memo.missed = hash;
  const mask = memo.mask;
  let at = hash & mask;
  let place = memo.table + <usize>at * placeBytes;
  let entry = <usize>load<u32>(place, 4);
  while (entry !== 0) {
    if (
      load<u32>(place) === hash &&
      load<u32>(entry, lengthAt) === <u32>length &&
      isSame(entry + headBytes, start, length)
    ) {
      memo.last = entry;
      return load<i32>(entry, valueAt);
    }
    at = (at + 1) & mask;
    place = memo.table + <usize>at * placeBytes;
    entry = <usize>load<u32>(place, 4);
  }
  return -1;
}

/** Remembers `value` (not negative) for the text that `find` has just missed. */
export function add(memo: Memo, start: usize, end: usize, value: i32): void {
  const length = end - start;
  if (length > maxTextBytes) return;
  const size = sizeOfEntry(length);
  if (memo.count === memo.maxEntries || memo.next + size > memo.end) forget(memo);
  if (memo.count * 2 > memo.mask) grow(memo);
  const entry = memo.next;
  memo.next = entry + size;
  memo.count++;
  store<u32>(entry, memo.missed);
  store<u32>(entry, <u32>length, lengthAt);
  store<i32>(entry, value, valueAt);
  memory.copy(entry + headBytes, start, length);
  memo.last = entry;
  insert(memo, entry);
}

/**
 * Remembers `answer` for the text that `find` has just missed, which will find its address: four bytes of length, then
 * the answer; or 0 for none, when `length` is negative.
 */
export function addAnswer(memo: Memo, start: usize, end: usize, answer: usize, length: i32): void {
  if (end - start > maxTextBytes || length > <i32>maxTextBytes) return;
  if (length < 0) {
    add(memo, start, end, 0);
    return;
  }
  const size = (answerHeadBytes + <usize>length + 7) & ~(<usize>7);
  if (memo.count === memo.maxEntries || memo.next + sizeOfEntry(end - start) + size > memo.end) forget(memo);
  memo.end -= size;
  store<i32>(memo.end, length);
  memory.copy(memo.end + answerHeadBytes, answer, length);
  add(memo, start, end, <i32>memo.end);
}

function sizeOfEntry(length: usize): usize {
  return (headBytes + length + 7) & ~(<usize>7);
}

function forget(memo: Memo): void {
  memo.mask = fewestPlaces - 1;
  memo.count = 0;
  memo.next = memo.entries;
  memo.end = memo.top;
  memo.last = 0;
  memory.fill(memo.table, 0, <usize>fewestPlaces * placeBytes);
}

function grow(memo: Memo): void {
  memo.mask = memo.mask * 2 + 1;
  memory.fill(memo.table, 0, (<usize>memo.mask + 1) * placeBytes);
  let entry = memo.entries;
  while (entry < memo.next) {
    insert(memo, entry);
    entry += sizeOfEntry(load<u32>(entry, lengthAt));
  }
}

function insert(memo: Memo, entry: usize): void {
  const hash = load<u32>(entry);
  let at = hash & memo.mask;
  while (load<u32>(memo.table + <usize>at * placeBytes, 4) !== 0) at = (at + 1) & memo.mask;
  const place = memo.table + <usize>at * placeBytes;
  store<u32>(place, hash);
  store<u32>(place, <u32>entry, 4);
}

/** Whether two texts of one length are the same. */
export function isSame(one: usize, other: usize, length: usize): bool {
  let at: usize = 0;
  for (; at + 8 <= length; at += 8) if (load<u64>(one + at) !== load<u64>(other + at)) return false;
  for (; at < length; at++) if (load<u8>(one + at) !== load<u8>(other + at)) return false;
  return true;
}

/** Eight bytes a step: a step waits for the multiplication before it. */
function hashText(start: usize, length: usize): u32 {
  let hash: u64 = length;
  let at = start;
  let left = length;
  for (; left >= 8; at += 8, left -= 8) {
    hash = (hash ^ load<u64>(at)) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 29;
  }
  if (left > 0) {
    const last = load<u64>(at) & (((<u64>1) << ((<u64>left) << 3)) - 1);
    hash = (hash ^ last) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 29;
  }
  return <u32>hash ^ <u32>(hash >> 32);
}
