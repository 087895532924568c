import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, expectCode, runLamsach } from "./support/command-line.js";
import { openGates, writePipeline } from "./support/pipeline-file.js";
import { readOutcome, shippedPolicy } from "./support/sample.js";
import { listTree } from "./support/tree-hash.js";
import { useWorkFolder } from "./support/work-folder.js";

/** A text for each column that stands nowhere else in the world. */
const canaries = {
  record_id: "qzrecord",
  full_name: "Qzname",
  birth_date: "29/02/1988",
  sex: "qzsex",
  citizen_id: "001188774411",
  phone: "0977553311",
  health_insurance_no: "QZ4790133557799",
  nationality: "qznation",
  priority_group: "qzgroup",
  workplace: "qzworkplace",
  province_code: "qzprovincecode",
  province: "qzprovincename",
  district_code: "qzdistrictcode",
  district: "qzdistrictname",
  ward_code: "qzwardcode",
  ward: "qzwardname",
  address: "qzaddress",
  dose_no: "qzdose",
  vaccine: "qzvaccine",
  vaccination_date: "28/02/2022",
  lot_no: "qzlot",
  facility_code: "qzfacilitycode",
  facility_name: "qzfacilityname",
  note: "qznote",
  "qzheader column": "qzunknown",
} as const;

type Column = keyof typeof canaries;
const columns = Object.keys(canaries) as Column[];
/** What the report counts by, and so what the assessments must remember: no person is in it. */
const counted: readonly string[] = [
  ...["qzprovincecode", "qzprovincename", "qzdistrictcode", "qzdistrictname", "qzwardcode", "qzwardname"],
  ...["qzfacilitycode", "qzfacilityname"],
];
const birthIso = "1988-02-29";
const register = ["legacy_id", "774411220", "qzregistername"];

const work = useWorkFolder();
const results: CommandResult[] = [];
let run = "";

function line(changes: Partial<Record<Column, string>>): string {
  return columns.map((column) => changes[column] ?? canaries[column]).join(",");
}

async function lamsach(code: number, ...args: readonly string[]): Promise<CommandResult> {
  const env = { LAMSACH_LOG: "debug" };
  const result = expectCode(await runLamsach(["--log-level", "debug", ...args], { cwd: work, env }), code);
  results.push(result);
  return result;
}

beforeAll(async () => {
  mkdirSync(path.join(work, "input"));
  const plain = { sex: "Nữ", dose_no: "1", vaccine: "Pfizer" } as const;
  const long = [
    columns.join(","),
    line({}), // wrong nearly everywhere
    line({ ...plain, record_id: "qzrecordtwo", facility_code: "01015" }), // clean
    line({ ...plain, record_id: "qzrecordthree", citizen_id: "" }),
    line({ ...plain, record_id: "qzrecordfour", citizen_id: "774411220" }), // an old number
    line({ ...plain, record_id: "qzrecordfive", full_name: "Qzname Khác" }),
    line({ ...plain, record_id: "qzrecordtwo", note: "qznote khác" }), // a conflict
    `qzbroken,"${line({})}`,
    `${line({})},qztoomany`,
    `${line({})}\u0000`,
  ];
  writeFileSync(path.join(work, "input/long.csv"), `${long.join("\n")}\n`);
  writeFileSync(path.join(work, "input/utf-16.csv"), Buffer.from(`\ufeff${long.join("\n")}\n`, "utf16le"));
  // The header row is missing: the first citizen is the header.
  mkdirSync(path.join(work, "refused"));
  writeFileSync(path.join(work, "refused/headless.csv"), `${line({})}\n${line({})}\n`);
  const people = [
    "citizen_id,full_name,birth_date,sex,legacy_id,status,replaced_by,province_code",
    `${canaries.citizen_id},Qzname,${birthIso},F,774411220,active,,01`,
    "001188774412,Qzregistername,1988-02-29,F,774411220,active,,01",
  ];
  writeFileSync(path.join(work, "people.csv"), `${people.join("\n")}\n`);
  const impossible = "00118877441x,Qzbrokenperson,1988-02-29,F,,active,,01";
  writeFileSync(path.join(work, "impossible.csv"), `${people.join("\n")}\n${impossible}\n`);

  const pipeline = writePipeline(path.join(work, "open.yaml"), openGates);
  const day = ["--as-of", "2023-06-13", "--register", "population.db"];
  await lamsach(1, "register", "build", "impossible.csv", "--out", "impossible.db");
  await lamsach(0, "register", "build", "people.csv", "--out", "population.db");
  const night = await lamsach(0, "run", pipeline, "--input", "input/*", "--out", "out", "--json", ...day);
  ({ run } = readOutcome(night));
  await lamsach(3, "run", pipeline, "--input", "input/*", "refused/*", "--out", "out-refused", ...day);
  await lamsach(2, "run", pipeline, "--input", "input/*", "--out", "out", ...day, "--as-of", "soon");
  await lamsach(0, "judge", run, "--out", "out", "--policy", shippedPolicy, "--json");
  await lamsach(0, "runs", "--out", "out");
});

