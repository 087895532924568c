import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import Database from "better-sqlite3";
import { beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, expectCode, runLamsach } from "./support/command-line.js";
import { openGates, writePipeline } from "./support/pipeline-file.js";
import { makeSample, readOutcome, sampleRun, shippedPolicy } from "./support/sample.js";
import { readSetRows } from "./support/set-rows.js";
import { listTree } from "./support/tree-hash.js";
import { useWorkFolder } from "./support/work-folder.js";

const work = useWorkFolder();
beforeAll(() => makeSample(work, { people: 60 }));

function lamsach(...args: readonly string[]): Promise<CommandResult> {
  return runLamsach(args, { cwd: work });
}

/** Run folders under an output folder. */
function listRuns(out: string): string[] {
  const folder = path.join(work, out);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => /^\d{4}-\d{2}-\d{2}-/.test(name));
}

describe("lamsach run", () => {
  it("writes nothing with --dry-run, and says which column it takes for what", async () => {
    const before = listTree(work);
    const result = expectCode(await runLamsach(sampleRun("out-dry", "--dry-run"), { cwd: work }), 0);
    expect(listTree(work)).toEqual(before);
    for (const column of ["full_name", "citizen_id", "vaccination_date (dose 2)"]) {
      expect(result.stdout).toContain(`${column} <- `);
    }
    for (const file of readdirSync(path.join(work, "sample/exports"))) expect(result.stdout).toContain(file);
  });

  it.concurrent("prints exactly one object with --json: run, dir and counts of what it published", async () => {
    const result = expectCode(await runLamsach(sampleRun("out-json", "--json"), { cwd: work }), 0);
    const { run, dir, counts, exitCode } = readOutcome(result);
    expect(result.stdout.trimEnd().split("\n")).toHaveLength(1);
    expect(exitCode).toBe(0);
    expect(dir).toBe(path.join(work, "out-json", run));
    expect(listRuns("out-json")).toEqual([run]);
    expect(readSetRows(dir)).toHaveLength(counts.records as number);
    expect(result.stderr).toBe("");
  });

  it.concurrent("has another run id for another version of the register", async () => {
    const other = readFileSync(path.join(work, "sample/population.csv"), "utf8").split("\n").slice(0, -2);
    writeFileSync(path.join(work, "smaller.csv"), `${other.join("\n")}\n`);
    expectCode(await lamsach("register", "build", "smaller.csv", "--out", "smaller.db"), 0);
    const ids = await Promise.all(
      ["population.db", "smaller.db"].map(async (register) => {
        const args = [...sampleRun("out-ids", "--dry-run", "--json"), "--register", register];
        return readOutcome(expectCode(await lamsach(...args), 0)).run;
      }),
    );
    expect(new Set(ids).size).toBe(2);
  });

  it.concurrent("authenticates nobody without a register: a number is E61 unless something earlier decides", async () => {
    const pipeline = writePipeline(path.join(work, "open.yaml"), openGates);
    const args = ["run", pipeline, "--input", "sample/exports/*", "--out", "out-none", "--json"];
    const { dir, counts } = readOutcome(expectCode(await lamsach(...args, "--as-of", "2023-06-13"), 0));
    expect(counts.cleaned).toBe(0);
    expect(counts.E61).toBeGreaterThan(0);
    const rows = readSetRows(dir).filter((row) => /^\d{12}$/.test(row.citizen_id ?? ""));
    const consulted = rows.filter(({ code = "", findings = "" }) => {
      const isPlaceholder = findings.includes("citizen-id.placeholder");
      return !code.startsWith("E1") && !isPlaceholder && !findings.includes("register.not-consulted");
    });
    expect(consulted.map(({ record_id: id }) => id)).toEqual([]);
    const later = rows.filter(({ findings }) => findings === "register.not-consulted");
    expect(new Set(later.map(({ code }) => code))).toEqual(new Set(["E61"]));
  });
});

describe.concurrent("exit codes of lamsach run", () => {
  it("1: a gate withholds the outputs, and nothing is published", async () => {
    const pipeline = writePipeline(path.join(work, "strict.yaml"), { gates: { maxErrorShare: 0 } });
    const args = sampleRun("out-gate", "--json");
    const result = expectCode(await lamsach(...args.with(1, pipeline)), 1);
    const { counts, dir } = readOutcome(result);
    expect(counts.errors).toBeGreaterThan(0);
    expect(existsSync(dir)).toBe(false);
    expect(listRuns("out-gate")).toEqual([]);
    // What was withheld can still be judged by another policy; its records are in no set.
    const judge = ["judge", "2023", "--out", "out-gate", "--policy", shippedPolicy, "--json"];
    const judged = expectCode(await runLamsach(judge, { cwd: work }), 0);
    expect(JSON.parse(judged.stdout)).toMatchObject({ moved: [] });
    const explain = ["explain", "2023", "VN2021-000000001", "--out", "out-gate"];
    expect(expectCode(await runLamsach(explain, { cwd: work }), 2).stderr).toContain("this run was withheld");
  });

  it("2: every problem of a pipeline is told at once, with its place", async () => {
    const pipeline = writePipeline(path.join(work, "wrong.yaml"), {
      gates: { maxErrorShare: 7 },
      rules: { maxAgeYears: "many" },
      surprise: true,
    });
    const { stderr } = expectCode(await lamsach(...sampleRun("out-usage").with(1, pipeline)), 2);
    const lines = readFileSync(pipeline, "utf8").split("\n");
    for (const key of ["maxErrorShare", "maxAgeYears", "surprise"]) {
      const line = lines.findIndex((text) => text.trim().startsWith(`${key}:`)) + 1;
      expect(stderr, key).toContain(`wrong.yaml:${line}:`);
    }
    expect(stderr).not.toContain("many");
    expect(existsSync(path.join(work, "out-usage"))).toBe(false);
  });

  const usage: readonly (readonly [name: string, args: readonly string[]])[] = [
    ["an option nobody knows", ["--sure"]],
    ["a day that is none", ["--as-of", "2023-02-30"]],
    ["a pipeline that is not there", []],
  ];
  it.each(usage)("2: %s", async (name, more) => {
    const args = sampleRun("out-usage", ...more);
    const result = await lamsach(...(more.length === 0 ? args.with(1, "nowhere.yaml") : args));
    expect(expectCode(result, 2).stderr, name).not.toBe("");
    expect(result.stdout).toBe("");
  });

  it("3: an input that cannot be read; the others are not published either", async () => {
    mkdirSync(path.join(work, "broken"));
    writeFileSync(path.join(work, "broken/empty.csv"), "");
    const args = sampleRun("out-input", "--input", "sample/exports/*", "broken/*");
    const { stderr } = expectCode(await lamsach(...args), 3);
    expect(stderr).toContain("empty.csv");
    expect(listRuns("out-input")).toEqual([]);
  });

  it("4: an output folder that cannot be one", async () => {
    writeFileSync(path.join(work, "a-file"), "");
    const { stderr } = expectCode(await lamsach(...sampleRun("a-file")), 4);
    expect(stderr).toContain("a-file");
  });

  it("5: another run holds the lock", async () => {
    mkdirSync(path.join(work, "out-locked"));
    const holder = new Database(path.join(work, "out-locked/run.lock"));
    holder.exec("BEGIN EXCLUSIVE");
    try {
      expectCode(await lamsach(...sampleRun("out-locked")), 5);
      expect(listRuns("out-locked")).toEqual([]);
    } finally {
      holder.close();
    }
  });
});
