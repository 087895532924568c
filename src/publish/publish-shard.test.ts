import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assessShard } from "../assess/assess-shard.js";
import { createAssessor } from "../assess/assessor.js";
import type { Register } from "../assess/identify.js";
import type { AssessRules } from "../assess/rules.js";
import { dayNumber } from "../identity/calendar.js";
import { type CanonicalColumn, canonicalColumns, type Source } from "../ingest/source.js";
import { createJudge } from "../judge/judge-record.js";
import { loadPipeline } from "../pipeline/pipeline.js";
import { loadPolicy, type Policy } from "../pipeline/policy.js";
import { loadTables } from "../pipeline/tables.js";
import { reconcile } from "../reconcile/reconcile.js";
import { buildRegister } from "../register/build-register.js";
import { openRegister } from "../register/open-register.js";
import { loadRegisterIndex } from "../register/register-index.js";
import { buildVaccineTable } from "../vaccination/vaccine.js";
import { createShardPublisher, createShardWriters, type PublishedShard } from "./publish-shard.js";
import { changesHeader, setHeader, setNames } from "./set-columns.js";
import { VerdictTexts } from "./verdict-text.js";

const pipeline = loadPipeline("pipelines/covid19-vaccination.yaml");
const tables = loadTables(pipeline);
const scheme06 = loadPolicy("pipelines/policies/scheme-06.yaml");
const rules: AssessRules = {
  asOfDay: dayNumber(2023, 6, 13),
  programmeStartDay: dayNumber(2021, 3, 8),
  maxAgeYears: 120,
  maxDoseNumber: 6,
  placeholders: pipeline.rules.placeholders,
  tables,
  vaccines: buildVaccineTable(tables.vaccines),
};
const limits = { maxRecordBytes: 1 << 16, maxFieldLines: 20 };
/** Used for delivery after delivery, as a run does for its shards. */
const writers = createShardWriters();

const population = `citizen_id,full_name,birth_date,sex,legacy_id,status,replaced_by,province_code
079185000001,LÊ THỊ LAN,1985-02-03,F,,active,,79
079085000002,TRẦN VĂN HÒA,1985-03-04,M,222333444,active,,79
079085000010,ĐỖ VĂN CƯỜNG,1985-06-07,M,,replaced,079085000012,79
079085000012,ĐỖ VĂN CƯỜNG,1985-06-07,M,,active,,79
079150000019,NGÔ THỊ HOA,1950,F,,active,,79
079085000023,NGUYỄN VĂN AN,1985-01-05,M,,active,,79
079085000031,LÊ BÌNH,1985-01-05,F,,active,,79
079085000032,LÊ BÌNH,1985-01-05,M,,active,,79
`;

let dir: string;
let register: Register;
beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-publish-"));
  const input = path.join(dir, "population.csv");
  const out = path.join(dir, "population.db");
  writeFileSync(input, population);
  await buildRegister({ inputs: [input], out, placeCodes: tables.placeCodes });
  register = { index: loadRegisterIndex(out), reader: openRegister(out) };
});
afterAll(() => {
  register.reader.close();
  rmSync(dir, { recursive: true });
});

interface Delivery {
  readonly headers: readonly string[];
  /** Data rows as they are delivered. */
  readonly text: string;
  readonly delimiter?: string;
  readonly doses?: Source["doses"];
  readonly policy?: Policy;
  readonly using?: Register | null;
  /** How often the same publisher publishes the file; what it says the last time is read. */
  readonly times?: number;
}

type Row = Readonly<Record<string, string>>;

interface Published {
  readonly sets: Readonly<Record<(typeof setNames)[number], Row[]>>;
  readonly changes: Row[];
  readonly valueChanges: PublishedShard["valueChanges"];
}

