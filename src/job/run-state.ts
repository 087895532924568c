import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { exitCodes, LamsachError } from "../errors.js";
import { canonicalColumns, type Source } from "../ingest/source.js";
import { writeFileAtomic } from "../storage/atomic-file.js";
import { runIdentitySchema } from "./run-identity.js";
import { findOutputFolder, locateRun, type RunPaths } from "./workspace.js";

const doseColumns = z.strictObject({
  vaccine: z.int(),
  vaccination_date: z.int(),
  lot_no: z.int(),
  facility_code: z.int(),
});

/** How a source's rows are laid out; enough to understand a row of its set files again. */
const keptSourceSchema = z.strictObject({
  name: z.string(),
  layout: z.enum(["long", "wide"]),
  /** Delivered columns. Their headers stay in the set files: one that names no column may be anything. */
  width: z.int().positive(),
  columns: z.record(z.enum(canonicalColumns), z.int()),
  doses: z.array(doseColumns),
  coding: z.strictObject({
    name: z.string(),
    sex: z.strictObject({ male: z.array(z.string()), female: z.array(z.string()) }),
  }),
});

export type KeptSource = z.infer<typeof keptSourceSchema>;

const stateSchema = z.strictObject({
  format: z.literal(3),
  /** Parts in which its people are judged. */
  partitions: z.int().positive(),
  pipelineFile: z.string(),
  identity: runIdentitySchema,
  registerPath: z.string().nullable(),
  policyFile: z.string(),
  sources: z.array(keptSourceSchema),
  shards: z.array(z.strictObject({ source: z.int(), file: z.string().regex(/^\d+-\d+-of-\d+\.bin$/) })),
});

/** What is kept of a finished run, beside its outputs, for `judge` and `explain`. Holds no record. */
export type RunState = z.infer<typeof stateSchema>;

/** The part of a source that is kept. */
export function keepSource({ name, layout, headers, columns, doses, coding }: Source): KeptSource {
  const { male, female } = coding.sex;
  return {
    name,
    layout,
    width: headers.length,
    columns,
    doses: [...doses],
    coding: { name: coding.name, sex: { male: [...male], female: [...female] } },
  };
}

/** Writes a run's state at once; shard files are named within the run's own folder. */
export function writeRunState(paths: RunPaths, state: RunState): void {
  writeFileAtomic(paths.state, `${JSON.stringify(state)}\n`);
}

/** Reads the state of the run that is published or withheld in `runDir`. Throws `LamsachError` (exit 2) when nothing is kept of it. */
export function readRunState(runDir: string): { state: RunState; paths: RunPaths } {
  const paths = locateRun(findOutputFolder(runDir), path.basename(runDir));
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
