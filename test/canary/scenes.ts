import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openGates, writePipeline } from "../support/pipeline-file.js";
import { shippedPolicy } from "../support/sample.js";
import { citizenId, maxRecordBytes } from "./canary-deliveries.js";
import { facilityCore, textCore } from "./marker-forms.js";

/** How a scene ends: as asked, refused with a reason, or in the middle of things. */
export type Ending = "success" | "failure" | "crash";

type Fault = Readonly<Record<string, string>>;

/** One command line on canaries. Scenes are played in their order, in one folder. */
export interface Scene {
  /** The words of the command, as the program itself lists them. */
  readonly command: string;
  readonly ending: Ending;
  readonly what: string;
  /** What follows the command's words; asked when the scene begins. */
  readonly args: () => readonly string[];
  /** Null: killed. */
  readonly code: number | null;
  /** Environment of an injected fault. */
  readonly fault?: Fault;
  readonly prepare?: () => void;
  /** What stdout shows by design. */
  readonly shows?: readonly string[];
}

const crashRecord = `${textCore} crash,${citizenId}`;
const uncaught = { CANARY_FAULT: "uncaught", CANARY_RECORD: crashRecord };
const rejection = { CANARY_FAULT: "rejection", CANARY_RECORD: crashRecord };
const killed = { CANARY_FAULT: "kill" };

function killedAtRename(count: number): Fault {
  return { CANARY_FAULT: `kill-${count}` };
}

function killedAtRead(text: string): Fault {
  return { CANARY_FAULT: "kill", CANARY_AT: text };
}

function bugAtRead(text: string): Fault {
  return {
    ...{ CANARY_FAULT: "data", CANARY_AT: text, CANARY_RECORD: crashRecord },
    LAMSACH_DEBUG: "kept-error.txt",
  };
}

/** Every scene, for deliveries that stand in `work`. */
export function listScenes(work: string): readonly Scene[] {
  return [
    ...registerScenes(),
    ...runScenes(work),
    ...judgeScenes(work),
    ...explainScenes(work),
    ...runsScenes(work),
    ...reportScenes(work),
    ...doctorScenes(),
    ...plainScenes(),
    ...sealedScenes(work),
    ...auditScenes(),
    ...auditSampleScenes(work),
    ...purgeScenes(work),
  ];
}

type More = Partial<Pick<Scene, "fault" | "prepare" | "shows">>;
type MakeScene = (ending: Ending, what: string, code: number | null, args: string, more?: More) => Scene;

/** Makes scenes of one command; `args` are separated by spaces. */
function scenesOf(command: string, before: () => readonly string[] = () => []): MakeScene {
  return (ending, what, code, args, more = {}) => ({
    ...{ command, ending, what, code },
    args: () => [...before(), ...args.split(" ").filter((arg) => arg !== "")],
    ...more,
  });
}

function registerScenes(): Scene[] {
  const build = scenesOf("register build");
  const info = scenesOf("register info");
  const out = "--out other.db";
  return [
    build("success", "people", 0, "register/people.csv --out population.db --json"),
    build("failure", "an impossible row", 1, `register/impossible.csv ${out}`),
    build("failure", "a quote that is never closed", 3, `register/unclosed.csv ${out}`),
    build("failure", "no header", 3, `register/headless.csv ${out}`),
    build("failure", "a gzip file cut short", 3, `register/cut.csv.gz ${out}`),
    build("failure", "in place of records", 2, "register/people.csv --out register/broken.db"),
    build("crash", "a bug at a cell", 70, `register/impossible.csv ${out}`, {
      fault: bugAtRead("00118877441x"),
    }),
    build("crash", "killed at its rename", null, `register/people.csv ${out}`, { fault: killedAtRename(1) }),
    info("success", "a register", 0, "population.db"),
    info("failure", "people where a register should be", 3, "register/people.csv"),
    info("failure", "records in its place", 3, "register/broken.db"),
    info("crash", "an error nobody catches", 70, "population.db", { fault: uncaught }),
  ];
}