/** Assesses, judges and publishes a file in one shard, and reads what was written with csv-parse. */
function publish({
  headers,
  text,
  delimiter = ",",
  doses = [],
  policy = scheme06,
  using = register,
  times = 1,
}: Delivery): Published {
  const head = Buffer.from(`${headers.join(delimiter)}\n`);
  const bytes = Buffer.concat([head, Buffer.from(text)]);
  const bytesPath = path.join(dir, "delivered.csv");
  writeFileSync(bytesPath, bytes);
  const source: Source = {
    name: "a, b.csv",
    path: bytesPath,
    format: "csv",
    encoding: "utf-8",
    bytesPath,
    byteLength: bytes.length,
    layout: doses.length === 0 ? "long" : "wide",
    delimiter,
    headers,
    dataOffset: head.length,
    dataLine: 2,
    lineUnit: "line",
    columns: Object.fromEntries(
      canonicalColumns.map((name: CanonicalColumn) => [name, headers.indexOf(name)]),
    ) as Source["columns"],
    doses,
    coding: { name: "long-export", sex: { male: ["nam", "m"], female: ["nữ", "f"] } },
  };
  const shard = { index: 0, start: head.length, end: bytes.length };
  const assessed = assessShard({
    assessor: createAssessor(source, rules, using),
    source,
    shard,
    limits,
  });
  const judge = createJudge(policy);
  const { records } = assessed.header;
  const { verdicts } = reconcile({ columns: assessed.columns, records }, judge, rules.vaccines.vaccines);
  const publisher = createShardPublisher(
    {
      ...{ source, register: using, rulesVersion: "1.0.0", limits },
      verdictTexts: new VerdictTexts(judge),
      vaccines: rules.vaccines.vaccines,
    },
    writers,
  );
  const { start, end } = shard;
  const judged = { start, end, firstLine: 2, columns: assessed.columns, verdicts };
  let published = publisher.publish(judged);
  for (let time = 1; time < times; time++) published = publisher.publish(judged);
  const read = (header: string, body: Uint8Array): Row[] =>
    parse(header + Buffer.from(body).toString("utf8"), { columns: true, record_delimiter: "\n" }) as Row[];
  const sets = setNames.map((set) => {
    const rows = read(setHeader(source, set), writers[set].view());
    expect(published.rows[set]).toBe(rows.length);
    return [set, rows];
  });
  const changes = read(changesHeader, writers.changes.view());
  expect(published.changeRows).toBe(changes.length);
  return { sets: Object.fromEntries(sets), changes, valueChanges: published.valueChanges };
}

const allRows = ({ sets }: Published): Row[] => setNames.flatMap((set) => sets[set]);
const byLine = (rows: readonly Row[]): Row[] =>
  [...rows].sort((a, b) => Number(a.source_line) - Number(b.source_line));

