import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "csv-stringify/sync";
import { beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, expectCode, runLamsach } from "./support/command-line.js";
import { makeSample, readOutcome, sampleRun } from "./support/sample.js";
import { type CsvRow, readCsv, readSetRows } from "./support/set-rows.js";
import { useWorkFolder } from "./support/work-folder.js";

const work = useWorkFolder();
let run = "";
let runDir = "";
let cleaned: CsvRow[] = [];

beforeAll(async () => {
  await makeSample(work, { people: 300 });
  const result = await runLamsach(sampleRun("out", "--json"), { cwd: work });
  ({ run, dir: runDir } = readOutcome(expectCode(result, 0)));
  cleaned = readSetRows(runDir).filter((row) => row.set === "cleaned");
});

const at = (file: string): string => path.join(work, file);

function lamsach(...args: readonly string[]): Promise<CommandResult> {
  return runLamsach(args, { cwd: work });
}

/** Draws a sample into `file`; its rows. */
async function draw(file: string, ...more: readonly string[]): Promise<CsvRow[]> {
  const from = more.includes("--out") ? [] : ["--out", "out"];
  expectCode(await lamsach("audit-sample", run, "--file", file, ...from, ...more), 0);
  return readCsv(at(file));
}

/** Writes rows as a spreadsheet saves them, each with the verdict that `judge` gives. */
function fill(file: string, rows: readonly CsvRow[], judge: (row: CsvRow, index: number) => string): string {
  const filled = rows.map((row, index) => ({ ...row, verdict: judge(row, index) }));
  const options = { header: true, delimiter: ";", bom: true, record_delimiter: "\r\n" } as const;
  writeFileSync(at(file), stringify(filled, options));
  return file;
}

function countBy(rows: readonly CsvRow[], column: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[row[column] ?? ""] = (counts[row[column] ?? ""] ?? 0) + 1;
  return counts;
}

const placeOf = ({ source_file, source_line, record_id }: CsvRow): string =>
  [source_file, source_line, record_id].join("|");

describe("lamsach audit-sample", () => {
  it("draws cleaned records, each once, of each code its share and at least some, into a private file", async () => {
    const rows = await draw("shares.csv", "--n", "100");
    expect(rows).toHaveLength(100);
    const known = new Map(cleaned.map((row) => [placeOf(row), row]));
    expect(new Set(rows.map(placeOf)).size).toBe(100);
    for (const row of rows) expect(known.get(placeOf(row))?.code).toBe(row.code);
    const populations = countBy(cleaned, "code");
    const drawn = countBy(rows, "code");
    expect(Object.keys(drawn).sort()).toEqual(Object.keys(populations).sort());
    for (const [code, population] of Object.entries(populations)) {
      const share = (100 * population) / cleaned.length;
      expect(drawn[code]).toBeGreaterThanOrEqual(Math.min(30, population, Math.floor(share)));
      if (share >= 30) expect(drawn[code]).toBeLessThanOrEqual(Math.ceil(share));
    }
    expect(statSync(at("shares.csv")).mode & 0o777).toBe(0o600);
  });

  it("shows what somebody needs who checks: every delivered cell and every standard value", async () => {
    const known = new Map(cleaned.map((row) => [placeOf(row), row]));
    for (const row of await draw("cells.csv", "--n", "60")) {
      const whole = Object.entries(known.get(placeOf(row)) ?? {});
      const judged = whole.findIndex(([header]) => header === "set");
      const list = (cells: typeof whole): string =>
        cells
          .filter(([, cell]) => cell !== "")
          .map(([header, cell]) => `${header}: ${cell}`)
          .join("\n");
      expect(row.delivered).toBe(list(whole.slice(3, judged)));
      expect(row.cleaned).toBe(list(whole.filter(([header]) => header.startsWith("std_"))));
      expect(row.findings).toBe(known.get(placeOf(row))?.findings);
    }
  });

  it("draws the same again, also when the run was cut and worked otherwise, and others by another seed", async () => {
    await draw("first.csv", "--n", "50");
    const first = readFileSync(at("first.csv"));
    await draw("second.csv", "--n", "50");
    expect(readFileSync(at("second.csv"))).toEqual(first);
    const small = ["--workers", "2", "--shard-size", "4KB"];
    expectCode(await runLamsach(sampleRun("out-small", ...small), { cwd: work }), 0);
    await draw("small.csv", "--n", "50", "--out", "out-small");
    expect(readFileSync(at("small.csv"))).toEqual(first);
    const other = await draw("other.csv", "--n", "50", "--seed", "1");
    const known = new Set(readCsv(at("first.csv")).map(placeOf));
    expect(other.filter((row) => known.has(placeOf(row))).length).toBeLessThan(25);
  });

  it("draws everything when there is less than is asked for", async () => {
    const rows = await draw("all.csv", "--n", "100000");
    expect(new Set(rows.map(placeOf))).toEqual(new Set(cleaned.map(placeOf)));
  });

  it("says that the file holds personal data, and notes in the audit log that it was made", async () => {
    const { stdout } = expectCode(
      await lamsach("audit-sample", run, "--file", "noted.csv", "--n", "9", "--out", "out"),
      0,
    );
    expect(stdout).toContain("Tệp này chứa dữ liệu cá nhân");
    expect(stdout).toContain("personal data");
    const last = JSON.parse(readFileSync(at("out/audit.log"), "utf8").trimEnd().split("\n").at(-1) ?? "");
    expect(last).toMatchObject({ command: "audit-sample", event: "done", run });
    expectCode(await lamsach("audit", "verify", "--out", "out", "--files"), 0);
  });

  it.each([
    ["a file that is there", ["--file", "taken.csv"], 2, "may hold answers"],
    ["fewer records than codes", ["--file", "few.csv", "--n", "1"], 2, "one record of each"],
    ["no number", ["--file", "none.csv", "--n", "0"], 2, "whole number"],
  ] as const)("refuses %s", async (_, more, code, message) => {
    writeFileSync(at("taken.csv"), "kept");
    const result = expectCode(await lamsach("audit-sample", run, "--out", "out", ...more), code);
    expect(result.stderr).toContain(message);
    expect(readFileSync(at("taken.csv"), "utf8")).toBe("kept");
  });

  it("goes without --file beside the audit results, for its owner alone, and never over answers", async () => {
    const { stdout } = expectCode(await lamsach("audit-sample", run, "--n", "40", "--out", "out"), 0);
    const file = `out/audits/${run}-sample.csv`;
    expect(stdout).toContain(at(file));
    expect(readCsv(at(file))).toHaveLength(40);
    expect(statSync(at(file)).mode & 0o777).toBe(0o600);
    expect(statSync(at("out/audits")).mode & 0o777).toBe(0o700);
    const before = readFileSync(at(file));
    const again = expectCode(await lamsach("audit-sample", run, "--n", "50", "--out", "out"), 2);
    expect(again.stderr).toContain("may hold answers");
    expect(readFileSync(at(file))).toEqual(before);
    expectCode(await lamsach("audit", "verify", "--out", "out", "--files"), 0);
  });

  it("refuses a run that was withheld", async () => {
    const gone = await lamsach("audit-sample", "2023-01-01-000000000000", "--out", "out", "--file", "w.csv");
    expectCode(gone, 2);
    expect(existsSync(at("w.csv"))).toBe(false);
  });
});

