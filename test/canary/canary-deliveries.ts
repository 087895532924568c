import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { stringify } from "csv-stringify/sync";
import writeWorkbook from "write-excel-file/node";
import { canonicalColumns } from "../../src/ingest/source.js";
import { repository } from "../support/command-line.js";
import { encodeText } from "../support/marked-bytes.js";
import { birthCore, doseCore, facilityCore, numberCore, textCore } from "./marker-forms.js";

/** A person whom the register holds, as the canaries write her. */
export const citizenId = `0011${numberCore}`;
const oldNumber = `1${numberCore}`;
const birthDate = birthCore.join("/");
const doseDate = doseCore.join("/");
const unknownColumn = `${textCore} header`;
const columns = [...canonicalColumns, unknownColumn];
/** The largest record of the canaries' pipeline. */
export const maxRecordBytes = 20_000;

/** A canary's text: which delivery and which place it was put in. */
export function canaryText(delivery: string, place: string): string {
  return `${textCore} ${delivery} ${place}`;
}

/** Every text that must be found in the sets of a run on `delivered/`: what never got in could not get out. */
export const deliveredTexts: readonly string[] = [
  ...["long", "utf-16", "windows-1258", "packed"].flatMap((delivery) =>
    columns
      .filter((column) => !isNumber(column) && !isDate(column))
      .map((column) => canaryText(delivery, column)),
  ),
  ...["template", "workbook"].flatMap((delivery) =>
    ["name", "group", "workplace", "province", "address", "vaccine", "lot", "note"].map((place) =>
      canaryText(delivery, place),
    ),
  ),
  ...["stray quote", "text behind", "short", "long row", "semicolons", "NUL", "bad bytes", "unclosed"].map(
    (fault) => canaryText("row", fault),
  ),
  unknownColumn,
  facilityCore,
];

type Cells = Readonly<Record<string, string>>;

function isNumber(column: string): boolean {
  return ["citizen_id", "phone", "health_insurance_no"].includes(column);
}

function isDate(column: string): boolean {
  return ["birth_date", "vaccination_date"].includes(column);
}

/** A row in which every cell is a canary, but for `changes`. */
function makeRow(delivery: string, changes: Cells = {}): string[] {
  const numbers: Cells = {
    citizen_id: citizenId,
    phone: `09${numberCore}`,
    health_insurance_no: `HS47${numberCore}123`,
  };
  const dates: Cells = { birth_date: birthDate, vaccination_date: doseDate };
  return columns.map(
    (column) => changes[column] ?? numbers[column] ?? dates[column] ?? canaryText(delivery, column),
  );
}

const plain = {
  sex: "Nữ",
  dose_no: "1",
  vaccine: "Pfizer",
  facility_code: "01015",
  facility_name: facilityCore,
};

function makeRows(delivery: string): string[][] {
  return [
    columns,
    makeRow(delivery),
    makeRow(delivery, { ...plain, record_id: `R-${delivery}-blank`, citizen_id: "" }),
    makeRow(delivery, { ...plain, record_id: `R-${delivery}-old`, citizen_id: oldNumber }),
    // Columns have shifted: names where codes should be, numbers where dates should be.
    makeRow(delivery, {
      record_id: `R-${delivery}-shifted`,
      sex: "Lê",
      vaccination_date: `09${numberCore}`,
      lot_no: oldNumber,
      facility_code: citizenId,
      ward_code: `09${numberCore}`,
      dose_no: birthDate,
      priority_group: textCore,
    }),
    makeRow(delivery, {
      record_id: `R-${delivery}-shifted-further`,
      vaccination_date: birthDate,
      lot_no: `09${numberCore}`,
      province_code: oldNumber,
    }),
  ];
}

/** Rows that are no rows, each broken in its own way; the last one takes the rest of the file with it. */
function makeBrokenRows(): Buffer {
  const row = (fault: string): string => canaryText("row", fault);
  const cells = stringify([makeRow("broken")]).trimEnd();
  const rows = [
    `${row("stray quote")}"x,${cells}`,
    `"${row("text behind")}"x,${cells}`,
    `${row("short")},1`,
    `${cells},${row("long row")}`,
    `${row("semicolons")};1;2;3`,
    `${row("NUL")}\u0000,${cells.split(",").slice(1).join(",")}`,
    `${row("too large")}${"x".repeat(maxRecordBytes)}`,
  ];
  return Buffer.concat([
    Buffer.from(`${rows.join("\n")}\n`),
    Buffer.from(row("bad bytes")),
    Buffer.from([0xc3, 0x28, 0xff, 0x2c]),
    Buffer.from(`${cells.split(",").slice(1).join(",")}\n`),
    Buffer.from(`"${row("unclosed")},${cells}\n`),
  ]);
}

