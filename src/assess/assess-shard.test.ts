import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dayNumber, isoDate } from "../identity/calendar.js";
import { planShards, type Shard } from "../ingest/shards.js";
import { type CanonicalColumn, canonicalColumns, type Source } from "../ingest/source.js";
import { findingIds, findingWords } from "../judge/findings.js";
import { loadPipeline } from "../pipeline/pipeline.js";
import { loadTables } from "../pipeline/tables.js";
import { buildVaccineTable } from "../vaccination/vaccine.js";
import { assessShard } from "./assess-shard.js";
import {
  type AssessmentColumns,
  type AssessmentHeader,
  columnWidths,
  noDay,
  noVaccine,
} from "./assessment.js";
import { type Assessor, createAssessor } from "./assessor.js";
import type { AssessRules } from "./rules.js";
import { decodeEntry, type Facility, type ListedEntries, type Place, readLists } from "./shard-lists.js";

const pipeline = loadPipeline("pipelines/covid19-vaccination.yaml");
const tables = loadTables(pipeline);
const rules: AssessRules = {
  asOfDay: dayNumber(2023, 6, 13),
  programmeStartDay: dayNumber(2021, 3, 8),
  maxAgeYears: 120,
  maxDoseNumber: 6,
  placeholders: pipeline.rules.placeholders,
  tables,
  vaccines: buildVaccineTable(tables.vaccines),
};
const limits = { maxRecordBytes: 2000, maxFieldLines: 5 };

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-shard-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

/** A long export with these columns; or a wide one, whose cells after the name are four for each dose. */
function writeSource(header: readonly string[], lines: readonly string[], doses = 0): Source {
  const first = `${header.join(",")}\n`;
  const bytes = Buffer.from(first + lines.map((line) => `${line}\n`).join(""));
  const bytesPath = path.join(dir, "a.csv");
  writeFileSync(bytesPath, bytes);
  return {
    name: "a.csv",
    path: bytesPath,
    format: "csv",
    encoding: "utf-8",
    bytesPath,
    byteLength: bytes.length,
    layout: doses === 0 ? "long" : "wide",
    delimiter: ",",
    headers: header,
    dataOffset: Buffer.byteLength(first),
    dataLine: 2,
    lineUnit: "line",
    columns: Object.fromEntries(
      canonicalColumns.map((name: CanonicalColumn) => [name, header.indexOf(name)]),
    ) as Source["columns"],
    doses: Array.from({ length: doses }, (_, dose) => ({
      vaccine: 1 + 4 * dose,
      vaccination_date: 2 + 4 * dose,
      lot_no: 3 + 4 * dose,
      facility_code: 4 + 4 * dose,
    })),
    coding: { name: "long-export", sex: { male: ["nam"], female: ["nữ"] } },
  };
}

function assess(
  source: Source,
  shard: Shard = { index: 0, start: source.dataOffset, end: source.byteLength },
  { start, assessor = createAssessor(source, rules, null) }: { start?: number; assessor?: Assessor } = {},
): ReturnType<typeof assessShard> {
  return assessShard({
    assessor,
    source,
    shard,
    limits,
    ...(start === undefined ? {} : { start }),
  });
}

function findingsOf(columns: AssessmentColumns, record: number): string[] {
  return findingIds.filter((_, bit) => {
    const word = columns.findings[record * findingWords + (bit >> 5)] as number;
    return (word >>> (bit & 31)) & 1;
  });
}

function listsOf(header: AssessmentHeader): { places: Place[]; facilities: Facility[] } {
  const { places, facilities } = readLists(header, "x");
  const textsOf = <Entry extends Place | Facility>(entries: ListedEntries): Entry[] =>
    Array.from({ length: entries.starts.length - 1 }, (_, entry) => decodeEntry<Entry>(entries, entry));
  return { places: textsOf(places), facilities: textsOf(facilities) };
}

/** Every record with its place and facility by name and its row by file offset: what must not depend on the cut. */
function describeRecords({ header, columns }: ReturnType<typeof assessShard>): unknown[] {
  const { places, facilities } = listsOf(header);
  return Array.from({ length: header.records }, (_, record) => {
    const entries = columnWidths.map(({ name, perRecord }) => {
      const values = [...columns[name].subarray(record * perRecord, (record + 1) * perRecord)];
      if (name === "place") return [name, places[values[0] as number]];
      if (name === "facility") return [name, facilities[values[0] as number]?.[0]];
      if (name === "rowOffset") return [name, header.start + (values[0] as number)];
      return [name, values];
    });
    return Object.fromEntries(entries);
  });
}

