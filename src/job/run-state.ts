import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { exitCodes, LamsachError } from "../errors.js";
import { writeFileAtomic } from "./atomic-file.js";
import { locateRun, type RunPaths } from "./workspace.js";

const stateSchema = z.strictObject({
  format: z.literal(1),
  pipelineFile: z.string(),
  identity: z.strictObject({
    pipeline: z.string(),
    policy: z.string(),
    tables: z.string(),
    rules: z.string(),
    register: z.string().nullable(),
    asOf: z.string(),
    inputs: z.array(z.strictObject({ name: z.string(), sha256: z.string() })),
  }),
  registerPath: z.string().nullable(),
  policyName: z.string(),
  sources: z.array(z.string()),
  shards: z.array(z.strictObject({ source: z.int(), file: z.string() })),
  repeats: z.array(
    z.strictObject({
      record: z.int().nonnegative(),
      finding: z.enum(["record.delivered-twice", "record.conflicting-content"]),
    }),
  ),
});

/** What is kept of a finished run, beside its outputs, for `judge` and `explain`. Holds no record. */
export type RunState = z.infer<typeof stateSchema>;

/** Writes a run's state at once; shard files are named within the run's own folder. */
export function writeRunState(paths: RunPaths, state: RunState): void {
  writeFileAtomic(paths.state, `${JSON.stringify(state)}\n`);
}

/** Reads the state of the published run in `runDir`. Throws `LamsachError` (exit 2) when nothing is kept of it. */
export function readRunState(runDir: string): { state: RunState; paths: RunPaths } {
  const paths = locateRun(path.dirname(runDir), path.basename(runDir));
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(paths.state, "utf8"));
  } catch {
    throw notKept(runDir);
  }
  const state = stateSchema.safeParse(content);
  if (!state.success) throw notKept(runDir);
  return { state: state.data, paths };
}

function notKept(runDir: string): LamsachError {
  return new LamsachError(
    exitCodes.usage,
    `${runDir}: the assessments of this run are not kept here; expected its work folder beside it. Run it again, or name another run.`,
  );
}
