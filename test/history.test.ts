import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parseHistoryJson } from "../src/report/history-json.js";
import type { RunHistory } from "../src/report/run-history.js";
import { type CommandResult, expectCode, runLamsach, startLamsach } from "./support/command-line.js";
import { openGates, writePipeline } from "./support/pipeline-file.js";
import { makeSample, readOutcome } from "./support/sample.js";
import { useWorkFolder } from "./support/work-folder.js";

const work = useWorkFolder();
let lines: readonly string[] = [];

beforeAll(async () => {
  await makeSample(work, { people: 120, shapes: "long" });
  lines = readFileSync(path.join(work, "sample/exports/national-2023.csv"), "utf8").trimEnd().split("\n");
  mkdirSync(path.join(work, "in"));
  writePipeline(path.join(work, "night.yaml"), openGates, { inputs: ["in/*.csv"] });
});

function deliver(rows: readonly string[]): void {
  writeFileSync(path.join(work, "in/a.csv"), `${rows.join("\n")}\n`);
}

function nightArgs(out: string, day: number, ...more: readonly string[]): string[] {
  const when = ["--as-of", `2023-06-${day}`, "--workers", "1", "--json"];
  return ["run", "night.yaml", "--register", "population.db", "--out", out, ...when, ...more];
}

async function cleanNight(out: string, day: number, ...more: readonly string[]): Promise<CommandResult> {
  return expectCode(await runLamsach(nightArgs(out, day, ...more), { cwd: work }), 0);
}

function runOf(result: CommandResult): string {
  return readOutcome(result).run;
}

function readHistory(out: string, run: string): RunHistory {
  const history = parseHistoryJson(readFileSync(path.join(work, out, run, "report/history.json"), "utf8"));
  if (history === null) throw new Error(`${run}: this is no history`);
  return history;
}

interface Row {
  readonly key: string;
  readonly label: string;
  readonly doses: { readonly records: number };
}
type Sets = Readonly<Record<"records" | "cleaned" | "errors" | "exceptions", number>>;
interface Summary {
  readonly run: { readonly id: string; readonly asOf: string };
  readonly doses: Sets;
  readonly people: Sets;
  readonly dimensions: { readonly province: readonly Row[]; readonly facility: readonly Row[] };
}

function readSummary(out: string, run: string): Summary {
  return JSON.parse(readFileSync(path.join(work, out, run, "report/summary.json"), "utf8"));
}

function pickSets({ records, cleaned, errors, exceptions }: Sets): Sets {
  return { records, cleaned, errors, exceptions };
}

