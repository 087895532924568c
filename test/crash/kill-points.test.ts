import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../src/sample/random.js";
import { killPoints } from "../../src/storage/kill-point.js";
import { repository } from "../support/command-line.js";
import { useWorkFolder } from "../support/work-folder.js";
import { type BuildRehearsal, killBuildInTurn, prepareBuilds } from "./killed-build.js";
import { killAtRandom, killInTurn, killTwice } from "./killed-night.js";
import { nightPoints, recoveryPoints, registerPoints, withheldPoints } from "./points.js";
import { prepareRehearsal, prepareWithheld, type Rehearsal } from "./rehearsal.js";

const seed = 20230613;
let night: Rehearsal;
let builds: BuildRehearsal;
const folder = useWorkFolder();
beforeAll(async () => {
  night = await prepareRehearsal(folder, 30);
  builds = await prepareBuilds(night);
});

/** Points that a night passes more than once, at later times too. */
const later: readonly string[] = [
  ...["part-written#3", "part-renamed#3", "assessment-written#5", "shard-published#5"],
];

describe.concurrent("a night killed at a point, and the same command again: the same bytes", () => {
  it.each([...nightPoints, ...later])("%s", async (killAt) => {
    await killInTurn(night, `out-${killAt}`, [killAt]);
  });

  it.each(recoveryPoints)("%s, in the recovery", async (killAt) => {
    await killInTurn(night, `out-${killAt}`, ["assessment-written#3", killAt]);
  });

  it.each(withheldPoints)("%s, and the gate withholds it again", async (killAt) => {
    await killInTurn(await prepareWithheld(night), `out-${killAt}`, [killAt]);
  });

  it.each(registerPoints)("%s, of a register's build", async (killAt) => {
    await killBuildInTurn(builds, `${killAt}.db`, [killAt]);
  });

  // Some of the pairs of `npm run crash-test -- --pairs all`, which begin at random.
  const random = createRandom(seed);
  const pairs = Array.from({ length: 2 }, () => {
    return [random.pick(nightPoints), random.pick([...nightPoints, ...recoveryPoints])] as const;
  });
  it.each(pairs)("%s, and its recovery at %s", async (first, second) => {
    await killTwice(night, `out-${first}-${second}`, [first, second]);
  });

  it.each([1, 2])("at a random moment: %d", async (turn) => {
    expect(await killAtRandom(night, `out-random-${turn}`, createRandom(seed + turn))).toBeGreaterThan(0);
  });
});

describe("the list of kill points", () => {
  it("is what the code uses, each at one place", () => {
    const source = path.join(repository, "src");
    const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
      (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
    );
    const used = files.flatMap((file) =>
      [...readFileSync(path.join(source, file), "utf8").matchAll(/killPoint\("([^"]*)"\)/g)].map(
        ([, name]) => name,
      ),
    );
    expect(used.sort()).toEqual([...killPoints].sort());
  });
});
