import path from "node:path";
import { fingerprint } from "../pipeline/fingerprint.js";
import type { Pipeline } from "../pipeline/pipeline.js";

/** The series of runs on the inputs that the pipeline itself names. */
export const ownSeries = "pipeline";

/**
 * The series a run belongs to: only runs of one series can be held against each other, since one on a province's file
 * says nothing of a night on the nation's. It follows from where the inputs are looked for, not from what is there:
 * `pipeline` for the pipeline's own patterns, whatever they are, else `input-` and 12 hex digits, the same for the same
 * patterns in any order. `inputs` are relative to `cwd`.
 */
export function nameSeries(
  inputs: readonly string[],
  cwd: string,
  pipeline: Pick<Pipeline, "file" | "inputs">,
): string {
  if (inputs.length === 0) return ownSeries;
  const asked = resolveAll(inputs, cwd);
  const own = resolveAll(pipeline.inputs, path.dirname(pipeline.file));
  if (fingerprint(asked) === fingerprint(own)) return ownSeries;
  return `input-${fingerprint(asked).slice(0, 12)}`;
}

function resolveAll(patterns: readonly string[], folder: string): string[] {
  return [...new Set(patterns.map((pattern) => path.resolve(folder, pattern)))].sort();
}