describe("A shard publisher: what was delivered", () => {
  const cell = fc.string({ unit: fc.constantFrom(...'a1,;\t"\n\r ắ='), maxLength: 6 });
  const quote = (text: string, delimiter: string): string =>
    text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

  it.each([
    ["comma", ",", ["record_id", "full_name", "note"]],
    ["comma, record_id in the middle", ",", ["full_name", "record_id", "note"]],
    ["comma, record_id last", ",", ["full_name", "note", "record_id"]],
    ["comma, no record_id", ",", ["full_name", "note", "Cột lạ"]],
    ["comma, record_id alone", ",", ["record_id"]],
    ["semicolon", ";", ["record_id", "full_name", "note"]],
    ["semicolon, record_id last", ";", ["full_name", "note", "record_id"]],
    ["tab", "\t", ["full_name", "record_id", "note"]],
    ["tab, no record_id", "\t", ["full_name", "note"]],
  ])("is kept cell by cell: %s", (_what, delimiter, headers) => {
    const row = fc.array(cell, { minLength: headers.length, maxLength: headers.length });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 6 }), fc.constantFrom("\n", "\r\n"), (rows, lineBreak) => {
        // A line of one blank cell is a blank line.
        const kept = rows.filter((cells) => cells.length > 1 || cells[0]?.trim() !== "");
        const lines = kept.map(
          (cells) => cells.map((text) => quote(text, delimiter)).join(delimiter) + lineBreak,
        );
        const published = byLine(allRows(publish({ headers, text: lines.join(""), delimiter })));
        const id = headers.indexOf("record_id");
        const cells = published.map((out) =>
          headers.map((header, column) => {
            const delivered = kept[published.indexOf(out)]?.[column] ?? "";
            return column === id && delivered.trim() === "" ? delivered : out[header];
          }),
        );
        expect(cells).toEqual(kept);
      }),
      { numRuns: 60 },
    );
  });

  it("leads with the record_id, or with the file and line when there is none", () => {
    const headers = ["full_name", "record_id", "note"];
    const rows = [
      "Lê Lan,A1,x",
      "Lê Lan,,x",
      'Lê Lan,"",x',
      "Lê Lan,  ,x",
      "",
      '"Lê\nLan","A,2",x',
      "Lê Lan,A3,x",
    ];
    const published = byLine(allRows(publish({ headers, text: rows.join("\n") })));
    expect(published.map((row) => `${row.source_line} ${row.record_id}`)).toEqual([
      "2 A1",
      "3 a, b.csv:3",
      "4 a, b.csv:4",
      "5 a, b.csv:5",
      "7 A,2",
      "9 A3",
    ]);
    expect(published.map((row) => row.source_file)).toEqual(new Array(6).fill("a, b.csv"));
  });

  it("keeps rows that cannot be read as their line, among the errors", () => {
    const headers = ["record_id", "full_name", "note"];
    const rows = ["A1,Lê Lan", 'A2,"open,x', "A3,L\0n,x", `A4,${"x".repeat(70_000)},x`, "A5,Lê Lan,x"];
    const { sets } = publish({ headers, text: `${rows.join("\n")}\n` });
    expect(
      sets.errors.map((row) => `${row.source_line} ${row.record_id} ${row.code} ${row.findings}`),
    ).toEqual([
      "2 a, b.csv:2 E10 row.structure",
      "3 a, b.csv:3 E10 row.structure",
      "4 a, b.csv:4 E11 row.undecodable",
      "5 a, b.csv:5 E12 row.too-large",
    ]);
    expect(sets.errors.map((row) => `${row.fault} ${row.fault_column} ${row.fault_byte}`)).toEqual([
      "too-few-fields 3 35",
      "quote-not-closed 2 39",
      "nul 2 51",
      "line-too-long 2 65592",
    ]);
    expect(sets.errors.map((row) => row.raw_line?.slice(0, 12))).toEqual([
      "A1,Lê Lan",
      'A2,"open,x',
      "A3,L\ufffdn,x",
      "A4,xxxxxxxxx",
    ]);
    expect(sets.errors[3]?.raw_line?.length).toBe(4096);
    expect(sets.errors.map((row) => [row.full_name, row.note])).toEqual(new Array(4).fill(["", ""]));
    expect(sets.exceptions.map((row) => row.record_id)).toEqual(["A5"]);
  });

  it("keeps the order of the rows in each set, whether they can be read or not", () => {
    // A number that the register does not know is an error that can be read.
    const rows = Array.from({ length: 900 }, (_, at) => (at % 7 === 3 ? "broken" : `A${at},079085000099,x`));
    const { sets } = publish({
      headers: ["record_id", "citizen_id", "note"],
      text: `${rows.join("\n")}\n`,
    });
    expect(new Set(sets.errors.map((row) => row.findings === "row.structure")).size).toBe(2);
    expect(sets.errors.map((row) => row.source_line)).toEqual(rows.map((_, at) => String(at + 2)));
  });

  const wideHeaders = [
    "full_name",
    "vaccine1",
    "day1",
    "lot1",
    "place1",
    "vaccine2",
    "day2",
    "lot2",
    "place2",
  ];
  const wideDoses = [1, 5].map((first) => ({
    vaccine: first,
    vaccination_date: first + 1,
    lot_no: first + 2,
    facility_code: first + 3,
  }));

  it("writes a template row once for each filled dose, all its cells beside each", () => {
    const rows = ["Lê Lan,Pfizer,,,,,,,79001", "Lê Na,,,,,,,,", "Lê Mai,,,,,,,L,"];
    const published = byLine(
      allRows(publish({ headers: wideHeaders, text: rows.join("\n"), doses: wideDoses })),
    );
    expect(
      published.map((row) => `${row.record_id} ${row.full_name} ${row.vaccine1} ${row.place2} ${row.lot2}`),
    ).toEqual([
      "a, b.csv:2:1 Lê Lan Pfizer 79001 ",
      "a, b.csv:2:2 Lê Lan Pfizer 79001 ",
      "a, b.csv:3:1 Lê Na   ",
      "a, b.csv:4:2 Lê Mai   L",
    ]);
  });

  it("keeps the record_id that a template row was delivered with", () => {
    const published = publish({
      headers: [...wideHeaders, "record_id"],
      text: "Lê Lan,Pfizer,,,,,,,79001,KEPT-1\n",
      doses: wideDoses,
    });
    expect(allRows(published).flatMap(Object.values)).toContain("KEPT-1");
  });
});

