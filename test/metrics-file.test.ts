import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { codeCatalogue } from "../src/judge/code-catalogue.js";
import { type CommandResult, expectCode, runLamsach } from "./support/command-line.js";
import { writePipeline } from "./support/pipeline-file.js";
import { parsePrometheus, type Sample } from "./support/prometheus-text.js";
import { makeSample, readOutcome, sampleRun } from "./support/sample.js";
import { hashTree } from "./support/tree-hash.js";
import { useWorkFolder } from "./support/work-folder.js";

const work = useWorkFolder();
const file = path.join(work, "lamsach.prom");
let published: CommandResult;

/** Runs the sample with a metrics file; `more` is laid behind. */
function runWithMetrics(out: string, ...more: readonly string[]): Promise<CommandResult> {
  return runLamsach(sampleRun(out, "--metrics-file", file, ...more), { cwd: work });
}

function readMetrics(): readonly Sample[] {
  return parsePrometheus(readFileSync(file, "utf8"));
}

/** The only value of a metric with these labels; null when there is none. */
function readValue(name: string, labels: Readonly<Record<string, string>> = {}): number | null {
  const found = readMetrics().filter(
    (sample) =>
      sample.name === `lamsach_${name}` &&
      Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  );
  expect(found.length).toBeLessThanOrEqual(1);
  return found[0]?.value ?? null;
}

beforeAll(async () => {
  await makeSample(work, { people: 60, shapes: "long" });
  published = expectCode(await runWithMetrics("out", "--json"), 0);
});

afterEach(() => rmSync(file, { force: true }));

describe("lamsach run --metrics-file", () => {
  it("counts every set and code in both units, as the outcome and the report do", () => {
    const outcome = readOutcome(published);
    const delivered = readdirSync(path.join(work, "sample/exports"));
    const summary = JSON.parse(readFileSync(path.join(outcome.dir, "report/summary.json"), "utf8"));
    for (const { code, set } of codeCatalogue) {
      expect(readValue("records", { unit: "doses", set, code })).toBe(outcome.counts[code] ?? 0);
      expect(readValue("records", { unit: "people", set, code })).toBe(summary.people.byCode[code] ?? 0);
    }
    for (const unit of ["doses", "people"]) {
      const { numerator, denominator } = summary[unit].cleanliness;
      expect(readValue("cleanliness_ratio", { unit })).toBeCloseTo(numerator / denominator, 5);
    }
    for (const { name, value, limit } of summary.gates) {
      expect(readValue("gate_value", { gate: name })).toBe(value);
      expect(readValue("gate_limit", { gate: name })).toBe(limit);
      expect(readValue("gate_passed", { gate: name })).toBe(1);
    }
    expect(readValue("input_bytes")).toBe(
      delivered.reduce((sum, name) => sum + statSync(path.join(work, "sample/exports", name)).size, 0),
    );
    expect(readValue("input_files_left_out")).toBe(0);
    expect(readValue("register_people")).toBe(summary.run.registerPeople);
    expect(readValue("run_exit_code")).toBe(0);
    expect(readValue("published_timestamp_seconds")).toBeLessThanOrEqual(
      readValue("run_finished_timestamp_seconds") as number,
    );
    expect(readValue("run_duration_seconds")).toBeGreaterThan(0);
    expect(readValue("records_per_second")).toBeGreaterThan(0);
    expect(readValue("peak_memory_bytes")).toBeGreaterThan(2 ** 20);
  });

  it("tells of a run that a gate withheld, with its counts, and of the last one published", async () => {
    const strict = writePipeline(path.join(work, "strict.yaml"), { gates: { maxErrorShare: 0 } });
    const { counts } = readOutcome(published);
    const args = sampleRun("out", "--metrics-file", file).map((arg, at) => (at === 1 ? strict : arg));
    expectCode(await runLamsach(args, { cwd: work }), 1);
    expect(readValue("run_exit_code", { pipeline: "strict" })).toBe(1);
    expect(readValue("gate_passed", { gate: "maxErrorShare" })).toBe(0);
    expect(readValue("records", { unit: "doses", code: "C1" })).toBe(counts.C1);
    expect(readValue("published_timestamp_seconds")).not.toBeNull();
  });

  it.each([
    ["an input that cannot be read", 3, ["--input", "broken/*"]],
    ["a policy that is not there", 2, ["--policy", "none.yaml"]],
  ])("tells of a run that failed by %s", async (_why, code, more) => {
    mkdirSync(path.join(work, "broken"), { recursive: true });
    writeFileSync(path.join(work, "broken/empty.csv"), "");
    expectCode(await runWithMetrics("failed", ...more), code);
    expect(readValue("run_exit_code")).toBe(code);
    expect(readValue("run_finished_timestamp_seconds")).not.toBeNull();
    expect(readValue("published_timestamp_seconds")).toBeNull();
    expect(readMetrics().some(({ name }) => name === "lamsach_records")).toBe(false);
  });

  it("tells of a run that was complete already, in a file for the collector's user under any umask", async () => {
    const before = process.umask(0o077);
    try {
      expectCode(await runWithMetrics("out"), 0);
    } finally {
      process.umask(before);
    }
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(readValue("records", { unit: "doses", code: "C1" })).toBe(readOutcome(published).counts.C1);
    const labels = new Set(readMetrics().flatMap((sample) => Object.keys(sample.labels)));
    expect([...labels].sort()).toEqual(["code", "gate", "pipeline", "set", "unit"]);
    const pipelines = new Set(readMetrics().map((sample) => sample.labels.pipeline));
    expect([...pipelines]).toEqual(["covid19-vaccination"]);
  });

  it("says nothing of a dry run", async () => {
    expectCode(await runWithMetrics("out", "--dry-run"), 0);
    expect(existsSync(file)).toBe(false);
  });

  it("changes nothing of a run when the metrics file cannot be written", async () => {
    writeFileSync(path.join(work, "victim"), "untouched");
    symlinkSync(path.join(work, "victim"), file);
    const result = expectCode(await runWithMetrics("other", "--json"), 0);
    expect(result.stderr).toMatch(/^lamsach: the metrics are not written/);
    expect(hashTree(readOutcome(result).dir)).toEqual(hashTree(readOutcome(published).dir));
    expect(readFileSync(path.join(work, "victim"), "utf8")).toBe("untouched");
  });
});
