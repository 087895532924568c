import { createHash } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { appendEntry } from "../audit/append-entry.js";
import type { AuditActor, AuditFacts, LogPosition } from "../audit/audit-entry.js";
import { reviewLog } from "../audit/review-log.js";
import type { Effects } from "../effects.js";
import { exitCodeOf } from "../errors.js";
import { programVersion } from "./program-version.js";

export type TrailFacts = Omit<AuditFacts, "event" | "begin" | "exitCode">;
type AuditEffects = Pick<Effects, "now" | "log">;

/** Notes a single act in the audit log of `folder`. It must not be done, or shown, unless this returns. */
export function noteAct(folder: string, facts: TrailFacts, effects: AuditEffects): LogPosition {
  return note(folder, { ...facts, event: "done" }, effects);
}

/**
 * Notes that work begins, and how it ends, whatever the end: an exit code at least. What `work` gives as `facts` (hashes
 * of what it made) stands in the end. Gives the place of the end in the log, to be kept elsewhere.
 */
export async function noteWork<Result>(
  folder: string,
  facts: TrailFacts,
  effects: AuditEffects,
  work: () => Promise<{ result: Result; exitCode: number; facts?: Partial<TrailFacts> }>,
): Promise<{ result: Result; audit: LogPosition }> {
  const { sequence: begin } = note(folder, { ...facts, event: "begin" }, effects);
  const { command, run } = facts;
  const same = { command, ...(run === undefined ? {} : { run }), event: "end", begin } as const;
  let done: Awaited<ReturnType<typeof work>>;
  try {
    done = await work();
  } catch (failure) {
    noteIfPossible(folder, { ...same, exitCode: exitCodeOf(failure) }, effects);
    throw failure;
  }
  const { sequence, sha256 } = note(folder, { ...same, exitCode: done.exitCode, ...done.facts }, effects);
  return { result: done.result, audit: { sequence, sha256 } };
}

/** After a failure, which may be a full disk: it is the one to tell, and the work shows as interrupted. */
function noteIfPossible(folder: string, facts: AuditFacts, effects: AuditEffects): void {
  try {
    note(folder, facts, effects);
  } catch (error) {
    const exitCode = exitCodeOf(error);
    effects.log.warn({ exitCode }, "the end is not in the audit log");
  }
}

/** Commands that hold the lock of the output folder while they work. */
const lockedCommands: readonly string[] = ["run", "purge", "purge work", "audit-result"];

/** Notes the work whose process died before its end. Only the holder of the output folder's lock may call this. */
export function noteInterrupted(folder: string, effects: AuditEffects): void {
  for (const { entry } of listUnended(folder)) {
    if (!lockedCommands.includes(entry.command)) continue;
    const { command, run, sequence: begin } = entry;
    note(folder, { command, event: "interrupted", begin, ...(run === undefined ? {} : { run }) }, effects);
  }
}

function listUnended(folder: string): ReturnType<typeof reviewLog>["entries"] {
  const { entries } = reviewLog(folder);
  const ended = new Set(entries.map(({ entry }) => entry.begin));
  return entries.filter(({ entry }) => entry.event === "begin" && !ended.has(entry.sequence));
}

/** Which record was shown, without its id; who knows the id can find the entry. */
export function hashRecordId(run: string, recordId: string): string {
  return createHash("sha256").update(`${run}\0${recordId}`).digest("hex");
}

function note(folder: string, facts: AuditFacts, effects: AuditEffects): LogPosition {
  const entry = { ...describeWriter(effects), ...facts };
  const { isEndAsLeft, ...position } = appendEntry(folder, entry);
  if (!isEndAsLeft) {
    effects.log.warn("the audit log does not end as lamsach left it: see `lamsach audit verify`");
  }
  return position;
}

/** Who works, when, where, with which lamsach. */
export function describeWriter(effects: Pick<Effects, "now">): AuditActor & { time: string } {
  return { time: effects.now().toISOString(), ...readUser(), host: hostname(), version: programVersion };
}

function readUser(): { user: string | null; uid: number } {
  try {
    const { username, uid } = userInfo();
    return { user: username, uid };
  } catch {
    // A container may run under a number that has no name.
    return { user: null, uid: process.getuid?.() ?? -1 };
  }
}
