import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../src/sample/random.js";
import { expectCode, runLamsach } from "../support/command-line.js";
import { listTree } from "../support/tree-hash.js";
import { useWorkFolder } from "../support/work-folder.js";
import { listRuns } from "./ledger-runs.js";
import {
  expectKilled,
  nightCommand,
  prepareRehearsal,
  type Rehearsal,
  requireUndisturbed,
  runNight,
  startNight,
} from "./rehearsal.js";
import { startTogether } from "./two-nights.js";

const folder = useWorkFolder();
let night: Rehearsal;
beforeAll(async () => {
  night = await prepareRehearsal(folder, 30);
});

describe("a second night in the same folder", () => {
  it("is refused while the first is there, touches nothing of it, and goes on once that is killed", async () => {
    const out = "out-held";
    // It stands still when it has noted its start, with the lock in its hand.
    const holder = startNight(night, out, { killAt: "run-started:SIGSTOP" });
    while (!existsSync(path.join(folder, out, "ledger.db"))) await sleep(5);
    while ((await listRuns(folder, out)).length === 0) await sleep(5);
    const before = listRunFiles(out);
    const refused = expectCode(await runNight(night, out), 5);
    expect(refused.stderr).toMatch(new RegExp(`lock \\(process ${holder.pid}, started 20\\d\\d-.*Z\\)`));
    expect(listRunFiles(out)).toEqual(before);
    // It is told before it looks at any input: fingerprints take a while.
    const early = nightCommand(night, out, "--input", "nowhere/*.csv");
    expectCode(await runLamsach(early, { cwd: folder }), 5);
    holder.kill("SIGKILL");
    expectKilled(await holder.finished);
    // The ledger has the killed one as running, and the refused one has not ended it.
    expect(await listRuns(folder, out)).toMatchObject([{ state: "running", starts: 1, exitCode: null }]);
    expectCode(await runNight(night, out), 0);
    expect(await listRuns(folder, out)).toMatchObject([{ state: "published", starts: 2, exitCode: 0 }]);
    requireUndisturbed(night, out);
  });

  it.each([1, 2])("is refused, or finds all done, whenever it comes: %d", async (turn) => {
    await startTogether(night, `out-together-${turn}`, createRandom(turn));
  });
});

/** Every file of an output folder but the ledger's own, which every reader opens. */
function listRunFiles(out: string): string[] {
  return listTree(path.join(folder, out)).filter((file) => !file.startsWith("ledger.db"));
}