describe("lamsach audit-result", () => {
  it("keeps counts alone, and the share that follows from them", async () => {
    const rows = await draw("kept.csv", "--n", "200");
    const answers = fill("kept-filled.csv", rows, (_row, index) =>
      index === 0 ? "sai" : index === 1 ? "Không rõ" : "Đúng",
    );
    const args = ["audit-result", run, answers, "--out", "out", "--checked-on", "2023-07-01", "--json"];
    const told = JSON.parse(expectCode(await lamsach(...args), 0).stdout);
    const populations = countBy(cleaned, "code");
    const drawn = countBy(rows, "code");
    const right = countBy(rows.slice(2), "code");
    const strata = Object.keys(populations)
      .sort()
      .map((code) => ({
        ...{ code, population: populations[code], drawn: drawn[code], right: right[code] },
        checked: (drawn[code] as number) - (rows[1]?.code === code ? 1 : 0),
      }));
    const share =
      strata.reduce((sum, one) => sum + ((one.population ?? 0) * (one.right ?? 0)) / (one.drawn ?? 1), 0) /
      cleaned.length;
    expect(told).toMatchObject({ run, population: cleaned.length, checkedOn: "2023-07-01", strata });
    expect(told.right).toBeCloseTo(share, 5);
    expect(told.low).toBeLessThan(share);
    expect(told.high).toBeGreaterThan(share);

    const file = at(`out/audits/${run}.json`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
    const { run: _, ...result } = told;
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ run, seed: 0, size: 200, result });
    const log = readFileSync(at("out/audit.log"), "utf8").trimEnd().split("\n");
    expect(log.slice(-2).map((line) => JSON.parse(line))).toMatchObject([
      { command: "audit-result", event: "begin", run, inputs: [{ name: answers }] },
      { command: "audit-result", event: "end", run, exitCode: 0 },
    ]);
    expectCode(await lamsach("audit", "verify", "--out", "out", "--files"), 0);
  });

  it("replaces an earlier result, and says it for a person", async () => {
    const rows = await draw("again.csv", "--n", "200", "--seed", "5");
    const answers = fill("again-filled.csv", rows, () => "right");
    const { stdout } = expectCode(await lamsach("audit-result", run, answers, "--out", "out"), 0);
    expect(stdout).toMatch(/^100\.00 % \(95 % CI 9\d\.\d\d–100\.00 %\) số bản ghi sạch là đúng thật\.$/m);
    expect(stdout).toContain(`of the ${cleaned.length} cleaned records are truly right`);
    expect(stdout.trimEnd()).toMatch(new RegExp(`lamsach report ${run} --out out$`));
    const kept = JSON.parse(readFileSync(at(`out/audits/${run}.json`), "utf8"));
    expect(kept).toMatchObject({ seed: 5, result: { right: 1, high: 1 } });
  });

  it("refuses answers that are not those of the sample, and keeps nothing of them", async () => {
    const rows = await draw("wrong.csv", "--n", "20");
    const before = readFileSync(at(`out/audits/${run}.json`), "utf8");
    const [first] = rows as [CsvRow, ...CsvRow[]];
    const other = `${run.slice(0, -1)}${run.endsWith("0") ? "1" : "0"}`;
    const cases: readonly (readonly [string, readonly CsvRow[], string])[] = [
      ["part.csv", rows.slice(1), "1 of 20 rows of the sample are missing"],
      ["twice.csv", [...rows, first], "row 22: this row stands in row 2 too"],
      ["key.csv", [{ ...first, key: "r0" }, ...rows.slice(1)], "row 2: this key is not in the sample"],
      ["seed.csv", rows.map((row) => ({ ...row, sample: `${run}/1/20` })), "this key is not in the sample"],
      ["run.csv", rows.map((row) => ({ ...row, sample: `${other}/0/20` })), "this is a sample of run"],
    ];
    for (const [file, changed, message] of cases) {
      const result = await lamsach(
        "audit-result",
        run,
        fill(file, changed, () => "right"),
        "--out",
        "out",
      );
      expect(expectCode(result, 3).stderr).toContain(message);
    }
    const blank = await lamsach(
      "audit-result",
      run,
      fill("blank.csv", rows, () => ""),
      "--out",
      "out",
    );
    expect(expectCode(blank, 3).stderr).toContain("row 2: there is no verdict");
    expect(expectCode(await lamsach("audit-result", run, "nowhere.csv", "--out", "out"), 3).stderr).toContain(
      "this is no file of a sample",
    );
    expect(readFileSync(at(`out/audits/${run}.json`), "utf8")).toBe(before);
  });

  it("is killed before its result is there, and taken in by the same command", async () => {
    const rows = await draw("killed.csv", "--n", "30");
    const answers = fill("killed-filled.csv", rows, () => "right");
    const args = ["audit-result", run, answers, "--out", "out"];
    const before = readFileSync(at(`out/audits/${run}.json`), "utf8");
    const killed = await runLamsach(args, { cwd: work, env: { LAMSACH_KILL_AT: "part-written#2" } });
    expect(killed.signal).toBe("SIGKILL");
    expect(readFileSync(at(`out/audits/${run}.json`), "utf8")).toBe(before);
    expectCode(await lamsach(...args), 0);
    expect(JSON.parse(readFileSync(at(`out/audits/${run}.json`), "utf8"))).toMatchObject({ size: 30 });
    expect(readdirSync(at("out/audits")).sort()).toEqual([`${run}-sample.csv`, `${run}.json`]);
    expect(readFileSync(at("out/audit.log"), "utf8")).toContain(
      '"command":"audit-result","event":"interrupted"',
    );
    expectCode(await lamsach("audit", "verify", "--out", "out"), 0);
  });

  it("goes with its run when that is purged", async () => {
    expect(existsSync(at(`out/audits/${run}.json`))).toBe(true);
    writeFileSync(at("out/audits/.0123456789abcdef01234567.part"), "half a sample");
    expectCode(await lamsach("purge", run, "--yes", "--out", "out"), 0);
    expect(existsSync(at(`out/audits/${run}.json`))).toBe(false);
    // The sample holds records of the run.
    expect(readdirSync(at("out/audits"))).toEqual([]);
  });
});