/** Assesses a source shard by shard, each from where the one before ended, as a run does. */
function assessInShards(source: Source, shardBytes: number): ReturnType<typeof assessShard>[] {
  const assessor = createAssessor(source, rules, null);
  let expected = source.dataOffset;
  return planShards(source, shardBytes).map((shard) => {
    let assessed = assess(source, shard, { assessor });
    if (assessed.header.start !== expected) assessed = assess(source, shard, { start: expected, assessor });
    expected = assessed.header.end;
    return assessed;
  });
}

const header = [
  "record_id",
  "full_name",
  "birth_date",
  "sex",
  "citizen_id",
  "province_code",
  "province",
  "district",
  "ward",
  "dose_no",
  "vaccine",
  "vaccination_date",
  "lot_no",
  "facility_code",
  "facility_name",
];
const rows = [
  "A1,LÊ LAN,03/02/1985,nữ,079185000001,79,,Quận 1,,1,AstraZeneca,01/07/2021,L1,79001,Trạm A",
  'A2,"Lê ""Na""",03/02/1985,nữ,079185000001,79,,"Quận 1, cũ",,2,Astra Zeneca,"01/10/2021",,79002,Trạm B',
  'A3,"Lê\nMai",3/2/1985,,079 185 000 001,,Hà Nội,,Phường X,1,Pfizer,2021-08-01,L2,79001,Trạm C',
  "",
  "broken,row",
  'A4,"unclosed,03/02/1985',
  ",Trần An,,nam,,,,,,,,,,,",
  "A1,LÊ LAN,03/02/1985,nữ,079185000001,79,,Quận 1,,1,AstraZeneca,01/07/2021,L1,79001,Trạm A",
  "A5,\u0001Lê Lan,31/02/1985,?,000000000000,99,,,,7,Nobody,01/01/2020,L,x1,",
];