const longHeaders = [
  "record_id",
  "full_name",
  "birth_date",
  "sex",
  "citizen_id",
  "dose_no",
  "vaccine",
  "vaccination_date",
  "facility_code",
] as const;
const dose = "1,AstraZeneca,01/07/2021,79001";

/** Delivered rows, the standard values they must come to, and the code. */
const cleanRows: readonly [row: string, code: string, standard: string][] = [
  [
    `A1,Lê Thị Lan,03/02/1985,Nữ,079185000001,${dose}`,
    "C1",
    "079185000001|Lê Thị Lan|1985-02-03|F|1|astrazeneca|2021-07-01|79001",
  ],
  [
    "A2,LÊ THỊ LAN,1985-02-03,f,079185000001,02,Astra Zeneca,2021-10-01,79001 - Trạm A",
    "C2",
    "079185000001|Lê Thị Lan|1985-02-03|F|2|astrazeneca|2021-10-01|79001",
  ],
  [
    "A3, le  thi lan ,3/2/1985,NỮ,079185000001,Mũi 3,AZ,1.12.2021,79001",
    "C2",
    "079185000001|Lê Thị Lan|1985-02-03|F|3|astrazeneca|2021-12-01|79001",
  ],
  [
    `A4,Trần Văn Hoà,31110,nam,79085000002,${dose}`,
    "C3",
    "079085000002|Trần Văn Hòa|1985-03-04|M|1|astrazeneca|2021-07-01|79001",
  ],
  [
    "A5,TRẦN VĂN HÒA,04/03/1985,nam,222333444,2,AstraZeneca,44470,79001",
    "C3",
    "079085000002|Trần Văn Hòa|1985-03-04|M|2|astrazeneca|2021-10-01|79001",
  ],
  [
    `A6,Đỗ Văn Cường,07/06/1985,,079085000010,${dose}`,
    "C3",
    "079085000012|Đỗ Văn Cường|1985-06-07|M|1|astrazeneca|2021-07-01|79001",
  ],
  [
    `A7,Ngô Thị Hoa,31/12/1950,nữ,079150000019,${dose}`,
    "C1",
    "079150000019|Ngô Thị Hoa|1950-12-31|F|1|astrazeneca|2021-07-01|79001",
  ],
  [
    "A8,Ngô Thị Hoa,1950,nữ,'079150000019,2,AstraZeneca,01/10/2021,79001",
    "C3",
    "079150000019|Ngô Thị Hoa|1950|F|2|astrazeneca|2021-10-01|79001",
  ],
  [
    `A9,NguyÔn V¨n An,05/01/1985,nam,079085000023,${dose}`,
    "C3",
    "079085000023|Nguyễn Văn An|1985-01-05|M|1|astrazeneca|2021-07-01|79001",
  ],
  [
    '"A 10","Nguyễn Văn An 2",05/01/85,nam,079085000023,2,AstraZeneca,01/10/21,79001',
    "C3",
    "079085000023|Nguyễn Văn An|1985-01-05|M|2|astrazeneca|2021-10-01|79001",
  ],
  [
    ",Nguyễn Văn An,05/01/1985,nam,079085000023,3,AstraZeneca,01/12/2021,79001",
    "C1",
    "079085000023|Nguyễn Văn An|1985-01-05|M|3|astrazeneca|2021-12-01|79001",
  ],
];

