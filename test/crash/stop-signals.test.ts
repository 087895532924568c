import { beforeAll, describe, expect, it } from "vitest";
import { expectCode, runLamsach } from "../support/command-line.js";
import { useWorkFolder } from "../support/work-folder.js";
import { listRuns } from "./ledger-runs.js";
import {
  prepareRehearsal,
  type Rehearsal,
  readResumed,
  requireTidy,
  requireUndisturbed,
  requireWholeRuns,
  runNight,
  stampAssessments,
} from "./rehearsal.js";

const folder = useWorkFolder();
let rehearsal: Rehearsal;
beforeAll(async () => {
  rehearsal = await prepareRehearsal(folder, 30);
});

// One after the other: a night that is asked to stop has four seconds of its own, and the machine may have two processors.
describe("a night that is asked to stop, and the same command again", () => {
  const phases: readonly (readonly [phase: string, stopAt: string, code: number])[] = [
    ["reading the deliveries", "work-folders-made:SIGTERM", 143],
    ["assess", "assessment-written#3:SIGTERM", 143],
    ["judge", "run-assessed:SIGTERM", 143],
    ["publish: the sets", "shard-published#2:SIGINT", 130],
    ["publish: the manifest", "output-hashed#5:SIGTERM", 143],
  ];
  it.each(phases)("%s, %s: exit code %d", async (_, stopAt, code) => {
    const out = `out-${stopAt}`;
    const stopped = expectCode(await runNight(rehearsal, out, stopAt), code);
    expect(stopped.stderr).toContain("the same command goes on from here");
    expect(stopped.stdout).toBe("");
    requireWholeRuns(folder, out);
    requireTidy(folder, out);
    const finished = stampAssessments(folder, out);
    expect(await listRuns(folder, out)).toMatchObject([{ state: "stopped", exitCode: code }]);
    const again = expectCode(await runNight(rehearsal, out), 0);
    expect(readResumed(again)).toBe(Object.keys(finished).length);
    expect(stampAssessments(folder, out)).toMatchObject(finished);
    requireUndisturbed(rehearsal, out);
  });

  it("comes too late when the manifest is written: the night is done", async () => {
    const out = "out-late";
    expectCode(await runNight(rehearsal, out, "manifest-written:SIGTERM"), 0);
    requireUndisturbed(rehearsal, out);
  });
});

describe("a command that has no safe place to stop at", () => {
  it("ends at once by the signal", async () => {
    const build = ["register", "build", "sample/population.csv", "--out", "stopped.db"];
    const env = { LAMSACH_KILL_AT: "register-rows-read:SIGTERM" };
    expect(await runLamsach(build, { cwd: folder, env })).toMatchObject({ code: null, signal: "SIGTERM" });
    expectCode(await runLamsach(build, { cwd: folder }), 0);
  });
});
