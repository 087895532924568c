import { mixHigh, mixLow } from "./number-mix.js";
import { packSecondWord } from "./register-index.js";
import type { RowNumbers } from "./register-row.js";

/** Partitions are the top 8 bits of the mixed number. */
export const personPartitions = 256;

/** Where a row was delivered; positions order as (part, line). */
export interface RowPosition {
  /** Position of the shard (of the file, in messages) among those read. */
  readonly part: number;
  /** Physical line, counted from 0 at the shard's first (from 1 in messages). */
  readonly line: number;
}

/** People of one partition in slot order. */
export interface SortedPartition {
  readonly people: number;
  /** Per person w0, w1, w2, w3, text bytes, text padded to a multiple of 4: the same bytes for the same people. */
  readonly content: Buffer;
  /** Rows whose number an earlier row already had. */
  readonly duplicates: readonly RowPosition[];
}

/*
 * A spooled record, in 32-bit words: sort key (lower 32 of the 40 mixed bits; the upper 8 are the partition), shard,
 * line, w0, w1, w2, w3, bytes of text, text padded to a multiple of 4. The texts cannot hold their separator: rows with
 * control characters are refused before.
 */
const headWords = 8;
const headBytes = headWords * 4;
const positionBytes = 12;
/** Bytes of a person in a partition's content before the texts. */
export const contentHeadBytes = headBytes - positionBytes;
/** Separators, the dashes of a compact date, and the padding: what a record's text may have more than its row. */
const slackBytes = 16;
/** Sort keys carry the record's position in their lower 21 bits: 53 bits in all, what a double holds. */
const maxPartitionRows = 2 ** 21;
const firstRoom = 2048;

/** People of one shard, as records by partition; kept from shard to shard, because fresh memory is dear. */
export class PersonRecords {
  readonly #bytes: Buffer[] = [];
  readonly #words: Int32Array[] = [];
  readonly #used = new Uint32Array(personPartitions);
  readonly #rows = new Uint32Array(personPartitions);
  #partition = 0;
  #key = 0;

  constructor() {
    for (let partition = 0; partition < personPartitions; partition++) this.#setRoom(partition, firstRoom);
  }

  /**
   * Bytes to write the next person's text into, from `textStart` on: room for `textBytes` and the separators. What was
   * written counts only once `add` follows; otherwise the next record takes its place.
   */
  begin(high6: number, low6: number, textBytes: number): Buffer {
    const mixedLow = mixLow(high6, low6);
    const mixedHigh = mixHigh(high6, low6, mixedLow);
    this.#partition = mixedHigh >>> 12;
    this.#key = (mixedHigh << 20) | mixedLow;
    const needed = (this.#used[this.#partition] as number) + headBytes + textBytes + slackBytes;
    const room = (this.#bytes[this.#partition] as Buffer).length;
    if (needed > room) this.#setRoom(this.#partition, (Math.max(needed, 2 * room) + 3) & ~3);
    return this.#bytes[this.#partition] as Buffer;
  }

  /** Where the begun person's text is to begin in the bytes. */
  get textStart(): number {
    return (this.#used[this.#partition] as number) + headBytes;
  }

  /** Adds the begun person, whose text ends at `textEnd`. */
  add(row: RowNumbers, textEnd: number, shard: number, line: number): void {
    const partition = this.#partition;
    const bytes = this.#bytes[partition] as Buffer;
    const words = this.#words[partition] as Int32Array;
    const start = this.#used[partition] as number;
    const textBytes = textEnd - start - headBytes;
    const at = start >> 2;
    const number = row.high6 * 1_000_000 + row.low6;
    words[at] = this.#key;
    words[at + 1] = shard;
    words[at + 2] = line;
    words[at + 3] = number | 0;
    words[at + 4] = packSecondWord(number, row);
    words[at + 5] = row.markedHash;
    words[at + 6] = row.foldedHash;
    words[at + 7] = textBytes;
    let end = textEnd;
    for (const padded = start + headBytes + padTo4(textBytes); end < padded; end++) bytes[end] = 0;
    this.#used[partition] = end;
    this.#rows[partition] = (this.#rows[partition] as number) + 1;
  }

  /** The records of each partition (views, good until `clear`), and how many they are. */
  view(): { readonly parts: readonly Buffer[]; readonly rows: Uint32Array } {
    const parts = this.#bytes.map((bytes, partition) => bytes.subarray(0, this.#used[partition]));
    return { parts, rows: this.#rows.slice() };
  }

  clear(): void {
    this.#used.fill(0);
    this.#rows.fill(0);
  }

  #setRoom(partition: number, room: number): void {
    const bytes = Buffer.allocUnsafeSlow(room);
    this.#bytes[partition]?.copy(bytes, 0, 0, this.#used[partition]);
    this.#bytes[partition] = bytes;
    this.#words[partition] = new Int32Array(bytes.buffer, bytes.byteOffset, room >> 2);
  }
}

/** Sorts the records of a partition, which come in the order of their rows, into slot order. */
export function sortPartition(bytes: Buffer): SortedPartition {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  const offsets = findRecords(words);
  const people = offsets.length;
  if (people > maxPartitionRows)
    throw new RangeError("a partition holds more rows than its sort keys can tell apart");
  const keys = new Float64Array(people);
  for (let at = 0; at < people; at++) {
    keys[at] = ((words[offsets[at] as number] as number) >>> 0) * maxPartitionRows + at;
  }
  keys.sort();
  return collectSorted(words, offsets, keys);
}

/** Where each record begins, in words. */
function findRecords(words: Int32Array): number[] {
  const offsets: number[] = [];
  for (let at = 0; at < words.length; at += headWords + (((words[at + 7] as number) + 3) >> 2))
    offsets.push(at);
  return offsets;
}

function collectSorted(words: Int32Array, offsets: readonly number[], keys: Float64Array): SortedPartition {
  const content = Buffer.allocUnsafeSlow(words.length * 4 - offsets.length * positionBytes);
  const target = new Int32Array(content.buffer, content.byteOffset, content.length >> 2);
  const duplicates: RowPosition[] = [];
  let end = 0;
  let previousKey = -1;
  for (const key of keys) {
    const offset = offsets[key % maxPartitionRows] as number;
    const last = offset + headWords + (((words[offset + 7] as number) + 3) >> 2);
    for (let at = offset + 3; at < last; at++) target[end++] = words[at] as number;
    const sortKey = Math.floor(key / maxPartitionRows);
    if (sortKey === previousKey) {
      duplicates.push({ part: words[offset + 1] as number, line: words[offset + 2] as number });
    }
    previousKey = sortKey;
  }
  return { people: offsets.length, content, duplicates };
}

/** Texts are padded so that every record begins at a multiple of four. */
export function padTo4(bytes: number): number {
  return (bytes + 3) & ~3;
}
