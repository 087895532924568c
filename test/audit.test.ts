import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import Database from "better-sqlite3";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { appendEntry } from "../src/audit/append-entry.js";
import { openLedger } from "../src/job/ledger.js";
import { addRowHash, rowHash } from "../src/job/row-hash.js";
import { type CommandResult, expectCode, runLamsach, startLamsach } from "./support/command-line.js";
import { openGates, writePipeline } from "./support/pipeline-file.js";
import { makeSample, readOutcome, sampleRun, shippedPipeline, shippedPolicy } from "./support/sample.js";
import { readSetRows } from "./support/set-rows.js";
import { listTree } from "./support/tree-hash.js";
import { useWorkFolder } from "./support/work-folder.js";

const work = useWorkFolder();
let run = "";
let recordId = "";
/** An entry that no command wrote. */
const forgery = {
  time: "2023-06-14T00:00:00.000Z",
  user: null,
  uid: 0,
  host: "",
  version: "0",
  command: "run",
  event: "begin",
} as const;
let head = { sequence: 0, sha256: "" };

async function lamsach(code: number, ...args: readonly string[]): Promise<CommandResult> {
  return expectCode(await runLamsach(args, { cwd: work }), code);
}

function readEntries(out: string): Record<string, unknown>[] {
  const lines = readFileSync(path.join(work, out, "audit.log"), "utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

function listActs(out: string): string[] {
  return readEntries(out).map(({ command, event }) => `${command} ${event}`);
}

/** Makes what was changed in a ledger as whole as if lamsach had changed it. */
function sealRows(ledger: Database.Database): void {
  addRowHash(ledger);
  ledger.exec(`UPDATE runs SET sha256 = ${rowHash}`);
}

/** A copy of the output folder, to do harm to. */
function copyOut(name: string): { out: string; log: string; lines: string[] } {
  cpSync(path.join(work, "out"), path.join(work, name), { recursive: true });
  const log = path.join(work, name, "audit.log");
  return { out: name, log, lines: readFileSync(log, "utf8").trimEnd().split("\n") };
}

beforeAll(async () => {
  await makeSample(work, { people: 150, shapes: "long" });
  const night = readOutcome(await lamsach(0, ...sampleRun("out", "--json")));
  run = night.run;
  head = night.audit ?? head;
  recordId = readSetRows(path.join(work, "out", run))[0]?.record_id ?? "";
  await lamsach(0, "judge", run, "--out", "out", "--policy", shippedPolicy);
  await lamsach(0, "explain", run, recordId, "--out", "out");
  await lamsach(0, "explain", run, recordId, "--out", "out", "--reveal");
  await lamsach(0, ...sampleRun("out"));
});

describe("audit.log", () => {
  it("has who did what, when, with what, and what came of it", () => {
    expect(listActs("out")).toEqual([
      "run begin",
      "run end",
      "judge done",
      "explain done",
      "run begin",
      "run end",
    ]);
    const [begin, end] = readEntries("out");
    expect(begin).toMatchObject({
      sequence: 1,
      uid: process.getuid?.(),
      run,
      versions: { rules: expect.any(String), policy: expect.stringMatching(/^[0-9a-f]{64}$/) },
      register: expect.stringMatching(/^[0-9a-f]{64}$/),
      inputs: [{ name: expect.stringContaining(".csv"), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
    expect(end).toMatchObject({ begin: 1, exitCode: 0, manifest: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it("has the build of a register, beside the register", () => {
    const [, end] = readEntries(".");
    expect(listActs(".")).toEqual(["register build begin", "register build end"]);
    expect(end).toMatchObject({ exitCode: 0, register: readEntries("out")[0]?.register });
  });

  it("tells that a record was shown, not which one", () => {
    const text = readFileSync(path.join(work, "out/audit.log"), "utf8");
    expect(text).not.toContain(recordId);
    expect(readEntries("out")[3]).toMatchObject({ run, record: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it("has work that failed", async () => {
    await lamsach(3, ...sampleRun("out-failed", "--input", shippedPipeline));
    expect(readEntries("out-failed").at(-1)).toMatchObject({ event: "end", exitCode: 3 });
  });

  it("is why a record that cannot be noted is not shown", async () => {
    const { out, log } = copyOut("out-unwritable");
    rmSync(log);
    symlinkSync(path.join(work, "elsewhere"), log);
    const { stdout } = await lamsach(4, "explain", run, recordId, "--out", out, "--reveal");
    expect(stdout).toBe("");
    expect(existsSync(path.join(work, "elsewhere"))).toBe(false);
  });

  it("keeps its chain when several commands write at once", async () => {
    const { out, lines } = copyOut("out-parallel");
    const explain = ["explain", run, recordId, "--out", out, "--reveal"];
    await Promise.all([1, 2, 3, 4].map(() => lamsach(0, ...explain)));
    await lamsach(0, "audit", "verify", "--out", out);
    expect(readEntries(out)).toHaveLength(lines.length + 4);
  });

  it("notes a killed run at the next start", async () => {
    const day = sampleRun("out-killed", "--shard-size", "4KB");
    const killed = startLamsach(day, { cwd: work });
    const log = path.join(work, "out-killed/audit.log");
    while (!existsSync(log) || !readFileSync(log, "utf8").endsWith("\n"))
      await new Promise((go) => setTimeout(go, 5));
    killed.kill("SIGKILL");
    expect((await killed.finished).signal).toBe("SIGKILL");
    const { stdout } = await lamsach(0, "audit", "verify", "--out", "out-killed");
    expect(stdout).toContain("audit.log:1: run has not ended");
    await lamsach(0, ...day);
    expect(listActs("out-killed")).toEqual(["run begin", "run interrupted", "run begin", "run end"]);
    await lamsach(0, "audit", "verify", "--out", "out-killed", "--files");
  });
});

describe("lamsach audit verify", () => {
  it("finds everything as it was written, and says where the log ends", async () => {
    const { stdout } = await lamsach(0, "audit", "verify", "--out", "out", "--files", "--json");
    const verdict = z
      .object({ entries: z.number(), runs: z.number(), head: z.unknown() })
      .parse(JSON.parse(stdout));
    expect(verdict).toEqual({ entries: 6, runs: 1, head: { sequence: 6, sha256: expect.any(String) } });
    await lamsach(0, "audit", "verify", "--out", "out", "--head", `${head.sequence}:${head.sha256}`);
  });

  it.each<[what: string, change: (lines: string[]) => string[], said: string]>([
    [
      "a changed letter",
      (lines) => lines.with(1, (lines[1] ?? "").replace('"uid":', '"uid":1')),
      "audit.log:2: ",
    ],
    ["a removed line", (lines) => lines.toSpliced(2, 1), "audit.log:3: lines are missing"],
    ["two lines swapped", (lines) => lines.toSpliced(1, 2, lines[2] ?? "", lines[1] ?? ""), "audit.log:2: "],
    ["a tail that was cut", (lines) => lines.slice(0, 4), "audit.log:5: the end is missing"],
    ["a line that was added", (lines) => [...lines, lines[5] ?? ""], "audit.log:7: "],
    ["a line in pieces", (lines) => lines.with(5, (lines[5] ?? "").slice(0, 90)), "audit.log:6: "],
  ])("finds %s", async (what, change, said) => {
    const { out, log, lines } = copyOut(`out-${what.replaceAll(" ", "-")}`);
    writeFileSync(
      log,
      change(lines)
        .map((line) => `${line}\n`)
        .join(""),
    );
    const { stdout } = await lamsach(3, "audit", "verify", "--out", out);
    expect(stdout).toContain(`WRONG ${said}`);
  });

  it("finds a log that was written anew, by an end that was kept elsewhere", async () => {
    mkdirSync(path.join(work, "out-anew"));
    for (let entry = 0; entry <= head.sequence; entry += 1) appendEntry(path.join(work, "out-anew"), forgery);
    const kept = `${head.sequence}:${head.sha256}`;
    const { stdout } = await lamsach(3, "audit", "verify", "--out", "out-anew", "--head", kept);
    expect(stdout).toContain(`entry ${head.sequence} is not the one of --head`);
  });

  it("finds a log that is gone although the ledger knows a run", async () => {
    const { out, log } = copyOut("out-gone");
    for (const file of [log, path.join(work, out, "audit.db")]) rmSync(file);
    const { stdout } = await lamsach(3, "audit", "verify", "--out", out);
    expect(stdout).toContain(run);
  });

  it("finds a manifest and a file that were changed after the run", async () => {
    const { out } = copyOut("out-changed");
    const set = listTree(path.join(work, out, run)).find((name) => name.startsWith("cleaned/")) ?? "";
    const file = path.join(work, out, run, set);
    writeFileSync(file, readFileSync(file, "latin1").replace(/\n$/, " "), "latin1"); // of the same size
    await lamsach(0, "audit", "verify", "--out", out);
    expect((await lamsach(3, "audit", "verify", "--out", out, "--files")).stdout).toContain(
      `${run}/${set}: `,
    );
    appendFileSync(path.join(work, out, run, "manifest.json"), " ");
    const { stdout } = await lamsach(3, "audit", "verify", "--out", out, "--files");
    expect(stdout).toContain(`the manifest of run ${run}`);
    expect(stdout).toContain(`${run}/${set}: `); // a changed manifest does not switch off the look at the files
    await lamsach(0, ...sampleRun(out)); // complete already: its end must not make the change good
    await lamsach(3, "audit", "verify", "--out", out);
  });

  it.each([[[]], [["--files"]]])("finds a run that is gone without a purge %j", async (options) => {
    const { out } = copyOut(`out-removed-${options.length}`);
    rmSync(path.join(work, out, run), { recursive: true });
    const { stdout } = await lamsach(3, "audit", "verify", "--out", out, ...options);
    expect(stdout).toContain(`WRONG audit.log:2: run ${run} is published by this line and gone`);
  });

  it("finds a manifest that is gone", async () => {
    const { out } = copyOut("out-no-manifest");
    rmSync(path.join(work, out, run, "manifest.json"));
    const { stdout } = await lamsach(3, "audit", "verify", "--out", out);
    expect(stdout).toContain(`WRONG ${run}/manifest.json: this file is missing`);
  });

  it("finds a missing output without --files, and one of another size", async () => {
    const { out } = copyOut("out-no-output");
    rmSync(path.join(work, out, run, "changes.csv"));
    appendFileSync(path.join(work, out, run, "report/summary.csv"), "\n");
    const { stdout } = await lamsach(3, "audit", "verify", "--out", out);
    expect(stdout).toContain(`WRONG ${run}/changes.csv: this file is missing`);
    expect(stdout).toContain(`WRONG ${run}/report/summary.csv: this file differs`);
  });

  it("calls a run gone by a purge that was killed no change, and says that it has not ended", async () => {
    const { out } = copyOut("out-half-gone");
    appendEntry(path.join(work, out), { ...forgery, command: "purge", run });
    rmSync(path.join(work, out, run), { recursive: true });
    const { stdout } = await lamsach(0, "audit", "verify", "--out", out);
    expect(stdout).toContain(`note  ${run}: its purge has begun and not ended`);
  });
});

describe("the same run again", () => {
  it("does not say that all is well when a file of it is gone, and says what to do", async () => {
    const { out } = copyOut("out-incomplete");
    rmSync(path.join(work, out, run, "changes.csv"));
    const { stdout, stderr } = await lamsach(4, ...sampleRun(out));
    expect(stdout).toBe("");
    expect(stderr).toContain(`${run}/changes.csv: this file of a published run is missing`);
    expect(stderr).toContain(`lamsach purge ${run} --yes`);
    await lamsach(0, "purge", run, "--out", out, "--yes");
    await lamsach(0, ...sampleRun(out));
    await lamsach(0, "audit", "verify", "--out", out, "--files");
  });

  it("names the folder that is in its way when the manifest is gone, before any work, and says what to do", async () => {
    const { out } = copyOut("out-in-the-way");
    rmSync(path.join(work, out, run, "manifest.json"));
    const { stderr } = await lamsach(4, ...sampleRun(out));
    expect(stderr).toContain(`${path.join(work, out, run)}: something is here already`);
    expect(stderr).toContain(`lamsach purge ${run} --yes`);
    expect(stderr).not.toContain("staging");
    await lamsach(0, "purge", run, "--out", out, "--yes");
    await lamsach(0, ...sampleRun(out));
  });
});

describe("lamsach purge", () => {
  const secrets: string[] = [];
  function findSecrets(out: string): string[] {
    return listTree(path.join(work, out)).filter((file) => {
      const bytes = readFileSync(path.join(work, out, file));
      return secrets.some((secret) => bytes.includes(secret));
    });
  }

  beforeAll(() => {
    for (const row of readSetRows(path.join(work, "out", run)).slice(0, 200)) {
      for (const column of ["full_name", "citizen_id", "record_id"]) {
        const text = row[column] ?? "";
        if (text.length >= 8) secrets.push(text);
      }
    }
    secrets.push(run.replace(/^.*-/, "canary-"));
    expect(secrets.length).toBeGreaterThan(200);
  });

  it("leaves nothing of a run but its entries in the audit log", async () => {
    const { out } = copyOut("out-purged");
    // A row that SQLite would leave in a free page, of this run alone.
    const ledger = new Database(path.join(work, out, "ledger.db"));
    const canary = secrets.at(-1);
    ledger.prepare("UPDATE runs SET identity = json_object('inputs', ?)").run(`${canary} `.repeat(900));
    sealRows(ledger);
    ledger.close();
    expect(findSecrets(out)).toEqual(
      expect.arrayContaining(["ledger.db", expect.stringContaining(`${run}/`)]),
    );
    await lamsach(0, "purge", run, "--out", out, "--yes");
    expect(findSecrets(out)).toEqual([]);
    expect(listTree(path.join(work, out)).filter((file) => file.includes(run))).toEqual([]);
    expect((await lamsach(0, "runs", "--out", out, "--json")).stdout).toBe('{"runs":[]}\n');
    const naming = listTree(path.join(work, out)).filter((file) =>
      readFileSync(path.join(work, out, file)).includes(run),
    );
    expect(naming).toEqual(["audit.log"]);
    await lamsach(0, "audit", "verify", "--out", out);
    await lamsach(2, "purge", run, "--out", out, "--yes");
    const again = readOutcome(await lamsach(0, ...sampleRun(out, "--json")));
    expect(again.run).toBe(run);
    await lamsach(0, "audit", "verify", "--out", out, "--files");
  });

  it.each(["../out", "2023-06-13"])("takes no path, and no beginning of an id: %j", async (named) => {
    const { out } = copyOut(`out-path-${Buffer.from(named).toString("hex")}`);
    const before = listTree(path.join(work, out));
    await lamsach(2, "purge", named, "--out", out, "--yes");
    expect(listTree(path.join(work, out))).toEqual(before);
  });

  it("removes nothing without --yes", async () => {
    await lamsach(2, "purge", run, "--out", "out");
    expect(existsSync(path.join(work, "out", run, "manifest.json"))).toBe(true);
  });

  it("does not follow a link in the place of a run's folder", async () => {
    const { out } = copyOut("out-link");
    const victim = path.join(work, "victim");
    mkdirSync(victim);
    writeFileSync(path.join(victim, "precious"), "");
    rmSync(path.join(work, out, run), { recursive: true });
    symlinkSync(victim, path.join(work, out, run));
    await lamsach(4, "purge", run, "--out", out, "--yes");
    expect(readdirSync(victim)).toEqual(["precious"]);
  });

  it("waits for nobody: a run that works keeps its folder", async () => {
    const { out } = copyOut("out-locked");
    const lock = new Database(path.join(work, out, "run.lock"));
    lock.exec("BEGIN EXCLUSIVE");
    await lamsach(5, "purge", run, "--out", out, "--yes");
    lock.close();
    expect(existsSync(path.join(work, out, run, "manifest.json"))).toBe(true);
  });

  it("finishes what a purge that was killed has begun, wherever that was", async () => {
    const steps: ((dir: string) => void)[] = [
      () => {},
      (dir) => cpSync(path.join(dir, run), path.join(dir, ".work", run, "published"), { recursive: true }),
      (dir) => rmSync(path.join(dir, run), { recursive: true }),
      (dir) => rmSync(path.join(dir, ".work", run), { recursive: true }),
      (dir) => {
        const ledger = new Database(path.join(dir, "ledger.db"));
        ledger.prepare("DELETE FROM runs").run(); // without rewriting the pages
        ledger.close();
      },
    ];
    for (const died of [1, 2, 4]) {
      const { out } = copyOut(`out-half-${died}`);
      const dir = path.join(work, out);
      appendEntry(dir, { ...forgery, command: "purge", run });
      for (const step of steps.slice(0, died + 1)) step(dir);
      await lamsach(0, "purge", run, "--out", out, "--yes");
      expect(findSecrets(out), `after step ${died}`).toEqual([]);
      expect(listTree(dir).filter((file) => file.includes(run))).toEqual([]);
      expect(listActs(out).slice(-3)).toEqual(["purge interrupted", "purge begin", "purge end"]);
    }
  });
});

describe("lamsach purge --expired", () => {
  /** The pipeline with a retention, and a ledger in which the run ended so many days ago. */
  function age(out: string, days: number, retention: Record<string, number>): string {
    const ledger = new Database(path.join(work, out, "ledger.db"));
    const ended = new Date(Date.now() - days * 86_400_000).toISOString();
    ledger.prepare("UPDATE runs SET finished_at = ?").run(ended);
    sealRows(ledger);
    ledger.close();
    return writePipeline(path.join(work, `${out}.yaml`), openGates, { retention });
  }

  async function purge(out: string, pipeline: string, ...more: string[]): Promise<string> {
    return (await lamsach(0, "purge", "--expired", "--pipeline", pipeline, "--out", out, ...more)).stdout;
  }

  it("removes the runs and assessments that are past it, when it is asked to", async () => {
    const { out } = copyOut("out-old");
    const dir = path.join(work, out);
    expect(await purge(out, age(out, 29, { runs: 60, work: 30 }))).toBe("Nothing is past its retention.\n");
    expect(await purge(out, age(out, 31, { runs: 60 }))).toBe("Nothing is past its retention.\n");
    const dry = await purge(out, age(out, 31, { runs: 60, work: 30 }), "--dry-run");
    expect(dry).toBe(`would remove the assessments of run ${run}\n`);
    expect(existsSync(path.join(dir, ".work", run))).toBe(true);
    expect(await purge(out, `${out}.yaml`)).toBe(`removed the assessments of run ${run}\n`);
    expect([existsSync(path.join(dir, ".work", run)), existsSync(path.join(dir, run))]).toEqual([
      false,
      true,
    ]);
    expect(await purge(out, age(out, 61, { runs: 60, work: 30 }))).toBe(`removed run ${run}\n`);
    expect(listTree(dir).filter((file) => file.includes(run))).toEqual([]);
    await lamsach(0, "audit", "verify", "--out", out);
  });

  it("leaves the runs of other pipelines alone", async () => {
    const { out } = copyOut("out-other");
    age(out, 400, {});
    const other = writePipeline(path.join(work, "other.yaml"), { name: "influenza", retention: { runs: 1 } });
    expect(await purge(out, other)).toBe("Nothing is past its retention.\n");
  });

  it("removes months of the audit log that are past it, and tells where the log begins", async () => {
    const out = "out-log";
    mkdirSync(path.join(work, out));
    const day = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
    for (const days of [400, 399, 200, 40])
      appendEntry(path.join(work, out), { ...forgery, time: day(days) });
    openLedger(path.join(work, out, "ledger.db")).close();
    const pipeline = writePipeline(path.join(work, "log.yaml"), { retention: { log: 92 } });
    const months = [400, 200].map((days) => `audit-${day(days).slice(0, 7)}.log`);
    expect((await purge(out, pipeline)).match(/audit-\S+\.log/g)).toEqual(expect.arrayContaining(months));
    const left = readdirSync(path.join(work, out)).filter((name) => name.startsWith("audit-"));
    expect(left).toEqual([`audit-${day(40).slice(0, 7)}.log`]);
    expect((await lamsach(0, "audit", "verify", "--out", out)).stdout).toContain("past their retention");
    rmSync(path.join(work, out, left[0] ?? ""));
    await lamsach(3, "audit", "verify", "--out", out);
  });

  it("refuses a log retention below the law's, and names it", async () => {
    const pipeline = writePipeline(path.join(work, "short.yaml"), { retention: { log: 91 } });
    const { stderr } = await lamsach(2, "purge", "--expired", "--pipeline", pipeline, "--out", "out");
    expect(stderr).toContain("Decree 331/2026");
  });
});

describe("lamsach doctor --rebuild-ledger", () => {
  it("gives a lost history back from the manifests and the audit log, and keeps what was damaged", async () => {
    const { out } = copyOut("out-damaged");
    const file = path.join(work, out, "ledger.db");
    const before = (await lamsach(0, "runs", "--out", out, "--json")).stdout;
    writeFileSync(file, "");
    expect((await lamsach(4, ...sampleRun(out))).stderr).toContain("doctor --rebuild-ledger");
    writeFileSync(file, "damaged");
    expect((await lamsach(4, ...sampleRun(out))).stderr).toContain("doctor --rebuild-ledger");
    expect((await lamsach(0, "doctor", "--out", out, "--rebuild-ledger")).stdout).toContain(
      "1 published runs again",
    );
    const kept = readdirSync(path.join(work, out)).filter((name) => name.startsWith("ledger.db.damaged-"));
    expect(kept.map((name) => readFileSync(path.join(work, out, name), "utf8"))).toEqual(["damaged"]);
    const listed = z.object({
      runs: z.array(
        z
          .object({
            ...{ startedAt: z.string(), finishedAt: z.string() },
            measures: z.record(z.string(), z.number().nullable()),
          })
          .loose(),
      ),
    });
    const [was] = listed.parse(JSON.parse(before)).runs;
    const [is] = listed.parse(JSON.parse((await lamsach(0, "runs", "--out", out, "--json")).stdout)).runs;
    const [begin, end] = readEntries(out);
    // The summary has no share of all records; until the next night the share of the numbers stands in for it.
    const { heldShare, ...measures } = was?.measures ?? {};
    expect(heldShare).toBeGreaterThan(0.5);
    expect(is).toEqual({
      ...{ ...was, measures },
      startedAt: begin?.time,
      firstStartedAt: begin?.time,
      finishedAt: end?.time,
    });
    expect((await lamsach(0, "doctor", "--out", out, "--rebuild-ledger")).stdout).toContain(
      "nothing was done",
    );
    await lamsach(0, ...sampleRun(out));
  });
});