const standardColumns = [
  ["citizen_id", "std_citizen_id"],
  ["full_name", "std_full_name"],
  ["birth_date", "std_birth_date"],
  ["sex", "std_sex"],
  ["dose_no", "std_dose_no"],
  ["vaccine", "std_vaccine"],
  ["vaccination_date", "std_vaccination_date"],
  ["facility_code", "std_facility_code"],
] as const;

/** The value that the change log gives a delivered cell: this record's change, else the value's, else the column's. */
function replay({ changes, valueChanges }: Published, row: Row, column: string): string {
  const before = row[column] ?? "";
  const own = changes.find((change) => change.record_id === row.record_id && change.column === column);
  if (own) {
    expect([own.scope, own.before, own.rules_version, own.source_line]).toEqual([
      "record",
      before,
      "1.0.0",
      row.source_line,
    ]);
    return own.after as string;
  }
  const value = valueChanges.find((change) => change.column === column && change.before === before);
  if (value) return value.after;
  const isDate = column === "birth_date" || column === "vaccination_date";
  return isDate ? before.replace(/^(\d\d)\/(\d\d)\/(\d{4})$/, "$3-$2-$1") : before;
}

describe("A shard publisher: standard values", () => {
  const text = cleanRows.map(([row]) => `${row}\n`).join("");

  it("are those of the rules", () => {
    const { cleaned } = publish({ headers: longHeaders, text }).sets;
    const read = cleaned.map((row) => [row.code, standardColumns.map(([, name]) => row[name]).join("|")]);
    expect(read).toEqual(cleanRows.map(([, code, standard]) => [code, standard]));
    expect(cleaned.map((row) => row.std_vaccine_cvx)).toEqual(new Array(cleanRows.length).fill("210"));
  });

  it("follow from the delivered cells by the change log, each of them", () => {
    const published = publish({ headers: longHeaders, text });
    expect(published.sets.cleaned.length).toBe(cleanRows.length);
    for (const row of published.sets.cleaned) {
      for (const [column, name] of standardColumns)
        expect(`${row.record_id} ${column} ${replay(published, row, column)}`).toBe(
          `${row.record_id} ${column} ${row[name]}`,
        );
      const cvx = published.valueChanges.find(
        ({ column, before }) => column === "vaccine_cvx" && before === row.std_vaccine,
      );
      expect(cvx?.after).toBe(row.std_vaccine_cvx);
    }
  });

  it("logs no change where nothing changed, and each value once", () => {
    const published = publish({ headers: longHeaders, text });
    for (const { before, after } of [...published.changes, ...published.valueChanges] as {
      before: string;
      after: string;
    }[])
      expect(after).not.toBe(before);
    const told = published.valueChanges.map(({ column, before }) => `${column}=${before}`);
    expect(new Set(told).size).toBe(told.length);
    expect(published.changes.some((change) => change.record_id === "A1")).toBe(false);
  });

  it("tells a value once for all shards of a source, and writes each record as before", () => {
    const first = publish({ headers: longHeaders, text });
    const second = publish({ headers: longHeaders, text, times: 2 });
    expect(first.valueChanges.length).toBeGreaterThan(3);
    expect(first.changes.length).toBeGreaterThan(3);
    expect(second).toEqual({ ...first, valueChanges: [] });
  });

  it("name the rule of each change by the findings that led to it", () => {
    const { changes } = publish({ headers: longHeaders, text });
    const rule = (record: string, column: string): string | undefined =>
      changes.find((change) => change.record_id === record && change.column === column)?.rule;
    expect(rule("A4", "citizen_id")).toBe("citizen-id.leading-zeros");
    expect(rule("A6", "sex")).toBe("sex.filled-from-id");
    expect(rule("A2", "full_name")).toBe("name.case");
    expect(rule("A3", "birth_date")).toBe("read-date");
  });

  it("are the same for a semicolon-separated file", () => {
    const semicolons = publish({ headers: longHeaders, text: text.replaceAll(",", ";"), delimiter: ";" });
    expect(semicolons.sets.cleaned).toEqual(publish({ headers: longHeaders, text }).sets.cleaned);
  });

  it("are given to cleaned records alone", () => {
    const { sets, changes } = publish({
      headers: longHeaders,
      text: `A1,LE LAM,03/02/1985,Nữ,079185000001,${dose}\n`,
    });
    expect(sets.exceptions.map((row) => row.code)).toEqual(["X31"]);
    expect(Object.keys(sets.exceptions[0] as Row).filter((name) => name.startsWith("std_"))).toEqual([]);
    expect(changes).toEqual([]);
  });

  it.each(["\u00a0", "\t"])(
    "call a record by one name in the set and in the change log: record_id %j",
    (id) => {
      const { sets, changes } = publish({
        headers: longHeaders,
        text: `${id},LÊ THỊ LAN,03/02/1985,nữ,079185000001,${dose}\n`,
      });
      expect(changes.length).toBeGreaterThan(0);
      expect(new Set(changes.map((change) => change.record_id))).toEqual(
        new Set(sets.cleaned.map((row) => row.record_id)),
      );
    },
  );

  it.each(["Lê- Thị Lan", "Lê' Thị Lan"])("hold no stray joiner: %s", (name) => {
    const { cleaned } = publish({
      headers: longHeaders,
      text: `A1,${name},03/02/1985,nữ,079185000001,${dose}\n`,
    }).sets;
    expect(cleaned.map((row) => row.std_full_name)).toEqual(["Lê Thị Lan"]);
  });
});

