import { closeSync, constants, existsSync, openSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { expectCode, repository, runLamsach } from "./support/command-line.js";
import { makeSample, readOutcome, sampleRun } from "./support/sample.js";
import { hashTree, listTree } from "./support/tree-hash.js";
import { useWorkFolder } from "./support/work-folder.js";

const work = useWorkFolder();
const preload = path.join(repository, "test/support/direct-way.cjs");
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
  const written = calls
    .filter(([name]) => name === "written")
    .reduce((sum, [, size]) => sum + Number(size), 0);
  const refused = calls.filter(([name]) => name === "refused").length;
  return { dir, tree: hashTree(dir), written, refused };
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
  it("writes most of them so", () => {
    const bytes = listTree(usual.dir)
      .filter((name) => /^(cleaned|errors|exceptions)\/|^changes\.csv$/.test(name))
      .reduce((sum, name) => sum + statSync(path.join(usual.dir, name)).size, 0);
    expect(bytes).toBeGreaterThan(10_000_000);
    if (!hasDirectWay()) return expect(usual.written).toBe(0);
    expect(usual.refused).toBe(0);
    expect(usual.written).toBeGreaterThan(0.5 * bytes);
    expect(usual.written).toBeLessThan(bytes);
  });

  it.each(["closed", "ends"])(
    "publishes the same bytes where the way is not there or ends: %s",
    async (way) => {
      const { tree, written, refused } = await runSample(way);
      expect(tree).toEqual(usual.tree);
      if (constants.O_DIRECT !== undefined) expect(refused).toBeGreaterThan(0);
      expect(written).toBeLessThan(0.7 * usual.written + 1);
    },
  );

  it("ends with 4 where a write on it fails, and can be gone on with", async () => {
    if (!hasDirectWay()) return expect(usual.written).toBe(0);
    const { stderr } = expectCode(await runWith("fails"), 4);
    expect(stderr).toMatch(/^lamsach: \S+\/staging\/\S+: .*ENOSPC.*; expected .+$/m);
    expect(listStaged("fails")).toEqual([]);
    expect((await goOn("fails")).tree).toEqual(usual.tree);
  });

  it("ends with 4 where somebody else has written to one, and can be gone on with", async () => {
    if (!hasDirectWay()) return expect(usual.written).toBe(0);
    const { stderr } = expectCode(await runWith("grows"), 4);
    expect(stderr).toMatch(
      /^lamsach: \S+\/staging\/\S+: this file is not as long as what was written .+; expected .+$/m,
    );
    expect(listStaged("grows")).toEqual([]);
    expect((await goOn("grows")).tree).toEqual(usual.tree);
  });

  it("is stopped once they are written, and can be gone on with", async () => {
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
