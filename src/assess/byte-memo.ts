/** Words of an entry: hash, where its text begins in the arena, the text's length, the number remembered. */
const entryWords = 4;
const lengthAt = 1;
const startAt = 2;
const valueAt = 3;

/**
 * Remembers a number for each distinct byte text, so that a column with few distinct values is understood once per
 * value. Forgets everything when it has grown past its limit: a column with many values costs time, not memory.
 */
export class ByteMemo {
  #table = new Int32Array(1 << 10);
  /** What belongs together lies together: texts are looked up in any order, and memory far apart is slow. */
  #entries = new Int32Array(entryWords << 9);
  #arena = new Uint8Array(1 << 14);
  #arenaView: DataView = new DataView(this.#arena.buffer);
  #filled = 0;
  /** The memory that was asked about last. */
  #bytes: Uint8Array = this.#arena;
  #view: DataView = this.#arenaView;
  #count = 0;
  #hash = 0;
  /** The entry found or added last: rows that follow each other often hold the same text. */
  #last = -1;

  constructor(private readonly maxEntries = 1 << 16) {}

  /** The number remembered for `bytes[start, end)`, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    const view = this.#view;
    const entries = this.#entries;
    const length = end - start;
    const last = this.#last;
    if (last >= 0 && entries[last + lengthAt] === length && this.#isText(last, view, start, end))
      return entries[last + valueAt] as number;
    const hash = hashText(view, start, end);
    this.#hash = hash;
    const table = this.#table;
    const mask = table.length - 1;
    for (let probe = hash & mask; ; probe = (probe + 1) & mask) {
      const entry = (table[probe] as number) - 1;
      if (entry < 0) return -1;
      if (entries[entry] !== hash || entries[entry + lengthAt] !== length) continue;
      if (this.#isText(entry, view, start, end)) {
        this.#last = entry;
        return entries[entry + valueAt] as number;
      }
    }
  }

  /** Remembers `value` (not negative) for the text that `find` has just missed. */
  add(bytes: Uint8Array, start: number, end: number, value: number): void {
    if (this.#count === this.maxEntries) this.#clear();
    const entry = this.#count++ * entryWords;
    if (entry === this.#entries.length) this.#grow();
    const from = this.#filled;
    const length = end - start;
    if (from + length > this.#arena.length) this.#growArena(from + length);
    this.#arena.set(bytes.subarray(start, end), from);
    this.#filled = from + length;
    this.#entries[entry] = this.#hash;
    this.#entries[entry + startAt] = from;
    this.#entries[entry + lengthAt] = length;
    this.#entries[entry + valueAt] = value;
    this.#last = entry;
    this.#insert(entry);
  }

  #insert(entry: number): void {
    const mask = this.#table.length - 1;
    let probe = (this.#entries[entry] as number) & mask;
    while (this.#table[probe] !== 0) probe = (probe + 1) & mask;
    this.#table[probe] = entry + 1;
  }

  /** Whether an entry of this length is the text. */
  #isText(entry: number, view: DataView, start: number, end: number): boolean {
    const arena = this.#arenaView;
    let own = this.#entries[entry + startAt] as number;
    let at = start;
    for (const last = end - 4; at <= last; at += 4, own += 4)
      if (view.getInt32(at, true) !== arena.getInt32(own, true)) return false;
    for (; at < end; at++, own++) if (view.getUint8(at) !== arena.getUint8(own)) return false;
    return true;
  }

  #grow(): void {
    const entries = new Int32Array(this.#entries.length * 2);
    entries.set(this.#entries);
    const known = this.#entries.length;
    this.#entries = entries;
    this.#table = new Int32Array(this.#table.length * 2);
    for (let entry = 0; entry < known; entry += entryWords) this.#insert(entry);
  }

  #growArena(needed: number): void {
    const arena = new Uint8Array(2 * needed);
    arena.set(this.#arena);
    this.#arena = arena;
    this.#arenaView = new DataView(arena.buffer);
  }

  #clear(): void {
    this.#count = 0;
    this.#filled = 0;
    this.#last = -1;
    this.#table.fill(0);
  }
}

/** A hash of the bytes from `start` to `end`, four a step: a step waits for the multiplication before it. */
function hashText(view: DataView, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (const last = end - 4; at <= last; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ view.getUint8(at), 0x01000193);
  return hash ^ (hash >>> 15);
}
