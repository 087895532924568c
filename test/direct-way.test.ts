import { closeSync, constants, existsSync, openSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { expectCode, repository, runLamsach } from "./support/command-line.js";
import { makeSample, readOutcome, sampleRun } from "./support/sample.js";
import { hashTree, listTree } from "./support/tree-hash.js";
import { useWorkFolder } from "./support/work-folder.js";

const work = useWorkFolder();
const preload = path.join(repository, "test/support/direct-way.cjs");

/** The tree of a run whose way past the page cache is `way`, and what came of the calls that take it. */
async function runSample(way: string) {
  const log = path.join(work, `${way}.log`);
  const env = { NODE_OPTIONS: `--require ${preload}`, DIRECT_WAY: way, DIRECT_WAY_LOG: log };
  const { dir } = readOutcome(
    expectCode(await runLamsach(sampleRun(`out-${way}`, "--json"), { cwd: work, env }), 0),
  );
  const calls = (existsSync(log) ? readFileSync(log, "utf8") : "").split("\n").map((line) => line.split(" "));
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
    expect(usual.written).toBeGreaterThan(0.7 * bytes);
    expect(usual.read).toBeGreaterThan(0.7 * bytes);
    expect(usual.written).toBeLessThan(bytes);
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
});
