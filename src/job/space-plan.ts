import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import type { Source } from "../ingest/source.js";
import { formatMegabytes, requireSpace } from "../storage/space-check.js";
import type { PlannedInput } from "./plan-inputs.js";
import type { RunPlan } from "./plan-run.js";
import type { RunPaths } from "./workspace.js";

/** Bytes of the sets and the change log for a byte of decoded input, and of the checkpoints. Measured at 10 M rows. */
const setsPerByte = 2.2;
const checkpointsPerByte = 0.4;
/** Report, ledger and manifest. */
const fixedBytes = 8 << 20;
/** How much longer the text of a compressed delivery is, about. */
const expansion: readonly (readonly [name: RegExp, ratio: number])[] = [
  [/\.gz$/i, 6],
  [/\.xlsx$/i, 5],
];

/** Bytes a run will write, by the names and sizes of its inputs: what is decoded is kept until the sets are written. */
export function estimateRunBytes(inputs: readonly Pick<PlannedInput, "name" | "bytes">[]): number {
  let bytes = fixedBytes;
  for (const { name, bytes: delivered } of inputs) {
    const ratio = expansion.find(([ending]) => ending.test(name))?.[1];
    bytes += delivered * (ratio ?? 1) * (setsPerByte + checkpointsPerByte) + delivered * (ratio ?? 0);
  }
  return bytes;
}

/** Throws `LamsachError` (exit 4) when the output folder has less room than the run is expected to need. */
export function requireRunSpace({ out, inputs }: Pick<RunPlan, "out" | "inputs">, paths: RunPaths): void {
  const delivered = inputs.reduce((sum, { bytes }) => sum + bytes, 0);
  requireSpace({
    place: out,
    neededBytes: estimateRunBytes(inputs) - sumFiles(paths.shards),
    what: `${formatMegabytes(delivered)} of input (sets, checkpoints, decoded copies)`,
  });
}

/** The same once the inputs are decoded, when their length is known. */
export function requireSetSpace(
  { out }: Pick<RunPlan, "out">,
  sources: readonly Pick<Source, "byteLength">[],
  paths: RunPaths,
): void {
  const decoded = sources.reduce((sum, { byteLength }) => sum + byteLength, 0);
  requireSpace({
    place: out,
    neededBytes: fixedBytes + decoded * (setsPerByte + checkpointsPerByte) - sumFiles(paths.shards),
    what: `${formatMegabytes(decoded)} of decoded input (sets, checkpoints)`,
  });
}

/** Bytes of the files in a folder: what an earlier start has left is not written again. */
function sumFiles(folder: string): number {
  try {
    return readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
  } catch {
    return 0;
  }
}
