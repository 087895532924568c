import { addFindingBit, findingBit, findingWords } from "../judge/findings.js";
import type { AddedFinding } from "./reconcile.js";

/** Findings that records have because of other records. */
export interface Additions {
  readonly records: Uint32Array<ArrayBufferLike>;
  /** Bit positions of the findings. */
  readonly bits: Uint8Array<ArrayBufferLike>;
}

/** A list of such findings as numbers, in its order. */
export function packAdditions(added: readonly AddedFinding[]): Additions {
  return {
    records: Uint32Array.from(added, ({ record }) => record),
    bits: Uint8Array.from(added, ({ finding }) => findingBit(finding)),
  };
}

/** Such findings as the bytes of a file: all records, then all bits. */
export function encodeAdditions({ records, bits }: Additions): Uint8Array {
  const bytes = new Uint8Array(records.length * bytesPerAddition);
  bytes.set(new Uint8Array(records.buffer, records.byteOffset, records.byteLength));
  bytes.set(bits, records.byteLength);
  return bytes;
}

/** The reverse of `encodeAdditions`; null when the bytes are not whole. */
export function decodeAdditions(file: Uint8Array): Additions | null {
  const count = file.length / bytesPerAddition;
  if (!Number.isInteger(count)) return null;
  // Trap: the slice of a Buffer is a view of memory that holds other things too.
  const bytes = new Uint8Array(file);
  return { records: new Uint32Array(bytes.buffer, 0, count), bits: bytes.subarray(count * 4) };
}

const bytesPerAddition = 5;

/** Joins such findings and puts them in order of their records, in memory that threads share. */
export function joinAdditions(parts: readonly Additions[]): Additions {
  const keys = new Float64Array(parts.reduce((sum, part) => sum + part.records.length, 0));
  let next = 0;
  for (const part of parts) {
    for (let at = 0; at < part.records.length; at++) {
      keys[next++] = (part.records[at] as number) * 256 + (part.bits[at] as number);
    }
  }
  keys.sort();
  const records = new Uint32Array(new SharedArrayBuffer(keys.length * 4));
  const bits = new Uint8Array(new SharedArrayBuffer(keys.length));
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] as number;
    records[at] = Math.floor(key / 256);
    bits[at] = key % 256;
  }
  return { records, bits };
}

/** Adds them to the findings of records that count as they do. */
export function applyAdditions({ records, bits }: Additions, findings: Uint32Array): void {
  for (let at = 0; at < records.length; at++) {
    addFindingBit(findings, (records[at] as number) * findingWords, bits[at] as number);
  }
}

/** Those of records `first .. first + count - 1`, as a copy in which records count from `first`. */
export function sliceAdditions({ records, bits }: Additions, first: number, count: number): Additions {
  const from = findAddition(records, first);
  const to = findAddition(records, first + count);
  return { records: records.slice(from, to).map((record) => record - first), bits: bits.slice(from, to) };
}

/** Position of the first addition to `record` or a later one. */
function findAddition(records: Uint32Array, record: number): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((records[middle] as number) < record) low = middle + 1;
    else high = middle;
  }
  return low;
}