const templateHeader = readFileSync(
  path.join(repository, "test/cases/platform-template/input/sheet-1.txt"),
  "utf8",
)
  .split("\n")
  .slice(0, 8)
  .map((line) => line.split(";"));

function makeTemplate(delivery: string): string[][] {
  const text = (place: string): string => canaryText(delivery, place);
  const person = [
    "1",
    text("name"),
    birthDate,
    "1",
    text("group"),
    text("workplace"),
    `09${numberCore}`,
    citizenId,
  ];
  const home = [
    `HS47${numberCore}123`,
    text("province"),
    "01",
    text("district"),
    "001",
    text("ward"),
    "00001",
  ];
  const dose = [text("vaccine"), doseDate, text("lot"), "01015"];
  const row = [
    ...person,
    ...home,
    text("address"),
    ...dose,
    ...Array<string>(12).fill(""),
    text("note"),
    "",
    "",
  ];
  return [...templateHeader, row];
}

/** Writes everything that the canaries are delivered in into `work`, under names that say nothing of a person. */
export async function writeDeliveries(work: string): Promise<void> {
  const write = (file: string, data: string | Uint8Array): void => {
    mkdirSync(path.dirname(path.join(work, file)), { recursive: true });
    writeFileSync(path.join(work, file), data);
  };
  const csv = (delivery: string): string => stringify(makeRows(delivery));
  const clean = stringify([makeRow("long", { ...plain, record_id: "R-long-clean" })]);
  write("delivered/long.csv", Buffer.concat([Buffer.from(csv("long") + clean), makeBrokenRows()]));
  write("delivered/utf-16.csv", encodeText(`\ufeff${csv("utf-16")}`, "utf-16le"));
  write("delivered/windows-1258.csv", encodeText(csv("windows-1258"), "windows-1258"));
  write("delivered/packed.csv.gz", gzipSync(csv("packed")));
  write("delivered/template.csv", stringify(makeTemplate("template")));
  const sheet = makeTemplate("workbook").map((row) =>
    row.map((value) => (value === "" ? null : { type: String, value })),
  );
  await writeWorkbook([{ sheet: "PL1", data: sheet }]).toFile(path.join(work, "delivered/workbook.xlsx"));

  // The header is missing: the first citizen is the header.
  write("refused/headless.csv", stringify(makeRows("refused").slice(1)));
  write("refused/header-twice.csv", stringify([[...columns, ...columns], makeRow("refused")]));
  write("refused/cut.csv.gz", gzipSync(csv("refused")).subarray(0, -12));
  write("refused/cut.xlsx", readFileSync(path.join(work, "delivered/workbook.xlsx")).subarray(0, -300));
  write(
    "refused/utf-32.csv",
    Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), encodeText(csv("refused"), "utf-16le")]),
  );
  writePeople(write);
  writeSettings(write);
}

function writePeople(write: (file: string, data: string | Uint8Array) => void): void {
  const birth = [...birthCore].reverse().join("-");
  const people = [
    "citizen_id,full_name,birth_date,sex,legacy_id,status,replaced_by,province_code",
    `${citizenId},${canaryText("long", "full_name")},${birth},F,${oldNumber},active,,01`,
    `0012${numberCore},${textCore} register,${birth},F,${oldNumber},active,,01`,
  ].join("\n");
  write("register/people.csv", `${people}\n`);
  write("register/impossible.csv", `${people}\n00118877441x,${textCore} impossible,${birth},F,,active,,01\n`);
  write("register/unclosed.csv", `${people}\n${citizenId},"${textCore} unclosed,${birth},F,,active,,01\n`);
  write("register/headless.csv", `${people.split("\n").slice(1).join("\n")}\n`);
  write("register/cut.csv.gz", gzipSync(people).subarray(0, -6));
  write("register/broken.db", `${textCore} ${citizenId}\n`.repeat(300));
}

/** Settings that somebody pasted a record into. */
function writeSettings(write: (file: string, data: string) => void): void {
  const record = makeRow("settings").join(",");
  write("settings/pipeline.yaml", `name: "${record}\n${record}: [${record}\n`);
  write(
    "settings/policy.yaml",
    `name: ${JSON.stringify(record)}\n"${record}": 1\ncodes: { "${record}": "${textCore}" }\n`,
  );
  write("settings/provinces.csv", `id_code,gso_code,name,full_name\n"${record}"x,${record}\n`);
}
