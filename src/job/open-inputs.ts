import pLimit from "p-limit";
import { exitCodes, LamsachError } from "../errors.js";
import { openSource } from "../ingest/open-source.js";
import type { Refusal, Source } from "../ingest/source.js";
import type { MemoryFolder } from "../storage/memory-folder.js";
import { findControlFault, type PlannedInput, stampFile } from "./plan-inputs.js";
import type { RunPlan } from "./plan-run.js";

/** Files are decoded by the main thread: more at once would only take turns. */
const openedAtOnce = 2;

/** The inputs of a run that can be read, and those that are left out of it. */
export interface OpenedInputs {
  readonly sources: readonly Source[];
  readonly leftOut: readonly Pick<Refusal, "name" | "reason" | "reasonVi">[];
}

/** Where decoded copies of the inputs go. */
export interface CopyPlace {
  readonly workDir: string;
  /** Null: copies may stand on the disk while the run works. */
  readonly memory: Pick<MemoryFolder, "keepNameless"> | null;
}

/**
 * Opens the inputs of a run, decoded copies in the given place, in the inputs' order. Throws `LamsachError` (exit 3) with
 * every file that cannot be read and why: one bad delivery must not look like a smaller one, unless the pipeline says
 * that it may be left out, and another can be read; and the reason of `stop` before the next file once it is aborted.
 */
export async function openInputs(
  plan: RunPlan,
  { workDir, memory }: CopyPlace,
  stop: AbortSignal,
): Promise<OpenedInputs> {
  const limit = pLimit(openedAtOnce);
  const { sources, columns, rules, deliveries } = plan.pipeline;
  const settings = { workDir, sources, aliases: columns.aliases, limits: rules.limits };
  const open = async (input: PlannedInput): ReturnType<typeof openSource> => {
    stop.throwIfAborted();
    const fault = findControlFault(input, deliveries);
    if (fault === null) return openSource(input, settings);
    return { name: input.name, path: input.path, reason: fault.reason, reasonVi: fault.reasonVi };
  };
  const opened = await Promise.all(plan.inputs.map((input) => limit(open, input)));
  const refused = [...plan.unreadable, ...opened.filter((source) => "reason" in source)].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  const read = opened.filter((source) => "bytesPath" in source);
  const maySpare = deliveries.onRefused === "leave-out" && read.length > 0;
  if (refused.length > 0 && !maySpare) throw refuseInputs(refused);
  const leftOut = refused.map(({ name, reason, reasonVi }) => ({ name, reason, reasonVi }));
  if (memory === null) return { sources: read, leftOut };
  const hidden = read.map((source) =>
    source.bytesPath === source.path
      ? source
      : { ...source, bytesPath: memory.keepNameless(source.bytesPath) },
  );
  return { sources: hidden, leftOut };
}

/** The failure of a run that stops for deliveries that cannot be taken. */
export function refuseInputs(refused: OpenedInputs["leftOut"]): LamsachError {
  const lines = refused.map(({ name, reason }) => `${name}: ${reason}`);
  return new LamsachError(exitCodes.input, `${lines.join("\n")}\nNothing of this run is published.`);
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
