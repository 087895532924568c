import { addFindingBit, findingBit, findingWords } from "../judge/findings.js";
import type { AddedFinding } from "./reconcile.js";

/** Findings that records have because of other records, by record; in memory that threads share. */
export interface Additions {
  readonly records: Uint32Array<ArrayBufferLike>;
  /** Bit positions of the findings. */
  readonly bits: Uint8Array<ArrayBufferLike>;
}

/** Puts findings in order of their records. */
export function orderAdditions(added: readonly AddedFinding[]): Additions {
  const keys = Float64Array.from(added, ({ record, finding }) => record * 256 + findingBit(finding)).sort();
  const records = new Uint32Array(new SharedArrayBuffer(keys.length * 4));
  const bits = new Uint8Array(new SharedArrayBuffer(keys.length));
  for (const [position, key] of keys.entries()) {
    records[position] = Math.floor(key / 256);
    bits[position] = key % 256;
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
