import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import {
  type CommandResult,
  describeResult,
  expectCode,
  type RunningCommand,
  repository,
  startLamsach,
} from "../support/command-line.js";
import { type Settings, writePipeline } from "../support/pipeline-file.js";
import { makeSample, sampleRun } from "../support/sample.js";
import { hashTree, listTree } from "../support/tree-hash.js";

/** A night that is rehearsed in one folder, in many output folders of it, and what it leaves when nobody disturbs it. */
export interface Rehearsal {
  readonly folder: string;
  /** File of the pipeline in the folder. */
  readonly pipeline: string;
  /** How the night ends: 0, or 1 when a gate withholds it. */
  readonly exitCode: number;
  /** SHA-256 of everything that must be the same: the run's folder and its checkpoints. */
  readonly undisturbed: Readonly<Record<string, string>>;
  readonly durationMs: number;
}

/** Makes a small sample and its register in `folder`, and runs the night once undisturbed. */
export async function prepareRehearsal(folder: string, people: number): Promise<Rehearsal> {
  await makeSample(folder, { people });
  // The whole table of wards takes longer to read than all the rest of so small a night.
  const wards = readFileSync(path.join(repository, "pipelines/tables/wards_legacy.csv"), "utf8").split("\n");
  writeFileSync(path.join(folder, wardsFile), `${wards.slice(0, 200).join("\n")}\n`);
  return rehearse({ folder, pipeline: "night.yaml", exitCode: 0 }, {});
}

/** The same night with a gate that nothing passes. */
export function prepareWithheld({ folder }: Rehearsal): Promise<Rehearsal> {
  return rehearse({ folder, pipeline: "withheld.yaml", exitCode: 1 }, { gates: { maxErrorShare: 0 } });
}

const wardsFile = "wards.csv";

async function rehearse(
  night: Pick<Rehearsal, "folder" | "pipeline" | "exitCode">,
  changes: Settings,
): Promise<Rehearsal> {
  const { folder, pipeline, exitCode } = night;
  const wards = path.join(folder, wardsFile);
  writePipeline(path.join(folder, pipeline), { rules: { tables: { wards } } }, changes);
  const out = `undisturbed-${exitCode}`;
  const startedAt = performance.now();
  expectCode(await runNight(night, out), exitCode);
  const durationMs = performance.now() - startedAt;
  return { ...night, undisturbed: hashNight(folder, out), durationMs };
}

/** The night's command line, in shards so small that there are several. */
export function nightCommand(
  { pipeline }: Pick<Rehearsal, "pipeline">,
  out: string,
  ...more: readonly string[]
): string[] {
  return sampleRun(out, "--json", "--shard-size", "4KB", ...more).with(1, pipeline);
}

/** Starts the night into `out`; `killAt` is where it is to die. */
export function startNight(
  night: Pick<Rehearsal, "folder" | "pipeline">,
  out: string,
  { killAt, more = [] }: { killAt?: string; more?: readonly string[] } = {},
): RunningCommand {
  const env = { LAMSACH_LOG: "info", ...(killAt === undefined ? {} : { LAMSACH_KILL_AT: killAt }) };
  return startLamsach(nightCommand(night, out, ...more), { cwd: night.folder, env });
}

/** Runs the night into `out` to its end, or until it dies at `killAt`. */
export function runNight(
  night: Pick<Rehearsal, "folder" | "pipeline">,
  out: string,
  killAt?: string,
): Promise<CommandResult> {
  return startNight(night, out, killAt === undefined ? {} : { killAt }).finished;
}

/** The result itself when SIGKILL ended the command; else an error that shows everything there is to see. */
export function expectKilled(result: CommandResult): CommandResult {
  if (result.signal === "SIGKILL") return result;
  throw new Error(`expected death by SIGKILL\n${describeResult(result)}`);
}

/** SHA-256 of a night's run folders and checkpoints, by path below `out`; not of ledger and lock, which hold times. */
export function hashNight(folder: string, out: string): Record<string, string> {
  const hashes = Object.entries(hashTree(path.join(folder, out)));
  return Object.fromEntries(
    hashes.filter(([file]) => /^(?:\.work|\d{4}-\d{2}-\d{2}-[0-9a-f]+)\//.test(file)),
  );
}

const manifestSchema = z.object({
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
});

/** Throws unless every run folder of `out` is whole: a manifest that lists every file, and each as it was written. */
export function requireWholeRuns(folder: string, out: string): void {
  const root = path.join(folder, out);
  const runs = existsSync(root) ? readdirSync(root).filter((name) => /^\d{4}-/.test(name)) : [];
  for (const run of runs) {
    const { "manifest.json": manifestHash, ...hashes } = hashTree(path.join(root, run));
    if (manifestHash === undefined) throw new Error(`${out}/${run}: half a run; expected a manifest`);
    const text = readFileSync(path.join(root, run, "manifest.json"), "utf8");
    const { files } = manifestSchema.parse(JSON.parse(text));
    const promised = Object.fromEntries(files.map(({ path: file, sha256 }) => [file, sha256]));
    if (JSON.stringify(promised) === JSON.stringify(hashes)) continue;
    throw new Error(`${out}/${run}: the files are not those that the manifest lists`);
  }
}

/** Throws when a finished night left half-written files, or files that hold whole records. */
export function requireTidy(folder: string, out: string): void {
  const left = listTree(path.join(folder, out)).filter((file) =>
    /\.part$|\/sources\/|\/staging\/|\.holder$/.test(file),
  );
  if (left.length > 0) throw new Error(`${out}: ${left.join(", ")}; expected nothing half-written`);
}

/** Throws unless the night in `out` left what an undisturbed one does, and nothing else; removes it then. */
export function requireUndisturbed({ folder, undisturbed }: Rehearsal, out: string): void {
  requireWholeRuns(folder, out);
  requireTidy(folder, out);
  const hashes = hashNight(folder, out);
  const files = [...new Set([...Object.keys(undisturbed), ...Object.keys(hashes)])];
  const different = files.filter((file) => hashes[file] !== undisturbed[file]);
  if (different.length > 0) throw new Error(`${out}: ${different.join(", ")} differ from an undisturbed run`);
  rmSync(path.join(folder, out), { recursive: true });
}

/** Which shards are assessed, each with what changes when it is written again. */
export function stampAssessments(folder: string, out: string): Record<string, string> {
  const root = path.join(folder, out);
  const files = existsSync(root) ? listTree(root) : [];
  const finished = files.filter((file) => /\/shards\/[^/]+\.bin$/.test(file));
  return Object.fromEntries(
    finished.map((file) => {
      const { ino, mtimeMs } = statSync(path.join(root, file));
      return [file, `${ino} ${mtimeMs}`];
    }),
  );
}

/** How many shards a night found finished, by its own log. */
export function readResumed({ stderr }: CommandResult): number {
  const lines = stderr.split("\n").filter((line) => line.startsWith("{"));
  const counts = lines.map((line) =>
    z.looseObject({ resumed: z.number().default(0) }).parse(JSON.parse(line)),
  );
  return Math.max(0, ...counts.map(({ resumed }) => resumed));
}
