import { closeSync, constants, existsSync, openSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { expectCode, repository, runLamsach } from "./support/command-line.js";
import { makeSample, readOutcome, sampleRun } from "./support/sample.js";
import { hashTree, listTree } from "./support/tree-hash.js";
import { useWorkFolder } from "./support/work-folder.js";

const work = useWorkFolder();
const preload = path.join(repository, "test/support/direct-way.cjs");
// Threads write neighbouring parts of each file.
const night = (out: string): string[] => sampleRun(out, "--json", "--workers", "3", "--shard-size", "512KB");

/** Runs the sample with a way past the page cache that is `way`. */
function runWith(way: string, env: Record<string, string> = {}) {
  const log = { NODE_OPTIONS: `--require ${preload}`, DIRECT_WAY: way, DIRECT_WAY_LOG: logOf(way) };
  return runLamsach(night(`out-${way}`), { cwd: work, env: { ...log, ...env } });
}

function logOf(way: string): string {
  return path.join(work, `${way}.log`);
}

/** The tree of a run whose way is `way`, and what came of the calls that take it. */
async function runSample(way: string) {
  const { dir } = readOutcome(expectCode(await runWith(way), 0));
  const log = existsSync(logOf(way)) ? readFileSync(logOf(way), "utf8") : "";
  const calls = log.split("\n").map((line) => line.split(" "));
  const sum = (what: string): number =>
    calls.filter(([name]) => name === what).reduce((bytes, [, size]) => bytes + Number(size), 0);
  const refused = calls.filter(([name]) => name === "refused").length;
  return { dir, tree: hashTree(dir), written: sum("written"), read: sum("read"), refused };
}

function hasDirectWay(): boolean {
  try {
    closeSync(openSync(path.join(work, "sample/population.csv"), constants.O_RDONLY | constants.O_DIRECT));
    return constants.O_DIRECT !== undefined;
  } catch {
    return false;
  }
}

let usual: Awaited<ReturnType<typeof runSample>>;
beforeAll(async () => {
  await makeSample(work, { people: 9000, shapes: "long" });
  usual = await runSample("open");
});

describe("sets that are large go past the page cache, where there is such a way", () => {
  it("writes most of them so, and reads most back so", () => {
    const bytes = listTree(usual.dir)
      .filter((name) => /^(cleaned|errors|exceptions)\/|^changes\.csv$/.test(name))
      .reduce((sum, name) => sum + statSync(path.join(usual.dir, name)).size, 0);
    expect(bytes).toBeGreaterThan(10_000_000);
    if (!hasDirectWay()) return expect([usual.written, usual.read]).toEqual([0, 0]);
    expect(usual.refused).toBe(0);
    expect(usual.written).toBeGreaterThan(0.5 * bytes);
    expect(usual.written).toBeLessThan(bytes);
    expect(usual.read).toBeGreaterThan(0.5 * bytes);
    expect(usual.read).toBeLessThan(bytes + 4 * 65_536);
  });

  it.each(["closed", "ends"])(
    "publishes the same bytes where the way is not there or ends: %s",
    async (way) => {
      const { tree, written, read, refused } = await runSample(way);
      expect(tree).toEqual(usual.tree);
      if (constants.O_DIRECT !== undefined) expect(refused).toBeGreaterThan(0);
      expect(written + read).toBeLessThan(0.7 * (usual.written + usual.read) + 1);
    },
  );

  it.each([
    ["write-fails", "ENOSPC"],
    ["read-fails", "EIO"],
  ])("ends with 4 where a call on it fails, and can be gone on with: %s", async (way, code) => {
    if (!hasDirectWay()) return expect(usual.written).toBe(0);
    const { stderr } = expectCode(await runWith(way), 4);
    expect(stderr).toMatch(new RegExp(`^lamsach: \\S+/staging/\\S+: .*${code}.*; expected .+$`, "m"));
    expect(listStaged(way)).toEqual([]);
    expect((await goOn(way)).tree).toEqual(usual.tree);
  });

  it("is stopped while what is left is read back, and can be gone on with", async () => {
    expectCode(await runWith("stopped", { LAMSACH_KILL_AT: "sets-written:SIGTERM" }), 143);
    expect(listStaged("stopped")).toEqual([]);
    expect((await goOn("stopped")).tree).toEqual(usual.tree);
  });
});

/** Files with whole records in them that a run left unpublished. */
function listStaged(way: string): string[] {
  const left = path.join(work, `out-${way}`, ".work");
  return readdirSync(left, { recursive: true, encoding: "utf8" }).filter((name) => name.includes("staging"));
}

/** The same run without interference. */
async function goOn(way: string) {
  const { dir } = readOutcome(expectCode(await runLamsach(night(`out-${way}`), { cwd: work }), 0));
  return { tree: hashTree(dir) };
}
