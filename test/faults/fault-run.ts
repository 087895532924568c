import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import {
  type CommandResult,
  describeResult,
  expectCode,
  repository,
  runLamsach,
} from "../support/command-line.js";
import { makeSample, readOutcome, sampleRun } from "../support/sample.js";
import { hashTree, listTree } from "../support/tree-hash.js";

/** Kinds of calls that `inject.cjs` knows. */
export type Call =
  | "open"
  | "create"
  | "read"
  | "write"
  | "fsync"
  | "close"
  | "stat"
  | "mkdir"
  | "rename"
  | "remove";

/** What goes wrong, and when. */
export interface Fault {
  readonly calls: readonly Call[];
  /** What the system answers. */
  readonly code?: string;
  /** 1-based, over all threads. */
  readonly nth: number;
  /** Every matching call from the nth on fails, as on a full disk. */
  readonly isLasting?: boolean;
  /** Instead of a failure: below the output folder, what somebody replaces at that moment. */
  readonly replace?: { readonly folder: string; readonly by: "nothing" | "folder" | "link" };
}

type Tree = Readonly<Record<string, string>>;

/** A folder with a sample, an output folder with an earlier run, and what the night's run must give. */
export interface FaultGround {
  readonly folder: string;
  readonly earlierRun: string;
  readonly run: string;
  readonly expected: Tree;
  /** The same in an output folder without the earlier run, of which its report tells. */
  readonly expectedAlone: Tree;
}

const preload = path.join(repository, "test/faults/inject.cjs");

/** The night's command. */
export function nightRun(out: string): string[] {
  return [...sampleRun(out, "--json"), "--shard-size", "4KB"];
}

/** Makes the ground in an empty folder. */
export async function prepareGround(folder: string, people: number): Promise<FaultGround> {
  await makeSample(folder, { people });
  const run = async (args: readonly string[]): Promise<{ run: string; dir: string }> =>
    readOutcome(expectCode(await runLamsach(args, { cwd: folder }), 0));
  const earlier = await run([...sampleRun("before", "--json"), "--as-of", "2023-06-12"]);
  // A report tells of the runs before it: the earlier one stands here too.
  cpSync(path.join(folder, "before"), path.join(folder, "undisturbed"), { recursive: true });
  const night = await run(nightRun("undisturbed"));
  const alone = await run(nightRun("alone"));
  const [expected, expectedAlone] = [hashTree(night.dir), hashTree(alone.dir)];
  return { folder, earlierRun: earlier.run, run: night.run, expected, expectedAlone };
}

/**
 * Runs the night with a fault, checks what it leaves, and runs it again without. False when the run was over before the
 * fault came. Throws with everything there is to see when a promise is broken.
 */
export async function tryFault(ground: FaultGround, name: string, fault: Fault): Promise<boolean> {
  const { folder, earlierRun, run, expected } = ground;
  const out = path.join(folder, name);
  cpSync(path.join(folder, "before"), out, { recursive: true });
  const earlier = hashTree(path.join(out, earlierRun));
  const disturbed = await runWithFault(ground, name, nightRun(name), fault);
  const problems: string[] = [];
  if (disturbed.isHit) problems.push(...judgeFailure(disturbed.result, fault));
  else if (disturbed.result.code !== 0) problems.push("a run without a fault failed");
  restoreFolder(out, fault);
  requireEqual("the earlier run", hashTree(path.join(out, earlierRun)), earlier, problems);
  if (existsSync(path.join(out, run)))
    requireEqual("what was published", hashTree(path.join(out, run)), expected, problems);
  if (!fault.calls.includes("remove") && fault.replace === undefined)
    problems.push(...findDecodedCopies(out));
  const again = await runLamsach(nightRun(name), { cwd: folder });
  if (again.code === 0)
    requireEqual("the run gone on with", hashTree(path.join(out, run)), expected, problems);
  else problems.push(`the run could not be gone on with:\n${describeResult(again)}`);
  if (problems.length > 0) {
    const what = JSON.stringify(fault);
    throw new Error(`${what}\n${problems.join("\n")}\n${describeResult(disturbed.result)}`);
  }
  rmSync(out, { recursive: true });
  return disturbed.isHit;
}

/** Runs a command with a fault in what it does below `under`; tells whether the fault came. */
export async function runWithFault(
  { folder }: Pick<FaultGround, "folder">,
  under: string,
  args: readonly string[],
  { replace, ...fault }: Fault,
  logFile?: string,
): Promise<{ result: CommandResult; isHit: boolean }> {
  const root = path.join(folder, under);
  const hitFile = path.join(folder, `${under}.hit`);
  const settings = {
    ...fault,
    ...(replace === undefined ? {} : { replace: { ...replace, folder: path.join(root, replace.folder) } }),
    under: root,
    hitFile,
    ...(logFile === undefined ? {} : { logFile }),
  };
  const env = { NODE_OPTIONS: `--require ${preload}`, LAMSACH_FAULT: JSON.stringify(settings) };
  const result = await runLamsach(args, { cwd: folder, env });
  const isHit = existsSync(hitFile);
  rmSync(hitFile, { force: true });
  return { result, isHit };
}

/** A failure is exit 4 and one sentence that names a path, the system's answer and what to do. */
export function judgeFailure({ code, stderr }: CommandResult, fault: Fault): string[] {
  // Some failures change nothing: a lock's text that cannot be removed, a folder that is synced once more.
  if (code === 0) return [];
  if (code !== 4) return [`exit code ${code}; expected 4`];
  const lines = stderr.split("\n").filter((line) => line !== "" && !/^(\{|assess: )/.test(line));
  const problems = lines.length === 1 ? [] : ["stderr holds more than one line"];
  const [, place] = /^lamsach: (\S+): .+; expected .+\. .+\.$/.exec(lines[0] ?? "") ?? [];
  if (place === undefined) problems.push("stderr is not `<path>: <what>; expected <what>. <what to do>.`");
  if (fault.code !== undefined && !stderr.includes(fault.code))
    problems.push("the system's answer is not named");
  return problems;
}

function requireEqual(what: string, found: Tree, expected: Tree, problems: string[]): void {
  const names = new Set([...Object.keys(found), ...Object.keys(expected)]);
  const different = [...names].filter((name) => found[name] !== expected[name]);
  if (different.length > 0) problems.push(`${what} has changed: ${different.slice(0, 5).join(", ")}`);
}

/** Copies of deliveries and unfinished sets hold records and must go, however a run ends. */
function findDecodedCopies(out: string): string[] {
  return listTree(out)
    .filter((file) => /^\.work\/[^/]+\/(sources|staging)\//.test(file))
    .map((file) => `${file} was left behind`);
}

function restoreFolder(out: string, { replace }: Fault): void {
  if (replace === undefined) return;
  const folder = path.join(out, replace.folder);
  rmSync(folder, { recursive: true, force: true });
  if (existsSync(`${folder}.moved`)) cpSync(`${folder}.moved`, folder, { recursive: true });
  rmSync(`${folder}.moved`, { recursive: true, force: true });
}

/** One call below the folder that is watched. */
export interface LoggedCall {
  readonly call: Call;
  readonly file: string;
  /** Permissions of the file when it was called; null when there was none. */
  readonly mode: number | null;
  /** New name of what is renamed. */
  readonly to?: string;
}

/** The calls that a command made, in their order. */
export function readCalls(logFile: string): LoggedCall[] {
  const lines = readFileSync(logFile, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as LoggedCall);
}
