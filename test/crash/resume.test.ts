import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type CommandResult, expectCode, runLamsach } from "../support/command-line.js";
import { shippedPolicy } from "../support/sample.js";
import { hashTree } from "../support/tree-hash.js";
import { useWorkFolder } from "../support/work-folder.js";
import { listRuns } from "./ledger-runs.js";
import {
  expectKilled,
  hashNight,
  nightCommand,
  prepareRehearsal,
  type Rehearsal,
  readResumed,
  requireUndisturbed,
  requireWholeRuns,
  runNight,
} from "./rehearsal.js";

const folder = useWorkFolder();
let rehearsal: Rehearsal;
beforeAll(async () => {
  rehearsal = await prepareRehearsal(folder, 30);
});

function lamsach(args: readonly string[]): Promise<CommandResult> {
  return runLamsach(args, { cwd: folder, env: { LAMSACH_LOG: "info" } });
}

const input = "sample/exports/national-2023.csv";

function edit(file: string, change: (text: string) => string): () => void {
  const before = readFileSync(path.join(folder, file), "utf8");
  writeFileSync(path.join(folder, file), change(before));
  return () => writeFileSync(path.join(folder, file), before);
}

const dropLastLine = (text: string): string => `${text.trimEnd().split("\n").slice(0, -1).join("\n")}\n`;
const raiseVersion = (text: string): string => text.replace(/^version: .*$/m, "version: 99");

function addInput(): () => void {
  copyFileSync(path.join(folder, input), path.join(folder, "sample/exports/late.csv"));
  return () => rmSync(path.join(folder, "sample/exports/late.csv"));
}

function removeInput(): () => void {
  renameSync(path.join(folder, input), path.join(folder, "away.csv"));
  return () => renameSync(path.join(folder, "away.csv"), path.join(folder, input));
}

const nothing = (): void => {};

interface Change {
  readonly make: () => () => void;
  readonly more?: readonly string[];
  readonly named: string;
}

/** One part of the run's identity at a time; the version of the rules is a constant, see run-identity.test.ts. */
const changes: Readonly<Record<string, Change>> = {
  "an input": { make: () => edit(input, dropLastLine), named: "input national-2023.csv has changed" },
  "an input more": { make: addInput, named: "input late.csv was added" },
  "an input less": { make: removeInput, named: "input national-2023.csv is missing" },
  "the pipeline": {
    make: () => edit("night.yaml", raiseVersion),
    named: "the pipeline file has changed",
  },
  "a table": {
    make: () => edit("wards.csv", dropLastLine),
    named: "the code tables have changed",
  },
  "the register": {
    make: () => nothing,
    more: ["--register", "other.db"],
    named: "the register has changed",
  },
  "the policy": { make: () => nothing, more: ["--policy", "other.yaml"], named: "the policy has changed" },
  "the day": {
    make: () => nothing,
    more: ["--as-of", "2023-06-14"],
    named: "the day (--as-of) was 2023-06-13 and is 2023-06-14",
  },
};

describe("lamsach run --resume", () => {
  beforeAll(async () => {
    expectKilled(await runNight(rehearsal, "out", "assessment-written#3"));
    const population = readFileSync(path.join(folder, "sample/population.csv"), "utf8");
    writeFileSync(path.join(folder, "smaller.csv"), dropLastLine(population));
    expectCode(await lamsach(["register", "build", "smaller.csv", "--out", "other.db"]), 0);
    writeFileSync(path.join(folder, "other.yaml"), raiseVersion(readFileSync(shippedPolicy, "utf8")));
  });

  it.each(Object.entries(changes))("refuses when %s has changed, and names it", async (_, change) => {
    const before = hashNight(folder, "out");
    const restore = change.make();
    const { stderr } = expectCode(
      await lamsach(nightCommand(rehearsal, "out", "--resume", ...(change.more ?? []))),
      2,
    );
    restore();
    expect(stderr).toMatch(/run 2023-06-13-[0-9a-f]{12} cannot be gone on with: /);
    expect(stderr).toContain(`cannot be gone on with: ${change.named}; expected`);
    // The decoded deliveries of the killed run are gone, its checkpoints are not.
    const checkpoints = Object.entries(before).filter(([file]) => file.includes("/shards/"));
    expect(hashNight(folder, "out")).toEqual(Object.fromEntries(checkpoints));
  });

  it("goes on when everything is as it was, and does nothing once it is done", async () => {
    const resumed = expectCode(await lamsach(nightCommand(rehearsal, "out", "--resume")), 0);
    expect(readResumed(resumed)).toBe(3);
    const again = expectCode(await lamsach(nightCommand(rehearsal, "out", "--resume")), 0);
    expect(again.stderr).toContain("already complete");
    requireUndisturbed(rehearsal, "out");
  });

  it("refuses when nothing is unfinished, and begins nothing", async () => {
    const { stderr } = expectCode(await lamsach(nightCommand(rehearsal, "out-none", "--resume")), 2);
    expect(stderr).toContain("--resume: no run of covid19-vaccination is unfinished here");
    expect(hashNight(folder, "out-none")).toEqual({});
  });
});

