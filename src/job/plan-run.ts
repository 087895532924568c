import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import path from "node:path";
import type { Effects } from "../effects.js";
import { exitCodes, LamsachError } from "../errors.js";
import { findInputs } from "../ingest/find-inputs.js";
import { fingerprint } from "../pipeline/fingerprint.js";
import { loadPipeline, type Pipeline, resolvePipelinePath } from "../pipeline/pipeline.js";
import { loadPolicy, type Policy } from "../pipeline/policy.js";
import { loadTables, type Tables } from "../pipeline/tables.js";
import { openRegister } from "../register/open-register.js";
import type { RegisterInfo } from "../register/register-info.js";
import { stampFile } from "./open-inputs.js";
import { rulesVersion } from "./rules-version.js";

/** What a night is asked to do. */
export interface RunNightOptions {
  readonly pipelinePath: string;
  /** Globs relative to the working folder; empty: the pipeline's. */
  readonly inputs: readonly string[];
  readonly registerPath: string | null;
  readonly policyPath: string | null;
  readonly out: string;
  /** yyyy-mm-dd; null: today in Việt Nam. */
  readonly asOf: string | null;
  readonly workers: number;
  readonly memoryBytes: number | null;
  readonly shardBytes: number | null;
  readonly dryRun: boolean;
}

/** One delivered file, known by its content. */
export interface PlannedInput {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Size, time and inode when it was planned. */
  readonly stamp: string;
}

/** Everything a run follows from. The same content gives the same run id on any machine, on any path. */
export interface RunPlan {
  readonly runId: string;
  readonly identity: RunIdentity;
  readonly pipeline: Pipeline;
  readonly policy: Policy;
  readonly tables: Tables;
  readonly inputs: readonly PlannedInput[];
  readonly register: { readonly path: string; readonly info: RegisterInfo } | null;
  readonly asOf: string;
  readonly out: string;
}

/** Named parts, so that a change can be named. */
export type RunIdentity = Readonly<{
  pipeline: string;
  policy: string;
  tables: string;
  rules: string;
  register: string | null;
  asOf: string;
  inputs: readonly { readonly name: string; readonly sha256: string }[];
}>;

const vietnamOffsetMs = 7 * 3_600_000;

/**
 * Reads the pipeline, policy, tables and register, finds the inputs and takes their fingerprints with `hashFile`; reads
 * no record and writes nothing. Errors say what to change (exit 2) or what cannot be read (exit 3).
 */
export async function planRun(
  options: RunNightOptions,
  effects: Pick<Effects, "cwd" | "now">,
  hashFile: (path: string) => Promise<string>,
): Promise<RunPlan> {
  const pipeline = loadPipeline(path.resolve(effects.cwd, options.pipelinePath));
  const policy = loadPolicy(
    options.policyPath === null
      ? resolvePipelinePath(pipeline, pipeline.policy)
      : path.resolve(effects.cwd, options.policyPath),
  );
  const tables = loadTables(pipeline);
  // A kind of file that is not delivered tonight is no fault of the pipeline's; on the command line it is a typing error.
  const found =
    options.inputs.length > 0
      ? findInputs(options.inputs, effects.cwd)
      : findInputs(pipeline.inputs, path.dirname(pipeline.file), "any");
  for (const { name, path: file } of found) {
    if (statSync(file).isFile()) continue;
    throw new LamsachError(
      exitCodes.input,
      `${name}: this is no file; expected an export. For all files of a folder write <folder>/*.csv.`,
    );
  }
  const inputs = await Promise.all(
    found.map(async ({ name, path: file }) => ({
      name,
      path: file,
      bytes: statSync(file).size,
      stamp: stampFile(file),
      sha256: await hashFile(file),
    })),
  );
  const registerPath = options.registerPath === null ? null : path.resolve(effects.cwd, options.registerPath);
  const register =
    registerPath === null ? null : { path: registerPath, info: readRegisterInfo(registerPath) };
  const asOf = options.asOf ?? new Date(effects.now().getTime() + vietnamOffsetMs).toISOString().slice(0, 10);
  const identity: RunIdentity = {
    pipeline: pipeline.fingerprint,
    policy: policy.fingerprint,
    tables: tables.fingerprint,
    rules: rulesVersion,
    register: register?.info.version ?? null,
    asOf,
    inputs: inputs.map(({ name, sha256 }) => ({ name, sha256 })),
  };
  const runId = `${asOf}-${createHash("sha256").update(fingerprint(identity)).digest("hex").slice(0, 12)}`;
  const out = path.resolve(effects.cwd, options.out);
  return { runId, identity, pipeline, policy, tables, inputs, register, asOf, out };
}

function readRegisterInfo(file: string): RegisterInfo {
  const reader = openRegister(file);
  try {
    return reader.info();
  } finally {
    reader.close();
  }
}

/** Refuses a run of nothing. */
export function requireInputs(plan: RunPlan): void {
  if (plan.inputs.length > 0) return;
  throw new LamsachError(
    exitCodes.input,
    `${plan.pipeline.file}: no input file was found; expected at least one. Check inputs, or give --input.`,
  );
}
