import { cpSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { expectCode, runLamsach } from "./support/command-line.js";
import { makeSample, readOutcome, sampleRun } from "./support/sample.js";
import { hashTree, listTree } from "./support/tree-hash.js";
import { useWorkFolder } from "./support/work-folder.js";

const work = useWorkFolder();
let first: { readonly dir: string; readonly hashes: Record<string, string> };

interface Setting {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

function preload(name: string): string {
  return `--import=${new URL(`./support/${name}`, import.meta.url).href}`;
}

async function runSample(out: string, { args, env = {}, cwd = work }: Setting): Promise<typeof first> {
  const result = await runLamsach(sampleRun(out, "--json", ...args), { cwd, env });
  const { dir } = readOutcome(expectCode(result, 0));
  return { dir, hashes: hashTree(dir) };
}

beforeAll(async () => {
  await makeSample(work, { people: 400 });
  first = await runSample("out-first", { args: ["--workers", "1"] });
});

describe("the same inputs give the same bytes", () => {
  it("writes something to compare", () => {
    const exports = readdirSync(path.join(work, "sample/exports"));
    const cleaned = listTree(path.join(first.dir, "cleaned"));
    expect(cleaned).toHaveLength(exports.length);
    expect(Object.keys(first.hashes)).toContain("manifest.json");
  });

  const settings: readonly (readonly [name: string, setting: Setting])[] = [
    [
      "two workers, shards of 4 KB, in New York",
      {
        args: ["--workers", "2", "--shard-size", "4KB"],
        env: { TZ: "America/New_York", LANG: "C", LC_ALL: "C" },
      },
    ],
    [
      "eight workers, shards of 64 KB, in Hồ Chí Minh City",
      {
        args: ["--workers", "8", "--shard-size", "64KB"],
        env: { TZ: "Asia/Ho_Chi_Minh", LANG: "vi_VN.UTF-8", LC_ALL: "vi_VN.UTF-8" },
      },
    ],
    [
      "a clock that jumps a day back, a day on, and to 2038",
      { args: ["--workers", "2"], env: { NODE_OPTIONS: preload("jumping-clock.mjs") } },
    ],
    ["without a network", { args: ["--workers", "2"], env: { NODE_OPTIONS: preload("no-network.mjs") } }],
  ];
  it.concurrent.each(settings)("%s", async (name, setting) => {
    const { dir, hashes } = await runSample(`out ${name}`, setting);
    expect(hashes).toEqual(first.hashes);
    expect(path.basename(dir)).toBe(path.basename(first.dir));
  });

  it.concurrent("inputs named one by one, in another order, shards of 64 MB", async () => {
    const names = readdirSync(path.join(work, "sample/exports")).sort().reverse();
    const inputs = names.map((name) => path.join("sample/exports", name));
    const args = ["--workers", "2", "--shard-size", "64MB", "--input", ...inputs];
    expect((await runSample("out-reversed", { args })).hashes).toEqual(first.hashes);
  });

  it.concurrent("another working folder and another copy of everything", async () => {
    const elsewhere = path.join(work, "elsewhere/deep");
    mkdirSync(elsewhere, { recursive: true });
    cpSync(path.join(work, "sample"), path.join(elsewhere, "sample"), { recursive: true });
    const build = ["register", "build", "sample/population.csv", "--out", "population.db"];
    expectCode(await runLamsach(build, { cwd: elsewhere }), 0);
    const { hashes } = await runSample("out", { args: ["--workers", "2"], cwd: elsewhere });
    expect(hashes).toEqual(first.hashes);
  });
});

describe("a run that is complete already", () => {
  it("is not done again: nothing in its folder, its work folder and the ledger is touched", async () => {
    const out = path.dirname(first.dir);
    const ledger = path.join(out, "ledger.db");
    const readAll = (): unknown => [
      listTimes(first.dir),
      listTimes(path.join(out, ".work")),
      readFileSync(ledger),
    ];
    const before = readAll();
    const { dir, hashes } = await runSample("out-first", { args: ["--workers", "2", "--shard-size", "4KB"] });
    expect(dir).toBe(first.dir);
    expect(hashes).toEqual(first.hashes);
    expect(readAll()).toEqual(before);
  });
});

function listTimes(folder: string): Record<string, number> {
  const files = ["", ...listTree(folder)];
  return Object.fromEntries(files.map((file) => [file, statSync(path.join(folder, file)).mtimeMs]));
}
