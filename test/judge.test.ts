import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { expectCode, runLamsach } from "./support/command-line.js";
import { makeSample, readOutcome, sampleRun, shippedPolicy } from "./support/sample.js";
import { type CsvRow, readSetRows } from "./support/set-rows.js";
import { hashTree } from "./support/tree-hash.js";
import { useWorkFolder } from "./support/work-folder.js";

const count = z.record(z.string(), z.number());
const judgedSchema = z.strictObject({
  run: z.string(),
  policy: z.string(),
  counts: count,
  before: count,
  moved: z.array(z.strictObject({ from: z.string(), to: z.string(), doses: z.number() })),
});
type Judged = z.infer<typeof judgedSchema>;

const work = useWorkFolder();
let night: ReturnType<typeof readOutcome>;
let rows: readonly CsvRow[] = [];

beforeAll(async () => {
  await makeSample(work, { people: 400 });
  const result = await runLamsach(sampleRun("out", "--json"), { cwd: work });
  night = readOutcome(expectCode(result, 0));
  rows = readSetRows(night.dir);
  // Judging again reads neither the exports nor the register.
  rmSync(path.join(work, "sample"), { recursive: true });
  rmSync(path.join(work, "population.db"));
});

async function judge(policy: string): Promise<Judged> {
  const before = hashTree(night.dir);
  const args = ["judge", night.run.slice(0, 16), "--out", "out", "--policy", policy, "--json"];
  const result = expectCode(await runLamsach(args, { cwd: work }), 0);
  expect(hashTree(night.dir)).toEqual(before);
  return judgedSchema.parse(JSON.parse(result.stdout));
}

/** Writes the shipped policy with one text exchanged. */
function writePolicy(name: string, from: string, to: string): string {
  const text = readFileSync(shippedPolicy, "utf8");
  expect(text).toContain(from);
  const file = path.join(work, name);
  writeFileSync(file, text.replace(from, to));
  return file;
}

/** Counts by code, made of the counts before and the movements. */
function applyMovements({ before, moved }: Judged): Record<string, number> {
  const after: Record<string, number> = { ...before };
  for (const { from, to, doses } of moved) {
    after[from] = (after[from] ?? 0) - doses;
    after[to] = (after[to] ?? 0) + doses;
  }
  return Object.fromEntries(
    Object.entries(after).filter(([code, doses]) => /^[CEX]\d/.test(code) && doses > 0),
  );
}

function onlyCodes(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([key]) => /^[CEX]\d/.test(key)));
}

describe("lamsach judge", () => {
  it("gives the run's own counts by the run's own policy", async () => {
    const judged = await judge(shippedPolicy);
    expect(judged.run).toBe(night.run);
    expect(judged.counts).toEqual(night.counts);
    expect(judged.before).toEqual(night.counts);
    expect(judged.moved).toEqual([]);
  });

  it("moves exactly the records that lost their marks when the policy does not accept that", async () => {
    const policy = writePolicy("marks.yaml", "[equal, marks-lost, repaired]", "[equal, repaired]");
    const judged = await judge(policy);
    const lost = rows.filter(
      ({ set, findings = "" }) => set === "cleaned" && findings.includes("name.marks-lost"),
    );
    expect(lost.length).toBeGreaterThan(0);
    const gone = judged.moved.filter(({ from, to }) => from.startsWith("C") && to.startsWith("X"));
    expect(sum(gone)).toBe(lost.length);
    expect(judged.counts.records).toBe(night.counts.records);
    expect(onlyCodes(judged.counts)).toEqual(applyMovements(judged));
    const { cleaned = 0, errors = 0, exceptions = 0, records } = judged.counts;
    expect(cleaned + errors + exceptions).toBe(records);
  });

  it("moves records to another code when the policy names another", async () => {
    const judged = await judge(writePolicy("code.yaml", "facility.blank: E25", "facility.blank: E23"));
    expect(judged.counts.E25 ?? 0).toBe(0);
    expect(onlyCodes(judged.counts)).toEqual(applyMovements(judged));
    const policy = writePolicy("x31.yaml", "  name: X31", "  name: X34");
    const merged = await judge(policy);
    expect(merged.moved).toEqual([{ from: "X31", to: "X34", doses: night.counts.X31 }]);
  });

  it("refuses a policy with every problem in it (exit 2)", async () => {
    const policy = writePolicy("wrong.yaml", "  sex: X33", "  sex: X99\n  age: X35");
    const args = ["judge", night.run, "--out", "out", "--policy", policy];
    const { stderr } = expectCode(await runLamsach(args, { cwd: work }), 2);
    const line = readFileSync(policy, "utf8").split("\n").indexOf("  sex: X99") + 1;
    expect(stderr).toContain(`wrong.yaml:${line}:`);
    expect(stderr).toContain(`wrong.yaml:${line + 1}:`);
  });
});

function sum(moved: Judged["moved"]): number {
  return moved.reduce((total, { doses }) => total + doses, 0);
}