describe("a sealed run", () => {
  it("is sampled and answered with its key, and not without", async () => {
    expectCode(await lamsach("key", "new", "night.key"), 0);
    const sealed = sampleRun("out-sealed", "--encrypt", "--key-file", "night.key", "--json");
    const { run: id } = readOutcome(expectCode(await runLamsach(sealed, { cwd: work }), 0));
    const sample = ["audit-sample", id, "--out", "out-sealed", "--n", "40", "--file", "sealed.csv"];
    expect(expectCode(await lamsach(...sample), 2).stderr).toContain("this run is sealed");
    expect(existsSync(at("sealed.csv"))).toBe(false);
    const open = ["audit-sample", id, "--out", "out-sealed", "--key-file", "night.key"];
    expect(expectCode(await lamsach(...open), 2).stderr).toContain("this run is sealed, and a sample is not");
    expect(existsSync(at("out-sealed/audits"))).toBe(false);
    expectCode(await lamsach(...sample, "--key-file", "night.key"), 0);
    const rows = readCsv(at("sealed.csv"));
    const known = new Set(cleaned.map(placeOf));
    expect(rows.filter((row) => known.has(placeOf(row)))).toHaveLength(40);
    const answers = [
      "audit-result",
      id,
      fill("sealed-filled.csv", rows, () => "right"),
      "--out",
      "out-sealed",
    ];
    expect(expectCode(await lamsach(...answers), 2).stderr).toContain("this run is sealed");
    expectCode(await lamsach(...answers, "--key-file", "night.key"), 0);
  });
});
