import { statSync } from "node:fs";
import pLimit from "p-limit";
import { exitCodes, LamsachError } from "../errors.js";
import { openSource } from "../ingest/open-source.js";
import type { Source } from "../ingest/source.js";
import type { PlannedInput, RunPlan } from "./plan-run.js";

/** Files are decoded by the main thread: more at once would only take turns. */
const openedAtOnce = 2;

/**
 * Opens the inputs of a run, decoded copies in `workDir`, in the inputs' order. Throws `LamsachError` (exit 3) with
 * every file that cannot be read and why: one bad delivery must not look like a smaller one.
 */
export async function openInputs(plan: RunPlan, workDir: string): Promise<Source[]> {
  const limit = pLimit(openedAtOnce);
  const { sources, columns, rules } = plan.pipeline;
  const settings = { workDir, sources, aliases: columns.aliases, limits: rules.limits };
  const opened = await Promise.all(plan.inputs.map((input) => limit(() => openSource(input, settings))));
  const refused = opened.filter((source) => "reason" in source);
  if (refused.length > 0) {
    const lines = refused.map(({ name, reason }) => `${name}: ${reason}`);
    throw new LamsachError(exitCodes.input, `${lines.join("\n")}\nNothing of this run is published.`);
  }
  return opened.filter((source) => "bytesPath" in source);
}

/** What tells that a file is still the one that was planned, without reading it. */
export function stampFile(file: string): string {
  const { size, mtimeMs, ino } = statSync(file);
  return `${size} ${mtimeMs} ${ino}`;
}

/** Throws `LamsachError` (exit 3) when an input has changed, grown or been replaced since it was planned. */
export function requireUnchanged(inputs: readonly PlannedInput[]): void {
  const changed = inputs.filter(({ path, stamp }) => stampFile(path) !== stamp).map(({ name }) => name);
  if (changed.length === 0) return;
  throw new LamsachError(
    exitCodes.input,
    `${changed.join(", ")}: the file changed while it was read; expected it to stay as it was. Nothing is published; run again when the delivery is complete.`,
  );
}
