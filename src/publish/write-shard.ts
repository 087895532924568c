import path from "node:path";
import { outputLength, writeOutputAt } from "../storage/output-file.js";
import type { FileSeal } from "../storage/sealed-file.js";
import { claimOffsets, type OffsetClaims } from "./offset-claims.js";
import { setNames } from "./set-columns.js";

/** Where a shard's bytes belong. */
export interface ShardPlace {
  /** Places in the run's files, claimed in turn. */
  readonly claims: OffsetClaims;
  readonly turn: number;
  /** Position of the source in the run. */
  readonly sourceIndex: number;
  /** The staging folder, and the files in it: three sets for each source, then the change log. */
  readonly root: string;
  readonly names: readonly string[];
  /** Of a run that is sealed: the seals of the source's three sets and of the change log. */
  readonly seals: readonly FileSeal[] | null;
}

/**
 * Claims a shard's place in the files of its source's sets and in the change log, and writes its bytes (in that order)
 * there. Gives how many bytes each takes; null, with nothing claimed, when its turn does not come within `waitMs`. Errors
 * as the file system's.
 */
export function writeShardBytes(
  { claims, turn, sourceIndex, root, names, seals }: ShardPlace,
  bytes: readonly Uint8Array[],
  waitMs: number,
): number[] | null {
  const files = [...setNames.keys()].map((position) => sourceIndex * setNames.length + position);
  files.push(names.length - 1);
  const sealOf = (position: number): FileSeal | null => seals?.[position] ?? null;
  const sizes = bytes.map(({ length }, position) => outputLength(length, sealOf(position)));
  const offsets = claimOffsets(claims, turn, files, sizes, waitMs);
  if (offsets === null) return null;
  for (const [position, part] of bytes.entries()) {
    const name = names[files[position] as number] as string;
    writeOutputAt(path.join(root, name), offsets[position] as number, part, sealOf(position));
  }
  return sizes;
}
