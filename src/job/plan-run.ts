import { createHash } from "node:crypto";
import path from "node:path";
import type { Effects } from "../effects.js";
import { exitCodes, LamsachError } from "../errors.js";
import { findInputs } from "../ingest/find-inputs.js";
import type { Refusal } from "../ingest/source.js";
import { fingerprint } from "../pipeline/fingerprint.js";
import { loadPipeline, type Pipeline, resolvePipelinePath } from "../pipeline/pipeline.js";
import { loadPolicy, type Policy } from "../pipeline/policy.js";
import { loadTables, type Tables } from "../pipeline/tables.js";
import { openRegister } from "../register/open-register.js";
import type { RegisterInfo } from "../register/register-info.js";
import { type RegisterSeal, revealRegister } from "../register/sealed-register.js";
import { type PlannedInput, planInput } from "./plan-inputs.js";
import { identifyProtection, type Protection, planProtection } from "./protection.js";
import { rulesVersion } from "./rules-version.js";
import type { RunIdentity } from "./run-identity.js";
import { nameSeries } from "./run-series.js";

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
  /** Hold the run against the last published one; see `measureAgainstLast`. */
  readonly comparesWithLast: boolean;
  readonly dryRun: boolean;
  /** Whether a disk with less room than the run is expected to need is refused. */
  readonly checksSpace: boolean;
  /** Goes on with an unfinished run or does nothing. */
  readonly resume: boolean;
  /** Seal the outputs also when the pipeline does not ask for it. */
  readonly encrypt: boolean;
  /** Null: the environment may hold a key. */
  readonly keyFile: string | null;
}

/** Everything a run follows from. The same content gives the same run id on any machine, on any path. */
export interface RunPlan {
  readonly runId: string;
  readonly identity: RunIdentity;
  /** What the run is held against: no part of its identity. */
  readonly series: string;
  readonly pipeline: Pipeline;
  readonly policy: Policy;
  readonly tables: Tables;
  readonly inputs: readonly PlannedInput[];
  /** What is among the inputs and is no file that can be read. */
  readonly unreadable: readonly Refusal[];
  readonly register: {
    readonly path: string;
    /** Where it can be read: the file itself, or of a sealed one a copy in memory. */
    readonly readPath: string;
    readonly info: RegisterInfo;
  } | null;
  readonly asOf: string;
  readonly out: string;
  readonly protection: Protection;
}

const vietnamOffsetMs = 7 * 3_600_000;

/**
 * Reads the pipeline, policy, tables and register, finds the inputs and takes their fingerprints with `hashFile`; reads
 * no record and writes nothing. Errors say what to change (exit 2) or what cannot be read (exit 3).
 */
export async function planRun(
  options: RunNightOptions,
  effects: Pick<Effects, "cwd" | "now">,
  hashFile: (path: string) => Promise<string>,
  seal: RegisterSeal,
): Promise<RunPlan> {
  const pipeline = loadPipeline(path.resolve(effects.cwd, options.pipelinePath));
  const protection = planProtection(pipeline, { encrypt: options.encrypt, key: seal.key });
  const policy = loadPolicy(
    options.policyPath === null
      ? resolvePipelinePath(pipeline, pipeline.policy)
      : path.resolve(effects.cwd, options.policyPath),
  );
  // A kind of file that is not delivered tonight is no fault of the pipeline's; on the command line it is a typing error.
  const found =
    options.inputs.length > 0
      ? findInputs(options.inputs, effects.cwd)
      : findInputs(pipeline.inputs, path.dirname(pipeline.file), "any");
  const planning = Promise.all(found.map((input) => planInput(input, pipeline.deliveries, hashFile)));
  // Heard below, when what can be read meanwhile is read; a failure there must not leave this one unheard.
  planning.catch(() => {});
  const tables = loadTables(pipeline);
  const registerPath = options.registerPath === null ? null : path.resolve(effects.cwd, options.registerPath);
  const register = registerPath === null ? null : describeRegister(registerPath, seal);
  refuseIdleKey(options, { protection, register });
  const planned = await planning;
  const inputs = planned.filter((input) => "sha256" in input);
  const unreadable = planned.filter((input) => "reason" in input);
  const asOf = options.asOf ?? new Date(effects.now().getTime() + vietnamOffsetMs).toISOString().slice(0, 10);
  const identity: RunIdentity = {
    pipeline: pipeline.fingerprint,
    policy: policy.fingerprint,
    tables: tables.fingerprint,
    rules: rulesVersion,
    register: register?.info.version ?? null,
    asOf,
    inputs: inputs.map(({ name, sha256, control }) =>
      control === null ? { name, sha256 } : { name, sha256, control: fingerprint(control) },
    ),
    ...(unreadable.length === 0 ? {} : { unreadable: unreadable.map(({ name }) => name) }),
    ...identifyProtection(protection),
  };
  const runId = `${asOf}-${createHash("sha256").update(fingerprint(identity)).digest("hex").slice(0, 12)}`;
  const out = path.resolve(effects.cwd, options.out);
  const series = nameSeries(options.inputs, effects.cwd, pipeline);
  return {
    runId,
    identity,
    series,
    pipeline,
    policy,
    tables,
    inputs,
    unreadable,
    register,
    asOf,
    out,
    protection,
  };
}

/** Whoever names a key expects that it protects something. */
function refuseIdleKey(
  { keyFile }: Pick<RunNightOptions, "keyFile">,
  { protection, register }: Pick<RunPlan, "protection" | "register">,
): void {
  const isUsed = protection.sealKey !== null || protection.pseudonyms !== null;
  if (keyFile === null || isUsed || register?.readPath !== register?.path) return;
  throw new LamsachError(
    exitCodes.usage,
    "--key-file: nothing of this run needs a key; expected --encrypt, a sealed register, or a pipeline that asks for one. Add --encrypt, or leave the key out.",
  );
}

function describeRegister(file: string, seal: RegisterSeal): NonNullable<RunPlan["register"]> {
  const readPath = revealRegister(file, seal);
  const reader = openRegister(readPath);
  try {
    return { path: file, readPath, info: reader.info() };
  } finally {
    reader.close();
  }
}

/** Refuses a run of nothing. */
export function requireInputs(plan: RunPlan): void {
  if (plan.inputs.length + plan.unreadable.length > 0) return;
  throw new LamsachError(
    exitCodes.input,
    `${plan.pipeline.file}: no input file was found; expected at least one. Check inputs, or give --input.`,
  );
}
