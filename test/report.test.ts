import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { renderReport } from "../src/report/page/page.js";
import { type CommandResult, expectCode, runLamsach } from "./support/command-line.js";
import { openGates, writePipeline } from "./support/pipeline-file.js";
import { makeSample, readOutcome, sampleRun } from "./support/sample.js";
import { hashTree } from "./support/tree-hash.js";
import { useWorkFolder } from "./support/work-folder.js";

const work = useWorkFolder();
const runs: string[] = [];
let withheld = "";

function lamsach(...args: readonly string[]): Promise<CommandResult> {
  return runLamsach(args, { cwd: work });
}

beforeAll(async () => {
  await makeSample(work, { people: 80 });
  writePipeline(path.join(work, "open.yaml"), openGates);
  writePipeline(path.join(work, "strict.yaml"), { gates: { maxErrorShare: 0 } });
  for (const day of ["2023-06-13", "2023-06-14", "2023-06-15"]) {
    const night = [...sampleRun("out", "--json").with(1, "open.yaml"), "--as-of", day];
    runs.push(readOutcome(expectCode(await lamsach(...night), 0)).run);
  }
  const strict = [...sampleRun("out", "--json").with(1, "strict.yaml"), "--as-of", "2023-06-16"];
  withheld = readOutcome(expectCode(await lamsach(...strict), 1)).run;
});

function read(...names: readonly string[]): string {
  return readFileSync(path.join(work, ...names), "utf8");
}

describe("lamsach report <run>", () => {
  it("makes the published page again, byte for byte, from what the run stored", async () => {
    for (const run of runs) {
      const before = hashTree(path.join(work, "out", run));
      const made = expectCode(await lamsach("report", run, "--out", "out", "--json"), 0);
      const file = path.join(work, "out/pages", `${run}.html`);
      expect(JSON.parse(made.stdout)).toEqual({ run, file });
      expect(readFileSync(file).equals(readFileSync(path.join(work, "out", run, "report/index.html")))).toBe(
        true,
      );
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(hashTree(path.join(work, "out", run))).toEqual(before);
    }
  });

  it("makes the page of a withheld run again", async () => {
    expectCode(await lamsach("report", withheld, "--out", "out", "--out-file", "withheld.html"), 0);
    expect(read("withheld.html")).toBe(read("out/.work", withheld, "report/index.html"));
  });

  it("tells with --since what has changed since that run", async () => {
    const [first = "", , last = ""] = runs;
    const args = ["report", last, "--since", first, "--out", "out", "--out-file", "since.html"];
    expectCode(await lamsach(...args), 0);
    const metrics = JSON.parse(read("out", last, "report/summary.json"));
    const history = JSON.parse(read("out", last, "report/history.json"));
    expect(history.runs.map(({ id }: { id: string }) => id)).toEqual(runs.slice(0, 2));
    const told = { ...history, runs: history.runs.slice(0, 1) };
    expect(read("since.html")).toBe(renderReport({ metrics, history: told, audit: null }));
  });

  it("tells with --since of a run that its history does not have from that run's own summary", async () => {
    const [first = "", , last = ""] = runs;
    const args = ["report", first, "--since", last, "--out", "out", "--out-file", "back.html"];
    expectCode(await lamsach(...args), 0);
    const { run, doses, people } = JSON.parse(read("out", last, "report/summary.json"));
    const pick = ({ records, cleaned, errors, exceptions }: Record<string, number>): object => {
      return { records, cleaned, errors, exceptions };
    };
    const past = { id: last, asOf: run.asOf, doses: pick(doses), people: pick(people) };
    const metrics = JSON.parse(read("out", first, "report/summary.json"));
    const history = { ...JSON.parse(read("out", first, "report/history.json")), runs: [past] };
    expect(read("back.html")).toBe(renderReport({ metrics, history, audit: null }));
  });

  it.each<[what: string, args: () => readonly string[], says: string]>([
    ["a run that is not there", () => ["2022-01-01-000000000000"], "no run has this id"],
    ["no run", () => [], "no run is named"],
    ["the run itself as --since", () => [runs[0] ?? "", "--since", runs[0] ?? ""], "this is the run itself"],
    [
      "a page in a run",
      () => [runs[0] ?? "", "--out-file", `out/${runs[0]}/report/x.html`],
      "folder of a run",
    ],
    ["a page over a ledger", () => [runs[0] ?? "", "--out-file", "out/ledger.db"], "does not end in .html"],
    ["a run with --serve", () => [runs[0] ?? "", "--serve"], "--serve shows all runs"],
    ["--port without --serve", () => [runs[0] ?? "", "--port", "0"], "--port is for --serve"],
    ["a folder that is no run", () => ["pages"], "no run has this id"],
  ])("refuses %s", async (_what, args, says) => {
    const before = hashTree(path.join(work, "out"));
    const { stderr } = expectCode(await lamsach("report", ...args(), "--out", "out"), 2);
    expect(stderr).toContain(says);
    expect(hashTree(path.join(work, "out"))).toEqual(before);
  });

  it.each(["summary.json", "history.json"])("refuses a run whose %s was changed", async (name) => {
    const [, run = ""] = runs;
    const file = path.join(work, "out", run, "report", name);
    const whole = readFileSync(file);
    try {
      appendFileSync(file, " ");
      const refused = expectCode(await lamsach("report", run, "--out", "out", "--out-file", "no.html"), 3);
      expect(refused.stderr).toContain(`report/${name}: this is not as the run wrote it`);
      expect(existsSync(path.join(work, "no.html"))).toBe(false);
    } finally {
      writeFileSync(file, whole);
    }
  });

  it("loses its page when the run is purged", async () => {
    const [first = ""] = runs;
    expectCode(await lamsach("report", first, "--out", "out"), 0);
    expectCode(await lamsach("purge", first, "--yes", "--out", "out"), 0);
    expect(readdirSync(path.join(work, "out/pages")).filter((name) => name.startsWith(first))).toEqual([]);
  });
});