describe("A shard publisher by a laxer policy", () => {
  it("tells the sex of each record, though two people were delivered with one text", () => {
    const policy: Policy = {
      ...scheme06,
      authenticated: { ...scheme06.authenticated, sex: ["equal", "different"] },
    };
    const numbers = ["079085000031", "079085000032"];
    const text = numbers.map((id) => `${id},Lê Bình,05/01/1985,nam,${id},${dose}\n`).join("");
    const published = publish({ headers: longHeaders, text, policy });
    const { cleaned } = published.sets;
    expect(cleaned.length).toBe(2);
    expect(cleaned.map((row) => replay(published, row, "sex"))).toEqual(cleaned.map((row) => row.std_sex));
  });

  it("writes a name that only a laxer proof repairs as it is repaired", () => {
    const policy: Policy = {
      ...scheme06,
      authenticated: { ...scheme06.authenticated, birthDate: ["equal", "swapped"] },
    };
    const text = `A1,NguyÔn V¨n An,01/05/1985,nam,079 085 000 023,${dose}\n`;
    const { cleaned } = publish({ headers: longHeaders, text, policy }).sets;
    expect(cleaned.map((row) => `${row.code} ${row.std_full_name}`)).toEqual(["C3 Nguyễn Văn An"]);
  });
});
