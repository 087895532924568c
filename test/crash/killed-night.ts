import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../../src/sample/random.js";
import { type CommandResult, expectCode } from "../support/command-line.js";
import {
  expectKilled,
  type Rehearsal,
  readResumed,
  requireUndisturbed,
  requireWholeRuns,
  runNight,
  stampAssessments,
  startNight,
} from "./rehearsal.js";

/** Kills the night at each of the points in turn, each time in the recovery from the one before; all must be reached. */
export async function killInTurn(
  rehearsal: Rehearsal,
  out: string,
  killsAt: readonly string[],
): Promise<void> {
  for (const killAt of killsAt) {
    expectKilled(await runNight(rehearsal, out, killAt));
    requireWholeRuns(rehearsal.folder, out);
  }
  await finishNight(rehearsal, out);
}

/** Kills the night at `first`, and its recovery at `second` unless it does not pass there. True when it did. */
export async function killTwice(
  rehearsal: Rehearsal,
  out: string,
  [first, second]: readonly [string, string],
): Promise<boolean> {
  expectKilled(await runNight(rehearsal, out, first));
  requireWholeRuns(rehearsal.folder, out);
  const recovery = await runNight(rehearsal, out, second);
  const isKilled = recovery.signal === "SIGKILL";
  if (!isKilled) expectCode(recovery, rehearsal.exitCode);
  requireWholeRuns(rehearsal.folder, out);
  await finishNight(rehearsal, out);
  return isKilled;
}

/** Share of recoveries that are killed as well. */
const nestedShare = 1 / 3;
const mostKills = 5;

/** Kills the night at a random moment, now and then its recovery too; gives how often it died, once at least. */
export async function killAtRandom(rehearsal: Rehearsal, out: string, random: Random): Promise<number> {
  let kills = 0;
  while (kills === 0 || (kills < mostKills && random.chance(nestedShare))) {
    const { signal } = await killAfter(rehearsal, out, random.below(Math.ceil(rehearsal.durationMs)));
    requireWholeRuns(rehearsal.folder, out);
    if (signal === "SIGKILL") kills++;
    // It was done before the moment came: begin again.
    else await finishNight(rehearsal, out);
  }
  await finishNight(rehearsal, out);
  return kills;
}

async function killAfter(rehearsal: Rehearsal, out: string, delayMs: number): Promise<CommandResult> {
  const night = startNight(rehearsal, out, { more: ["--workers", "2"] });
  const alarm = new AbortController();
  const killing = sleep(delayMs, undefined, { signal: alarm.signal }).then(
    () => night.kill("SIGKILL"),
    () => {},
  );
  const result = await night.finished;
  alarm.abort();
  await killing;
  return result;
}

/** Runs the night to its end: what was finished is not done again, and the bytes are those of an undisturbed one. */
async function finishNight(rehearsal: Rehearsal, out: string): Promise<void> {
  const { folder, exitCode } = rehearsal;
  const finished = stampAssessments(folder, out);
  const last = expectCode(await runNight(rehearsal, out), exitCode);
  const after = stampAssessments(folder, out);
  const redone = Object.keys(finished).filter((file) => after[file] !== finished[file]);
  if (redone.length > 0) throw new Error(`${out}: ${redone.join(", ")} were assessed again`);
  const wanted = last.stderr.includes("already complete") ? 0 : Object.keys(finished).length;
  const resumed = readResumed(last);
  if (resumed !== wanted) throw new Error(`${out}: ${resumed} shards were resumed; expected ${wanted}`);
  requireUndisturbed(rehearsal, out);
}
