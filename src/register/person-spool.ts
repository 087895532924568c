import { mixHigh, mixLow } from "./number-mix.js";
import { PartitionSpool } from "./partition-spool.js";
import { packSecondWord } from "./register-index.js";
import type { EncodedRow } from "./register-row.js";

/** Partitions are the top 8 bits of the mixed number. */
export const personPartitions = 256;

/** Where a row was delivered; positions order as (file, line). */
export interface RowPosition {
  /** Position of the file in the inputs. */
  readonly file: number;
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
 * A spooled record, in 32-bit words: sort key (lower 32 of the 40 mixed bits; the upper 8 are the partition), file,
 * line, w0, w1, w2, w3, bytes of text, text padded to a multiple of 4. The texts cannot hold the separator: rows with
 * control characters are refused before.
 */
const headBytes = 32;
const positionBytes = 12;
/** Bytes of a person in a partition's content before the texts. */
export const contentHeadBytes = headBytes - positionBytes;
const separator = "\u001f";
/** Sort keys carry the record's position in their lower 21 bits: 53 bits in all, what a double holds. */
const maxPartitionRows = 2 ** 21;

/** Owner of the spooled people; `add` in any order, then `sortPartition` from 0 up gives all of them in slot order. */
export class PersonSpool {
  readonly #spool: PartitionSpool;
  #scratch = Buffer.alloc(4096);

  constructor(directory: string, blockBytes?: number) {
    this.#spool = new PartitionSpool({
      directory,
      partitions: personPartitions,
      ...(blockBytes === undefined ? {} : { blockBytes }),
    });
  }

  add(row: EncodedRow, file: number, line: number): void {
    const mixedLow = mixLow(row.high6, row.low6);
    const mixedHigh = mixHigh(row.high6, row.low6, mixedLow);
    const number = row.high6 * 1_000_000 + row.low6;
    const text = [
      row.fullName,
      row.birthDate,
      row.legacyId,
      row.replacedBy,
      row.provinceCode,
      row.districtCode,
      row.wardCode,
    ].join(separator);
    // A UTF-16 unit takes at most three bytes.
    const mostBytes = headBytes + text.length * 3 + 4;
    if (mostBytes > this.#scratch.length) this.#scratch = Buffer.alloc(mostBytes);
    const scratch = this.#scratch;
    const textBytes = scratch.write(text, headBytes, "utf8");
    const length = headBytes + padTo4(textBytes);
    scratch.fill(0, headBytes + textBytes, length);
    scratch.writeInt32LE((mixedHigh << 20) | mixedLow, 0);
    scratch.writeInt32LE(file, 4);
    scratch.writeInt32LE(line, 8);
    scratch.writeInt32LE(number | 0, 12);
    scratch.writeInt32LE(
      packSecondWord({
        number,
        birthDay: row.birthDay,
        yearOnly: row.yearOnly,
        sex: row.sex,
        status: row.status,
      }),
      16,
    );
    scratch.writeInt32LE(row.markedHash, 20);
    scratch.writeInt32LE(row.foldedHash, 24);
    scratch.writeInt32LE(textBytes, 28);
    this.#spool.append(mixedHigh >>> 12, scratch, length);
  }

  /** The people of a partition in slot order; may be asked once. */
  sortPartition(partition: number): SortedPartition {
    const bytes = this.#spool.take(partition);
    const offsets = findRecords(bytes);
    const people = offsets.length;
    if (people > maxPartitionRows)
      throw new RangeError("a partition holds more rows than its sort keys can tell apart");
    const keys = new Float64Array(people);
    for (let at = 0; at < people; at++) {
      keys[at] = bytes.readUInt32LE(offsets[at] as number) * maxPartitionRows + at;
    }
    keys.sort();
    return collectSorted(bytes, offsets, keys);
  }

  close(): void {
    this.#spool.close();
  }
}

function findRecords(bytes: Buffer): number[] {
  const offsets: number[] = [];
  for (let at = 0; at < bytes.length; at += headBytes + padTo4(bytes.readInt32LE(at + 28))) offsets.push(at);
  return offsets;
}

function collectSorted(bytes: Buffer, offsets: readonly number[], keys: Float64Array): SortedPartition {
  const content = Buffer.allocUnsafeSlow(bytes.length - offsets.length * positionBytes);
  const duplicates: RowPosition[] = [];
  let end = 0;
  let previousKey = -1;
  for (const key of keys) {
    const offset = offsets[key % maxPartitionRows] as number;
    const length = contentHeadBytes + padTo4(bytes.readInt32LE(offset + 28));
    bytes.copy(content, end, offset + positionBytes, offset + positionBytes + length);
    end += length;
    const sortKey = Math.floor(key / maxPartitionRows);
    if (sortKey === previousKey) {
      duplicates.push({ file: bytes.readInt32LE(offset + 4), line: bytes.readInt32LE(offset + 8) });
    }
    previousKey = sortKey;
  }
  return { people: offsets.length, content, duplicates };
}

/** Texts are padded so that every record begins at a multiple of four. */
export function padTo4(bytes: number): number {
  return (bytes + 3) & ~3;
}
