import { readFully } from "../storage/nameless-file.js";
import { type RowPosition, sortPartition } from "./person-spool.js";
import { type StoredPeople, storePeople } from "./sorted-people.js";

/** One partition of the spooled people: where its records are, and where its people go. */
export interface PartitionTask {
  readonly spoolFile: number;
  /** Pieces of the spool, in the order of the rows. */
  readonly offsets: Float64Array;
  readonly lengths: Float64Array;
  readonly people: number;
  readonly firstSlot: number;
  /** Of the whole index, shared by all threads. */
  readonly words: Int32Array;
}

/** A partition as it is stored, or the rows that make it impossible to store. */
export interface PartitionOutcome {
  readonly duplicates: readonly RowPosition[];
  /** The sorted people, for the register's version; null when there are duplicates. */
  readonly content: Uint8Array | null;
  readonly stored: StoredPeople | null;
}

/** Sorts a partition and lays its people out. */
export function storePartition(task: PartitionTask): PartitionOutcome {
  const { spoolFile, offsets, lengths, people, firstSlot, words } = task;
  const bytes = Buffer.allocUnsafeSlow(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const [piece, length] of lengths.entries()) {
    if (readFully(spoolFile, bytes, at, length, offsets[piece] as number) < length)
      throw new Error("the spool file is shorter than what was written to it");
    at += length;
  }
  const { duplicates, content } = sortPartition(bytes);
  if (duplicates.length > 0) return { duplicates, content: null, stored: null };
  return { duplicates, content, stored: storePeople(content, people, firstSlot, words) };
}