describe("report/history.json", () => {
  it("tells of the nights before with their own counts, and of who has gone silent", async () => {
    const out = "out-trend";
    deliver(lines);
    const before = [13, 14, 15].map((day) => day);
    const runs: string[] = [];
    for (const day of before) runs.push(runOf(await cleanNight(out, day)));
    expect(readHistory(out, runs[0] as string)).toMatchObject({
      ...{ runs: [], late: [], compared: { province: 0, facility: 0 } },
    });
    // Tonight most rows are missing, and of them all of somebody.
    deliver(lines.slice(0, Math.ceil(lines.length / 8)));
    const tonight = runOf(await cleanNight(out, 16));
    const history = readHistory(out, tonight);
    expect(history.runs).toEqual(
      runs.map((run) => {
        const { run: itself, doses, people } = readSummary(out, run);
        return { id: run, asOf: itself.asOf, doses: pickSets(doses), people: pickSets(people) };
      }),
    );
    expect(history.compared).toEqual({ province: 3, facility: 3 });
    // The nights before were alike, so each is the median.
    const usual = readSummary(out, runs[2] as string);
    const now = readSummary(out, tonight);
    const expected = (["province", "facility"] as const).flatMap((dimension) => {
      const sent = new Map(now.dimensions[dimension].map(({ key, doses }) => [key, doses.records]));
      return usual.dimensions[dimension]
        .filter(
          ({ key, doses }) =>
            !["", "?"].includes(key) && doses.records >= 10 && 2 * (sent.get(key) ?? 0) < doses.records,
        )
        .map(({ key, doses }) => `${dimension} ${key}: ${sent.get(key) ?? 0} of ${doses.records}`);
    });
    const found = history.late.map(
      ({ dimension, key, records, usual: all }) => `${dimension} ${key}: ${records} of ${all}`,
    );
    expect([...found].sort()).toEqual([...expected].sort());
    expect(found.length).toBeGreaterThan(1);
    const silent = new Set(history.neverSent.map(({ key }) => key));
    const sentOnce = usual.dimensions.province.map(({ key }) => key).filter((key) => /^\d+$/.test(key));
    expect(sentOnce.filter((key) => silent.has(key))).toEqual([]);
    expect(silent.size + sentOnce.length).toBe(63);
    const missing = history.late.map((late) => late.usual - late.records);
    expect(missing).toEqual([...missing].sort((a, b) => b - a));
  });

  it("does not know of runs on other files", async () => {
    const out = "out-series";
    deliver(lines);
    mkdirSync(path.join(work, "by-hand"));
    writeFileSync(path.join(work, "by-hand/a.csv"), `${lines.slice(0, 30).join("\n")}\n`);
    const first = runOf(await cleanNight(out, 13));
    const hand = runOf(await cleanNight(out, 13, "--input", "by-hand/*.csv"));
    const own = runOf(await cleanNight(out, 14, "--input", "in/*.csv"));
    const handAgain = runOf(await cleanNight(out, 14, "--input", "by-hand/*.csv"));
    const ids = (run: string): string[] => readHistory(out, run).runs.map(({ id }) => id);
    expect([hand, own, handAgain].map(ids)).toEqual([[], [first], [hand]]);
    // A ledger that is made anew has it from the audit log.
    writeFileSync(path.join(work, out, "ledger.db"), "damaged");
    expectCode(await runLamsach(["doctor", "--out", out, "--rebuild-ledger"], { cwd: work }), 0);
    expect(ids(runOf(await cleanNight(out, 15)))).toEqual([first, own]);
  });

  it("has the same bytes when the run was killed and others were published before it went on", async () => {
    deliver(lines);
    const publish = async (out: string): Promise<string> => runOf(await cleanNight(out, 13));
    const undisturbed = "out-undisturbed";
    await publish(undisturbed);
    const run = runOf(await cleanNight(undisturbed, 14));
    const killed = "out-killed";
    await publish(killed);
    const env = { LAMSACH_KILL_AT: "sets-written" };
    const { signal } = await startLamsach(nightArgs(killed, 14), { cwd: work, env }).finished;
    expect(signal).toBe("SIGKILL");
    await cleanNight(killed, 15);
    expect(runOf(await cleanNight(killed, 14))).toBe(run);
    const files = readdirSync(path.join(work, undisturbed, run, "report"));
    expect(files).toContain("history.json");
    for (const file of [...files.map((name) => `report/${name}`), "manifest.json"]) {
      const [one, other] = [undisturbed, killed].map((out) => readFileSync(path.join(work, out, run, file)));
      expect(one?.equals(other as Buffer), file).toBe(true);
    }
  });

  it("leaves out a run whose summary is damaged, says which, and stops nothing", async () => {
    const out = "out-damaged";
    deliver(lines);
    const runs: string[] = [];
    for (const day of [13, 14, 15]) runs.push(runOf(await cleanNight(out, day)));
    truncateSync(path.join(work, out, runs[1] as string, "report/summary.json"), 3000);
    deliver(lines.slice(0, 9));
    const tonight = await cleanNight(out, 16);
    const warnings = tonight.stderr.split("\n").filter((line) => line.includes("cannot be read"));
    expect(warnings.map((line) => JSON.parse(line).run)).toEqual([runs[1]]);
    // Two runs do not say what is usual.
    const history = readHistory(out, runOf(tonight));
    expect(history.runs.map(({ id }) => id)).toEqual(runs);
    expect(history.late).toEqual([]);
    expect(history.compared).toEqual({ province: 2, facility: 2 });
    const page = readFileSync(path.join(work, out, runOf(tonight), "report/index.html"), "utf8");
    expect(page).toContain("only from 3 earlier nights on");
    expect(page).not.toContain("as much as it does as a rule");
  });
});