describe("assessShard(options)", () => {
  it("says the same of every record, wherever the file is cut", () => {
    const lines = Array.from({ length: 6 }, () => rows).flat();
    const source = writeSource(header, lines);
    const whole = assess(source);
    const expected = describeRecords(whole);
    expect(expected.length).toBe(6 * (rows.length - 1));
    for (const shardBytes of [1, 7, 50, 83, 200, 333, 1000, source.byteLength]) {
      const shards = assessInShards(source, shardBytes);
      expect(shards.flatMap(describeRecords)).toEqual(expected);
      const sum = (field: "records" | "rows" | "lines" | "blankLines"): number =>
        shards.reduce((total, shard) => total + shard.header[field], 0);
      for (const field of ["records", "rows", "lines", "blankLines"] as const)
        expect(sum(field)).toBe(whole.header[field]);
      expect(shards.at(-1)?.header.end).toBe(source.byteLength);
    }
  });

  it("says of a person's second row what it says of the first, and what only the second row tells", () => {
    const person = (id: string, note: string, nationality: string): string =>
      `Lê Lan,03/02/1985,nữ,${id},${note},${nationality}`;
    const lines = [
      person("079185000001", "", ""),
      person("079185000001", "", "Lào"),
      person("", "", "Việt Nam"),
      person("", "079185000001 / 079185000002", "Việt Nam"),
      person("", "", "Lào"),
      person("079185000001", "", ""),
      "broken",
      person("079185000001", "", ""),
      "Lê Lan,03/02/1985,nam,079185000001,,",
      "Lê La,03/02/1985,nam,079185000001,,",
      "Lê La,03/02/1986,nam,079185000001,,",
      "Lê La,03/02/1986,nam,079185000002,,",
    ];
    const columns = ["full_name", "birth_date", "sex", "citizen_id", "note", "nationality"];
    const source = writeSource(columns, lines);
    const whole = assess(source);
    expect(describeRecords(whole)).toEqual(assessInShards(source, 1).flatMap(describeRecords));
    const numbers = lines.map((_, record) =>
      findingsOf(whole.columns, record).find((id) => id.startsWith("citizen-id.")),
    );
    expect(numbers.slice(2, 5)).toEqual([
      "citizen-id.blank",
      "citizen-id.two-candidates",
      "citizen-id.passport",
    ]);
  });

  it("says the same for any rows and any cut", () => {
    const line = fc.oneof(
      fc.constantFrom(...rows),
      fc.string({ unit: fc.constantFrom(...'a,"\n;1'), maxLength: 12 }),
    );
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 12 }),
        fc.integer({ min: 1, max: 300 }),
        (lines, shardBytes) => {
          const source = writeSource(header, lines);
          const expected = describeRecords(assess(source));
          expect(assessInShards(source, shardBytes).flatMap(describeRecords)).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("knows where the row of each record begins, also behind blank lines", () => {
    const lines = ["", "", "A1,Lê Lan", '"A2","Lê\nNa"', "", "broken", "A3,Lê Mai"];
    const source = writeSource(["record_id", "full_name"], lines);
    const bytes = readFileSync(source.bytesPath);
    const begins = ["A1", '"A2"', "broken", "A3"];
    for (const shardBytes of [1, 2, 5, 9, 14, source.byteLength]) {
      const offsets = assessInShards(source, shardBytes).flatMap(({ header: { start, records }, columns }) =>
        [...columns.rowOffset.subarray(0, records)].map((offset) => start + offset),
      );
      expect(offsets).toEqual(begins.map((text) => bytes.indexOf(text)));
    }
  });

  it("knows where the row of each record begins in a shard that is read in many parts", () => {
    const blank = new Array(1_200_000).fill("");
    const people = Array.from({ length: 1500 }, (_, n) => `A${n},${"Lê ".repeat(250)}`);
    const source = writeSource(["record_id", "full_name"], [...blank, ...people]);
    const first = source.dataOffset + blank.length;
    const lengths = people.map((line) => Buffer.byteLength(line) + 1);
    expect(source.byteLength - first).toBeGreaterThan(1 << 20);
    const { header: read, columns } = assess(source);
    expect(read.records).toBe(people.length);
    let expected = first;
    const wrong = lengths.filter((length, record) => {
      const isRight = read.start + (columns.rowOffset[record] as number) === expected;
      expected += length;
      return !isRight;
    });
    expect(wrong.length).toBe(0);
  });

  it("makes every row a record, and a row that cannot be read one with a single finding", () => {
    const undecodable = Buffer.from(`${header.join(",")}\n,\xff,,,,,,,,,,,,,\n`, "latin1");
    const source = writeSource(header, ["a,b", "x".repeat(2001)]);
    writeFileSync(source.bytesPath, Buffer.concat([undecodable, Buffer.from(`a,b\n${"x".repeat(2001)}\n`)]));
    const byteLength = undecodable.length + 4 + 2002;
    const { header: read, columns } = assess(
      { ...source, byteLength },
      { index: 0, start: source.dataOffset, end: byteLength },
    );
    expect(read.records).toBe(3);
    expect([0, 1, 2].map((record) => findingsOf(columns, record))).toEqual([
      ["row.undecodable"],
      ["row.structure"],
      ["row.too-large"],
    ]);
    for (const record of [0, 1, 2]) {
      expect([columns.slot[record], columns.day[record], columns.birthDay[record]]).toEqual([
        -1,
        noDay,
        noDay,
      ]);
      expect([columns.vaccine[record], columns.dose[record], columns.doseSlot[record]]).toEqual([
        noVaccine,
        0,
        0,
      ]);
      expect([columns.key[record * 2], columns.person[record * 2]]).toEqual([0, 0]);
    }
  });

  it("has one key for equal record_ids, quoted and padded or not, and none for a blank one", () => {
    const ids = ["A1", '"A1"', " A1 ", "A2", "", '""', "  ", "a1"];
    const { columns } = assess(
      writeSource(
        ["record_id", "full_name"],
        ids.map((id) => `${id},Lê Lan`),
      ),
    );
    const keys = ids.map((_, record) => `${columns.key[record * 2]},${columns.key[record * 2 + 1]}`);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).toBe(keys[0]);
    expect(keys.slice(4, 7)).toEqual(["0,0", "0,0", "0,0"]);
    expect(new Set([keys[0], keys[3], keys[4], keys[7]]).size).toBe(4);
  });

  it("unfolds a template row into its filled doses, and keeps one with none", () => {
    const dose = (vaccine: string, day: string, lot: string, facility: string): string =>
      [vaccine, day, lot, facility].join(",");
    const empty = dose("", "", "", "");
    const blank = dose(" ", "", '""', '"  "');
    const source = writeSource(
      ["full_name", ...Array.from({ length: 16 }, (_, n) => `d${n}`)],
      [
        `Lê Lan,${dose("Pfizer", "01/09/2021", "L", "79001")},${empty},${dose("", "", "", "79001")},${empty}`,
        `Lê Na,${empty},${blank},${empty},${empty}`,
        `Lê Mai,${empty},${empty},${empty},${dose("", '"01/09/2021"', "", "")}`,
        "Lê An",
      ],
      4,
    );
    const { header: read, columns } = assess(source);
    expect([read.rows, read.records]).toEqual([4, 5]);
    expect([...columns.doseSlot.subarray(0, 5)]).toEqual([1, 3, 1, 4, 0]);
    expect([...columns.dose.subarray(0, 5)]).toEqual([1, 3, 1, 4, 0]);
    expect(isoDate(columns.day[0] as number)).toBe("2021-09-01");
    expect([columns.day[1], columns.day[2]]).toEqual([noDay, noDay]);
    expect(isoDate(columns.day[3] as number)).toBe("2021-09-01");
    expect([...columns.key.subarray(0, 10)]).toEqual(new Array(10).fill(0));
    expect(columns.rowOffset[1]).toBe(columns.rowOffset[0]);
    expect(columns.rowOffset[2]).toBeGreaterThan(columns.rowOffset[1] as number);
    expect(findingsOf(columns, 1)).not.toContain("facility.blank");
    expect(findingsOf(columns, 2)).toContain("facility.blank");
    expect(findingsOf(columns, 4)).toEqual(["row.structure"]);
  });

  it("assesses rows that the kernel cannot hold as those that it can", () => {
    const header = [
      ...[
        "record_id",
        "full_name",
        "birth_date",
        "sex",
        "citizen_id",
        "phone",
        "nationality",
        "priority_group",
      ],
      ...[
        "province_code",
        "province",
        "district_code",
        "district",
        "ward_code",
        "ward",
        "dose_no",
        "vaccine",
      ],
      ...["vaccination_date", "lot_no", "facility_code", "facility_name", "address"],
    ];
    const place = "79,Thành phố Hồ Chí Minh,760,Quận 1,26734,Phường Tân Định";
    const dose = "1,AstraZeneca,01/08/2021,L1,79001,Trạm A";
    const rows = [
      `R1,Lê Thị Lan,01/01/1990,Nữ,079190000123,0912345678,,3,${place},${dose}`,
      `R1,Lê Thị Lan,01/01/1990,Nữ,079190000123,0912345678,,3,${place},${dose}`,
      `R2," LÊ  VĂN 2 ",1990,nam,'079090000123,84912345678,Lào,x,,,,,,,Mũi 2,pfizer,2021-08-01,,79001 - Trạm A,`,
      `,Nguyen Van A,31/02/1990,?,,,,,01,Hà Nội,,,,,9,,1/8/21, ,,`,
      `"R""3",Trần Bình,01/02/1990,Nam,111111111111,x,,,${place},${dose}`,
      ` ,Hoà,44197,Nữ, 079190000123,0912345678,,3,${place},${dose}`,
    ];
    const read = (padding: string): unknown[] => {
      const source = writeSource(
        header,
        rows.map((row) => `${row},${padding}`),
      );
      const shard = { index: 0, start: source.dataOffset, end: source.byteLength };
      const assessor = createAssessor(source, rules, null);
      const wide = { maxRecordBytes: 1 << 22, maxFieldLines: 5 };
      const { header: head, columns } = assessShard({ assessor, source, shard, limits: wide });
      return Array.from({ length: head.records }, (_, record) =>
        columnWidths
          .filter(({ name }) => name !== "rowOffset")
          .map(({ name, perRecord }) => [
            name,
            ...columns[name].subarray(record * perRecord, (record + 1) * perRecord),
          ]),
      );
    };
    const plain = read("");
    expect(plain.length).toBe(rows.length);
    expect(read("x".repeat(1 << 20))).toEqual(plain);
  });

  it("keeps what a thread understood of a source apart from what a shard lists", () => {
    const source = writeSource(
      ["full_name", "province_code", "facility_code"],
      ["A,01,01001", "B,79,79001", "C,01,01001"],
    );
    const assessor = createAssessor(source, rules, null);
    const all = { index: 0, start: source.dataOffset, end: source.byteLength };
    const lastOnly = { ...all, start: source.byteLength - 11 };
    const fresh = assess(source, lastOnly, { start: lastOnly.start });
    assess(source, all, { assessor });
    const again = assess(source, lastOnly, { start: lastOnly.start, assessor });
    expect(again.header.records).toBe(1);
    expect(again.header).toEqual(fresh.header);
    expect(describeRecords(again)).toEqual(describeRecords(fresh));
  });

  it("names a facility as the shard's own rows do, whichever shards the thread has seen before", () => {
    const source = writeSource(["facility_code", "facility_name"], ["79001,Trạm A", "79001,Trạm B"]);
    const second = {
      index: 1,
      start: source.byteLength - Buffer.byteLength("79001,Trạm B\n"),
      end: source.byteLength,
    };
    const first = { index: 0, start: source.dataOffset, end: second.start };
    const assessor = createAssessor(source, rules, null);
    const labels = [second, first].map((shard) =>
      listsOf(assess(source, shard, { start: shard.start, assessor }).header).facilities.at(-1),
    );
    expect(labels).toEqual([
      ["79001", "Trạm B"],
      ["79001", "Trạm A"],
    ]);
  });
});