/** The canaries that a text holds, also where case or the form of a date was changed. */
function findCanaries(text: string, allowed: readonly string[] = []): string[] {
  const folded = text.toLowerCase();
  const wanted = [...Object.values(canaries), ...columns.filter((column) => column.startsWith("qz"))];
  return [...wanted, ...register.slice(1), birthIso, "2022-02-28", "qzbroken", "qztoomany", "qzbrokenperson"]
    .filter((canary) => folded.includes(canary.toLowerCase()))
    .filter((canary) => !allowed.includes(canary));
}

function readTree(folder: string): readonly (readonly [file: string, text: string])[] {
  return listTree(folder).map((file) => [file, readFileSync(path.join(folder, file), "latin1")]);
}

describe("personal data stays in the sets", () => {
  it("is delivered into the sets, so that a canary can be found at all", () => {
    const sets = readTree(path.join(work, "out", run)).filter(([file]) =>
      /^(cleaned|errors|exceptions)\//.test(file),
    );
    const found = new Set(sets.flatMap(([, text]) => findCanaries(text)));
    for (const canary of Object.values(canaries)) expect(found).toContain(canary);
    expect(sets.map(([file]) => file.split("/")[0])).toEqual(
      expect.arrayContaining(["cleaned", "errors", "exceptions"]),
    );
  });

  it("is in no log and no message, whatever the command did", () => {
    expect(results.some(({ stderr }) => stderr.includes('"level"'))).toBe(true);
    for (const { command, stderr } of results) expect(findCanaries(stderr), command).toEqual([]);
    for (const { command, stdout } of results) expect(findCanaries(stdout), command).toEqual([]);
  });

  it("is not in the ledger, nor beside it", () => {
    for (const file of ["ledger.db", "ledger.db-wal", "run.lock", "run.lock.holder"]) {
      for (const out of ["out", "out-refused"]) {
        const full = path.join(work, out, file);
        if (existsSync(full)) expect(findCanaries(readFileSync(full, "latin1")), full).toEqual([]);
      }
    }
  });

  it("is not in the report or the manifest, but for the places it counts by", () => {
    const files = readTree(path.join(work, "out", run));
    for (const [file, text] of files.filter(([name]) => name.startsWith("report/"))) {
      expect(findCanaries(text, counted), file).toEqual([]);
    }
    const manifest = files.find(([file]) => file === "manifest.json");
    expect(findCanaries(manifest?.[1] ?? "qznote")).toEqual([]);
  });

  it("is not in the work folder of a finished run, but for the places it counts by", () => {
    const files = readTree(path.join(work, "out/.work"));
    expect(files.some(([file]) => file.includes("/shards/"))).toBe(true);
    // The state of a run names the columns of its files, as every set file does.
    const allowed = [...counted, "qzheader column"];
    for (const [file, text] of files) expect(findCanaries(text, allowed), file).toEqual([]);
  });

  it("is shown by explain only when asked for", async () => {
    const shown = await lamsach(0, "explain", run, "qzrecordthree", "--out", "out");
    expect(findCanaries(shown.stderr)).toEqual([]);
    // Who it is stays hidden; where and what was given is shown.
    const given = ["qznation", "qzgroup", "28/02/2022", "qzlot"];
    const masked = shown.stdout.replaceAll("qzrecordthree", "");
    expect(findCanaries(masked, [...counted, ...given])).toEqual([]);
    const revealed = await runLamsach(["explain", run, "qzrecordthree", "--out", "out", "--reveal"], {
      cwd: work,
    });
    expect(findCanaries(expectCode(revealed, 0).stdout)).toContain("qzaddress");
    expect(readTree(path.join(work, "out/.work")).filter(([file]) => file.includes("explain"))).toEqual([]);
  });
});
