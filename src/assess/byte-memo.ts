/**
 * Remembers a number for each distinct byte text, so that a column with few distinct values is understood once per
 * value. Forgets everything when it has grown past its limit: a column with many values costs time, not memory.
 */
export class ByteMemo {
  #table = new Int32Array(1 << 10);
  #hashes = new Int32Array(1 << 9);
  #starts = new Int32Array((1 << 9) + 1);
  #values = new Int32Array(1 << 9);
  #arena = new Uint8Array(1 << 14);
  #count = 0;
  #hash = 0;
  /** The entry found or added last: rows that follow each other often hold the same text. */
  #last = -1;

  constructor(private readonly maxEntries = 1 << 16) {}

  /** The number remembered for `bytes[start, end)`, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    if (this.#last >= 0 && this.#isEntry(this.#last, bytes, start, end))
      return this.#values[this.#last] as number;
    const hash = hashWords(bytes, start, end);
    this.#hash = hash;
    const table = this.#table;
    const mask = table.length - 1;
    for (let probe = hash & mask; ; probe = (probe + 1) & mask) {
      const entry = (table[probe] as number) - 1;
      if (entry < 0) return -1;
      if (this.#hashes[entry] === hash && this.#isEntry(entry, bytes, start, end)) {
        this.#last = entry;
        return this.#values[entry] as number;
      }
    }
  }

  /** Remembers `value` (not negative) for the text that `find` has just missed. */
  add(bytes: Uint8Array, start: number, end: number, value: number): void {
    if (this.#count === this.maxEntries) this.#clear();
    if (this.#count === this.#hashes.length) this.#grow();
    const entry = this.#count++;
    const from = this.#starts[entry] as number;
    const length = end - start;
    if (from + length > this.#arena.length) {
      const arena = new Uint8Array(2 * (from + length));
      arena.set(this.#arena);
      this.#arena = arena;
    }
    this.#arena.set(bytes.subarray(start, end), from);
    this.#starts[entry + 1] = from + length;
    this.#hashes[entry] = this.#hash;
    this.#values[entry] = value;
    this.#last = entry;
    this.#insert(entry);
  }

  #insert(entry: number): void {
    const mask = this.#table.length - 1;
    let probe = (this.#hashes[entry] as number) & mask;
    while (this.#table[probe] !== 0) probe = (probe + 1) & mask;
    this.#table[probe] = entry + 1;
  }

  #isEntry(entry: number, bytes: Uint8Array, start: number, end: number): boolean {
    const arena = this.#arena;
    const from = this.#starts[entry] as number;
    if ((this.#starts[entry + 1] as number) - from !== end - start) return false;
    for (let at = start, own = from; at < end; at++, own++) if (bytes[at] !== arena[own]) return false;
    return true;
  }

  #grow(): void {
    const size = this.#hashes.length * 2;
    this.#hashes = copyInto(new Int32Array(size), this.#hashes);
    this.#values = copyInto(new Int32Array(size), this.#values);
    this.#starts = copyInto(new Int32Array(size + 1), this.#starts);
    this.#table = new Int32Array(size * 2);
    for (let entry = 0; entry < this.#count; entry++) this.#insert(entry);
  }

  #clear(): void {
    this.#count = 0;
    this.#last = -1;
    this.#table.fill(0);
  }
}

/** A hash of `bytes[start, end)`, four bytes a step: a step waits for the multiplication before it. */
function hashWords(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (const last = end - 3; at < last; at += 4) {
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    hash = Math.imul(hash ^ word, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash ^ (hash >>> 15);
}

function copyInto(target: Int32Array<ArrayBuffer>, source: Int32Array): Int32Array<ArrayBuffer> {
  target.set(source);
  return target;
}