describe("a night that another version left unfinished", () => {
  it("is gone on with: what that version assessed is assessed anew, and the bytes are those of a night of its own", async () => {
    const out = "out-older";
    expectKilled(await runNight(rehearsal, out, "assessment-written#3"));
    const files = Object.keys(hashNight(folder, out)).filter((file) => /\/shards\/[^/]*\.bin$/.test(file));
    expect(files).toHaveLength(3);
    const [first = ""] = files;
    const bytes = readFileSync(path.join(folder, out, first));
    const at = bytes.indexOf('"format":5');
    expect(at).toBeGreaterThan(0);
    bytes.write('"format":4', at);
    writeFileSync(path.join(folder, out, first), bytes);
    expect(readResumed(expectCode(await runNight(rehearsal, out), 0))).toBe(2);
    requireUndisturbed(rehearsal, out);
  });
});

describe("a delivery that was corrected after a night was killed", () => {
  let restore = nothing;
  beforeEach(() => () => restore());

  it("is another run: stderr says once which one is left and why, and nothing of that one is lost", async () => {
    const out = "out-corrected";
    expectKilled(await runNight(rehearsal, out, "assessment-written#3"));
    const [left] = await listRuns(folder, out);
    const kept = Object.entries(hashNight(folder, out)).filter(([file]) => file.includes("/shards/"));
    restore = edit(input, dropLastLine);
    const corrected = expectCode(await lamsach(nightCommand(rehearsal, out)), 0);
    expect(corrected.stderr).toContain(
      `run ${left?.id} is unfinished and is left as it is: input national-2023.csv has changed. This is another run, `,
    );
    expect(hashNight(folder, out)).toMatchObject(Object.fromEntries(kept));
    // No decoded delivery of the run that is left stays behind.
    requireWholeRuns(folder, out);
    expect(
      Object.keys(hashTree(path.join(folder, out))).filter((file) => file.includes("/sources/")),
    ).toEqual([]);
    expect((await listRuns(folder, out)).map(({ state, exitCode }) => [state, exitCode])).toEqual([
      ["published", 0],
      ["stopped", null],
    ]);
    const next = expectCode(await lamsach(nightCommand(rehearsal, out, "--as-of", "2023-06-14")), 0);
    expect(next.stderr).not.toContain("is left");
  });
});

describe("a night that was killed when all was published", () => {
  it("counts as published when the next night begins", async () => {
    const out = "out-published";
    expectKilled(await runNight(rehearsal, out, "run-renamed"));
    expect((await listRuns(folder, out)).map(({ state }) => state)).toEqual(["running"]);
    const next = expectCode(await lamsach(nightCommand(rehearsal, out, "--as-of", "2023-06-14")), 0);
    expect(next.stderr).not.toContain("is left");
    const [second, first] = await listRuns(folder, out);
    expect([first?.state, second?.state]).toEqual(["published", "published"]);
    expect(first?.counts.records).toBeGreaterThan(0);
    expect(first?.counts.records).toBe(second?.counts.records);
  });
});
