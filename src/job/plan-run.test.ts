import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodes, LamsachError } from "../errors.js";
import { noSeal } from "../register/sealed-register.js";
import { type FileKey, writeKeyFile } from "../storage/file-key.js";
import { describePlan } from "./describe-plan.js";
import { formatManifest } from "./manifest.js";
import { planRun, type RunNightOptions, type RunPlan, requireInputs } from "./plan-run.js";

const header = "record_id,full_name,birth_date,sex,citizen_id,dose_no,vaccine,vaccination_date,facility_code";
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-plan-"));
  cpSync("pipelines", path.join(dir, "pipelines"), { recursive: true });
  mkdirSync(path.join(dir, "in"));
  writeFileSync(path.join(dir, "in", "b.csv"), `${header}\nB1,Lê Lan,,,,,,,\n`);
  writeFileSync(path.join(dir, "in", "a.csv"), `${header}\nA1,Lê Lan,,,,,,,\n`.replaceAll(",", ";"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const options: RunNightOptions = {
  pipelinePath: "pipelines/covid19-vaccination.yaml",
  inputs: ["in/*.csv"],
  registerPath: null,
  policyPath: null,
  out: "out",
  asOf: "2023-06-13",
  workers: 2,
  memoryBytes: null,
  checksSpace: true,
  shardBytes: null,
  comparesWithLast: true,
  dryRun: false,
  resume: false,
  encrypt: false,
  keyFile: null,
};

async function hashFile(file: string): Promise<string> {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

function plan(
  changes: Partial<RunNightOptions> = {},
  { cwd = dir, now = "2023-06-20T20:00:00Z" } = {},
): Promise<RunPlan> {
  const clock = Date.parse(now);
  return planRun({ ...options, ...changes }, { cwd, now: () => new Date(clock) }, hashFile, noSeal);
}

describe("planRun(options, effects, hashFile, seal)", () => {
  it("names the inputs in order, with their content, and makes paths whole", async () => {
    const { inputs, out, asOf, register, runId } = await plan();
    expect(inputs.map(({ name }) => name)).toEqual(["a.csv", "b.csv"]);
    expect(inputs[0]?.sha256).toBe(await hashFile(path.join(dir, "in", "a.csv")));
    expect(inputs[0]?.bytes).toBe(readFileSync(path.join(dir, "in", "a.csv")).length);
    expect([out, asOf, register]).toEqual([path.join(dir, "out"), "2023-06-13", null]);
    expect(runId).toMatch(/^2023-06-13-[0-9a-f]{12}$/);
  });

  it("has the same run id on any path, with any number of workers, at any time", async () => {
    const { runId } = await plan();
    const elsewhere = mkdtempSync(path.join(tmpdir(), "lamsach-elsewhere-"));
    cpSync(dir, elsewhere, { recursive: true });
    const other = await plan(
      { workers: 9, shardBytes: 4096, memoryBytes: 1e9, out: "another" },
      { cwd: elsewhere, now: "2024-01-01T00:00:00Z" },
    );
    rmSync(elsewhere, { recursive: true });
    expect(other.runId).toBe(runId);
  });

  it("has another run id when the content, the day, a rule, a policy or an input changes", async () => {
    const ids = [
      (await plan()).runId,
      (await plan({ asOf: "2023-06-14" })).runId,
      (await plan({ inputs: ["in/a.csv"] })).runId,
    ];
    writeFileSync(path.join(dir, "in", "b.csv"), `${header}\nB2,Lê Lan,,,,,,,\n`);
    ids.push((await plan()).runId);
    const edit = (file: string, from: string, to: string): void => {
      const place = path.join(dir, "pipelines", file);
      writeFileSync(place, readFileSync(place, "utf8").replace(from, to));
    };
    edit("covid19-vaccination.yaml", "maxAgeYears: 120", "maxAgeYears: 119");
    ids.push((await plan()).runId);
    edit("policies/scheme-06.yaml", "vaccine.blank: E23", "vaccine.blank: E34");
    ids.push((await plan()).runId);
    edit("tables/province_codes.csv", "Hà Nội", "Hà Nội cũ");
    ids.push((await plan()).runId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("has another run id when it is sealed, with another key, and for pseudonyms, and the old one when nothing is", async () => {
    const [one, two] = ["one.key", "two.key"].map((name) => writeKeyFile(path.join(dir, name)));
    const planWith = (key: FileKey | undefined, encrypt: boolean): Promise<RunPlan> =>
      planRun({ ...options, encrypt }, { cwd: dir, now: () => new Date() }, hashFile, {
        ...noSeal,
        key: key ?? null,
      });
    const plans = [await plan(), await planWith(one, true), await planWith(two, true)];
    expect((await planWith(one, false)).runId).toBe(plans[0]?.runId);
    expect(plans[0]?.identity).not.toHaveProperty("protection");
    const file = path.join(dir, "pipelines", "covid19-vaccination.yaml");
    writeFileSync(file, `${readFileSync(file, "utf8")}\npseudonyms: { columns: [phone] }\n`);
    plans.push(await planWith(one, false), await planWith(two, false), await planWith(one, true));
    expect(new Set(plans.map(({ runId }) => runId)).size).toBe(6);
    expect(plans[5]?.identity.protection).toEqual({ sealed: one?.id, pseudonyms: one?.id });
    await expect(planWith(undefined, false)).rejects.toThrow("pseudonyms are asked for, and there is no key");
  });

  it("takes the day in Việt Nam when none is given", async () => {
    const days = await Promise.all(
      ["2023-06-12T16:59:59Z", "2023-06-12T17:00:00Z", "2023-12-31T17:00:00Z"].map(
        async (now) => (await plan({ asOf: null }, { now })).asOf,
      ),
    );
    expect(days).toEqual(["2023-06-12", "2023-06-13", "2024-01-01"]);
  });

  it("takes the pipeline's inputs when none are given, beside the pipeline file", async () => {
    mkdirSync(path.join(dir, "sample-data", "exports"), { recursive: true });
    for (const name of ["c.csv", "d.csv.gz", "e.xlsx"])
      writeFileSync(path.join(dir, "sample-data", "exports", name), "x\n");
    const { inputs } = await plan({ inputs: [] });
    expect(inputs.map(({ name }) => name)).toEqual(["c.csv", "d.csv.gz", "e.xlsx"]);
  });

  it("takes what was delivered of the pipeline's inputs, though a kind of file is missing tonight", async () => {
    const exports = path.join(dir, "sample-data", "exports");
    mkdirSync(exports, { recursive: true });
    writeFileSync(path.join(exports, "c.csv"), "x\n");
    expect((await plan({ inputs: [] })).inputs.map(({ name }) => name)).toEqual(["c.csv"]);
  });

  it.each([
    ["no delivery at all", { inputs: [] }, exitCodes.input],
    ["an input that names nothing", { inputs: ["in/*.csv", "in/*.xlsx"] }, exitCodes.input],
    ["a pipeline that is not there", { pipelinePath: "none.yaml" }, exitCodes.usage],
    ["a policy that is not there", { policyPath: "none.yaml" }, exitCodes.usage],
    ["a register that is not there", { registerPath: "none.db" }, exitCodes.input],
  ])("refuses %s", async (_what, changes, exitCode) => {
    const failure = await plan(changes).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(LamsachError);
    expect((failure as LamsachError).exitCode).toBe(exitCode);
  });
});

describe("requireInputs(plan)", () => {
  it("refuses a run of nothing, and no other", async () => {
    const some = await plan();
    expect(() => requireInputs(some)).not.toThrow();
    expect(() => requireInputs({ ...some, inputs: [] })).toThrow("no input file was found");
  });
});

describe("formatManifest(plan, files)", () => {
  const files = [{ path: "cleaned/a.csv", bytes: 5, rows: 1, sha256: "00" }];

  it("says what the run was made of, and lists every file", async () => {
    const planned = await plan();
    const manifest = JSON.parse(formatManifest(planned, [], files));
    expect(manifest).toMatchObject({
      format: 1,
      run: planned.runId,
      asOf: "2023-06-13",
      pipeline: { name: "covid19-vaccination", version: 1 },
      policy: { name: "scheme-06" },
      register: null,
      files,
    });
    expect(manifest.inputs.map(({ name }: { name: string }) => name)).toEqual(["a.csv", "b.csv"]);
  });

  it("names no path of this machine and no time", async () => {
    const text = formatManifest(await plan({}, { now: "2031-05-04T03:02:01Z" }), [], files);
    expect(text).not.toContain(dir);
    expect(text).not.toContain("2031");
  });
});

describe("describePlan(plan, options)", () => {
  it("says how each input would be read, and leaves nothing behind", async () => {
    const tempDir = path.join(dir, "tmp");
    mkdirSync(tempDir);
    writeFileSync(path.join(dir, "in", "c.csv"), "");
    const { plan: described, text } = await describePlan(await plan(), {
      isFinished: false,
      shardBytes: 10,
      workers: 2,
      tempDir,
    });
    expect(
      described.inputs.map(({ name, layout, headerLine, refused }) => [
        name,
        layout,
        headerLine,
        refused === null,
      ]),
    ).toEqual([
      ["a.csv", "long", 1, true],
      ["b.csv", "long", 1, true],
      ["c.csv", null, null, false],
    ]);
    expect(described.inputs[0]?.columns).toMatchObject({ record_id: "record_id", citizen_id: "citizen_id" });
    expect(described.inputs[0]?.shards).toBe(2);
    expect(text).toContain("register  none: nobody is authenticated (E61)");
    expect(text).toContain("  refused: ");
    expect(text).not.toContain("Lê Lan");
    expect(readdirSync(tempDir)).toEqual([]);
  });
});