function runScenes(work: string): Scene[] {
  const limits = { rules: { limits: { maxRecordBytes } } };
  writePipeline(path.join(work, "settings/open.yaml"), openGates, limits);
  writePipeline(path.join(work, "settings/strict.yaml"), limits, { gates: { maxErrorShare: 0 } });
  const spare = { deliveries: { onRefused: "leave-out" } };
  writePipeline(path.join(work, "settings/spare.yaml"), openGates, limits, spare);
  const provinces = path.join(work, "settings/provinces.csv");
  writePipeline(path.join(work, "settings/tables.yaml"), { rules: { tables: { provinces } } });
  const night = (out: string, input: string): string =>
    `--input ${input} --register population.db --out ${out} --as-of 2023-06-13 --workers 1 --metrics-file ${out}.prom`;
  const run = scenesOf("run", () => ["settings/open.yaml"]);
  const runOther = scenesOf("run");
  const long = "delivered/long.csv";
  const cell = `${textCore} long note`;
  const breakLedger = (): void => {
    mkdirSync(path.join(work, "out-ledger"));
    writeFileSync(path.join(work, "out-ledger/ledger.db"), "no ledger\n".repeat(999));
  };
  return [
    run("success", "everything that is delivered", 0, `${night("out", "delivered/*")} --workers 2 --json`),
    runOther(
      "success",
      "files that are left out",
      0,
      `settings/spare.yaml ${night("out-spare", `${long} refused/*`)}`,
    ),
    run("failure", "files that are refused", 3, night("out-refused", "refused/*")),
    run("failure", "the plan of all files", 3, `${night("out-dry", "delivered/* refused/*")} --dry-run`),
    runOther("failure", "withheld by a gate", 1, `settings/strict.yaml ${night("out-withheld", long)}`),
    runOther("failure", "a record in a pipeline", 2, `settings/pipeline.yaml ${night("out-wrong", long)}`),
    runOther("failure", "a record in a table", 2, `settings/tables.yaml ${night("out-wrong", long)}`),
    run("failure", "a record in a policy", 2, `${night("out-wrong", long)} --policy settings/policy.yaml`),
    run("failure", "people for a register", 3, `${night("out-wrong", long)} --register register/people.csv`),
    run("failure", "a ledger that is none", 4, night("out-ledger", long), { prepare: breakLedger }),
    run("crash", "a bug at a cell", 70, night("out-bug", long), { fault: bugAtRead(cell) }),
    run("crash", "a bug at a header", 70, night("out-bug", long), { fault: bugAtRead(`${textCore} header`) }),
    run("crash", "an error nobody catches", 70, night("out-bug", long), { fault: uncaught }),
    run("crash", "killed at a cell", null, night("out-killed", "delivered/*"), { fault: killedAtRead(cell) }),
    run("crash", "killed at a rename", null, night("out-killed", "delivered/*"), {
      fault: killedAtRename(5),
    }),
    run("success", "what was killed", 0, night("out-killed", "delivered/*")),
  ];
}

/** The only folder of a run in `out`. */
function findRun(work: string, out: string): string {
  const [id = "none"] = readdirSync(path.join(work, out)).filter((name) => /^\d{4}-/.test(name));
  return path.join(out, id);
}

function judgeScenes(work: string): Scene[] {
  const judge = scenesOf("judge", () => [findRun(work, "out"), "--json"]);
  const judgeWithheld = scenesOf("judge", () => [
    findRun(work, "out-withheld/.work"),
    "--policy",
    shippedPolicy,
  ]);
  const cutShards = (): void => {
    const shards = path.join(work, findRun(work, "out-withheld/.work"), "shards");
    for (const name of readdirSync(shards)) truncateSync(path.join(shards, name), 90);
  };
  return [
    judgeWithheld("success", "of a withheld run", 0, ""),
    judge("failure", "a record in a policy", 2, "--policy settings/policy.yaml"),
    judgeWithheld("failure", "assessments cut short", 4, "", { prepare: cutShards }),
    judge("crash", "an error nobody catches", 70, "--policy settings/policy.yaml", { fault: uncaught }),
    judge("crash", "killed", null, "--policy settings/policy.yaml", { fault: killed }),
  ];
}

function explainScenes(work: string): Scene[] {
  const explain = scenesOf("explain", () => [findRun(work, "out")]);
  // When and where a dose was given is shown; in a column that has shifted it is masked.
  const shows = ["vaccination date as UTF-8"];
  return [
    explain("success", "a clean record", 0, "R-long-clean", { shows }),
    explain("success", "an old number", 0, "R-long-old --json", { shows }),
    explain("success", "columns that have shifted", 0, "R-utf-16-shifted"),
    explain("success", "columns that have shifted further", 0, "R-utf-16-shifted-further"),
    explain("success", "a template's row", 0, "template.csv:9:1", { shows }),
    explain("success", "a workbook's row", 0, "workbook.xlsx:9:1", { shows }),
    explain("failure", "a record that is not there", 2, "R-none"),
    explain("failure", "people for a register", 3, "R-long-clean --register register/people.csv"),
    explain("crash", "a bug at a cell", 70, "R-long-clean", { fault: bugAtRead(textCore) }),
    explain("crash", "killed at a cell", null, "R-long-clean", { fault: killedAtRead(textCore) }),
  ];
}

function runsScenes(work: string): Scene[] {
  const runs = scenesOf("runs");
  const cutLedger = (): void => truncateSync(path.join(work, "out-refused/ledger.db"), 5000);
  return [
    runs("success", "published", 0, "--out out --json"),
    runs("success", "withheld", 0, "--out out-withheld"),
    runs("failure", "a ledger cut short", 4, "--out out-refused", { prepare: cutLedger }),
    runs("crash", "an error nobody catches", 70, "--out out", { fault: uncaught }),
  ];
}

function reportScenes(work: string): Scene[] {
  const report = scenesOf("report", () => [path.basename(findRun(work, "out")), "--out", "out"]);
  const serve = scenesOf("report", () => ["--serve", "--out", "out"]);
  return [
    report("success", "a page made anew", 0, ""),
    report("failure", "in place of records", 2, "--out-file register/people.csv"),
    report("crash", "a bug at the name of a facility", 70, "", { fault: bugAtRead(facilityCore) }),
    report("crash", "killed at its rename", null, "", { fault: killedAtRename(1) }),
    serve("failure", "a port that is none", 2, "--port 99999"),
    serve("crash", "an error nobody catches", 70, "", { fault: uncaught }),
  ];
}

function doctorScenes(): Scene[] {
  const doctor = scenesOf("doctor");
  return [
    doctor("success", "all is well", 0, "--out out --register population.db"),
    doctor("failure", "people for a register", 4, "--out out-refused --register register/people.csv"),
    doctor("crash", "an error nobody catches", 70, "--out out", { fault: uncaught }),
  ];
}

/** Sealed outputs are searched like any other file: what is sealed shows nothing. */
function sealedScenes(work: string): Scene[] {
  const key = scenesOf("key new");
  const run = scenesOf("run", () => ["settings/open.yaml", "--input", "delivered/*", "--out", "out-sealed"]);
  const decrypt = scenesOf("decrypt", () => [findRun(work, "out-sealed"), "--key-file", "night.key"]);
  const night = "--register population.db --as-of 2023-06-13 --workers 1 --encrypt --key-file";
  return [
    key("success", "a key", 0, "night.key"),
    key("failure", "in place of records", 2, "register/people.csv"),
    key("crash", "an error nobody catches", 70, "other.key", { fault: uncaught }),
    run("failure", "records for a key", 2, `${night} register/people.csv`),
    run("crash", "killed while it seals", null, `${night} night.key`, { fault: killedAtRename(9) }),
    run("success", "sealed", 0, `${night} night.key`),
    decrypt("success", "a run", 0, "--out decrypted"),
    decrypt("failure", "over records", 4, "--out register/people.csv"),
    decrypt("crash", "an error nobody catches", 70, "--out decrypted-too", { fault: uncaught }),
  ];
}

function auditScenes(): Scene[] {
  const verify = scenesOf("audit verify");
  return [
    verify("success", "all files", 0, "--out out --files"),
    verify("failure", "another end", 3, `--out out --head 1:${"0".repeat(64)}`),
    verify("crash", "an error nobody catches", 70, "--out out", { fault: uncaught }),
  ];
}

/** The sample holds records by design; what comes of the answers holds none, whatever people write beside them. */
function auditSampleScenes(work: string): Scene[] {
  const sample = scenesOf("audit-sample", () => [findRun(work, "out"), "--file"]);
  const result = scenesOf("audit-result", () => [findRun(work, "out")]);
  const answer = (verdict: string) => (): void => {
    const text = readFileSync(path.join(work, "audit-sample.csv"), "utf8");
    const filled = text.replace(/^(\d{4}-[^,]*,r[0-9a-f]+),,,/gm, `$1,${verdict},${textCore} note,`);
    writeFileSync(path.join(work, "audit-sample-filled.csv"), filled);
  };
  return [
    sample("success", "a sample", 0, "audit-sample.csv --n 20 --json"),
    sample("failure", "over records", 2, "register/people.csv"),
    sample("crash", "an error nobody catches", 70, "audit-sample-too.csv", { fault: uncaught }),
    sample("crash", "killed at a cell", null, "audit-sample-too.csv", { fault: killedAtRead(textCore) }),
    result("success", "a checked sample", 0, "audit-sample-filled.csv", { prepare: answer("right") }),
    result("failure", "a record for a verdict", 3, "audit-sample-filled.csv", {
      prepare: answer(`${textCore} verdict`),
    }),
    result("failure", "records for a sample", 3, "delivered/long.csv"),
    result("crash", "an error nobody catches", 70, "audit-sample-filled.csv", { fault: uncaught }),
    result("crash", "killed at its rename", null, "audit-sample-filled.csv", {
      prepare: answer("right"),
      fault: killedAtRename(2),
    }),
  ];
}

function purgeScenes(work: string): Scene[] {
  const purge = scenesOf("purge", () => [path.basename(findRun(work, "out-spare")), "--out", "out-spare"]);
  return [
    purge("failure", "not confirmed", 2, ""),
    purge("crash", "an error nobody catches", 70, "--yes", { fault: uncaught }),
    purge("crash", "killed at its first rename", null, "--yes", { fault: killedAtRename(1) }),
    scenesOf("purge")("success", "the rest", 0, "--expired --pipeline settings/open.yaml --out out-spare"),
  ];
}

/** Commands that read no record: nothing of one may come out of them when they are used beside one. */
function plainScenes(): Scene[] {
  const people = "--people 3 --seed 1 --shapes long --out";
  const plain = (command: string, good: string, bad: string, code: number): Scene[] => {
    const make = scenesOf(command);
    return [
      make("success", "as asked", 0, good),
      make("failure", "what it does not know", code, bad),
      make("crash", "a promise nobody hears", 70, good, { fault: rejection }),
    ];
  };
  return [
    ...plain("codes", "--json", "--lang fr", 2),
    ...plain("generate", `${people} generated`, `${people} register/people.csv`, 4),
    ...plain("schema", "policy", "--out register/people.csv", 4),
    ...plain("completion", "bash", "csh", 2),
  ];
}
