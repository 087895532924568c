import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayNumber } from "../identity/calendar.js";
import { type Batch, createBatch, scanBatch } from "../ingest/scanner.js";
import { type CanonicalColumn, canonicalColumns, type Source } from "../ingest/source.js";
import { findingIds, findingWords } from "../judge/findings.js";
import { loadPipeline } from "../pipeline/pipeline.js";
import { loadTables } from "../pipeline/tables.js";
import { readDoseNumber } from "../vaccination/dose-number.js";
import { readFacility } from "../vaccination/facility.js";
import { checkVaccinationDay, readVaccinationDate } from "../vaccination/vaccination-date.js";
import { buildVaccineTable, findVaccine } from "../vaccination/vaccine.js";
import { noDay, noVaccine } from "./assessment.js";
import { PlainRows } from "./plain-rows.js";
import { createDoseReader, type DoseReading } from "./read-dose.js";
import type { AssessRules } from "./rules.js";
import { ShardDictionary } from "./shard-dictionary.js";
import { decodeEntry, encodeLists, type Facility, readLists } from "./shard-lists.js";
import { createSubject } from "./subject.js";

const pipeline = loadPipeline("pipelines/covid19-vaccination.yaml");
const tables = loadTables(pipeline);
const rules: AssessRules = {
  asOfDay: dayNumber(2023, 6, 13),
  programmeStartDay: dayNumber(2021, 3, 8),
  maxAgeYears: 120,
  maxDoseNumber: 6,
  placeholders: [],
  tables,
  vaccines: buildVaccineTable(tables.vaccines),
};

const fields = [
  "dose_no",
  "vaccine",
  "vaccination_date",
  "lot_no",
  "facility_code",
  "facility_name",
] as const;
type Cells = Readonly<Record<(typeof fields)[number], string>>;
const source: Source = {
  name: "a.csv",
  path: "a.csv",
  format: "csv",
  encoding: "utf-8",
  bytesPath: "a.csv",
  byteLength: 0,
  layout: "long",
  delimiter: ",",
  headers: fields,
  dataOffset: 0,
  dataLine: 2,
  lineUnit: "line",
  columns: Object.fromEntries(
    canonicalColumns.map((name: CanonicalColumn) => [name, fields.indexOf(name as (typeof fields)[number])]),
  ) as Source["columns"],
  doses: [],
  coding: { name: "long-export", sex: { male: ["nam"], female: ["nữ"] } },
};

function scanRow(cells: Cells): Batch {
  const quoted = fields.map((field) => `"${cells[field].replaceAll('"', '""')}"`);
  const bytes = Buffer.from(`${quoted.join(",")}\n`);
  const batch = createBatch(fields.length, 2);
  scanBatch(batch, bytes, 0, bytes.length, true, {
    delimiter: 0x2c,
    maxRecordBytes: 1 << 20,
    maxFieldLines: 100,
    lineUnit: "line",
  });
  return batch;
}

const facilities = new ShardDictionary<Facility>(["", ""]);
const plain = new PlainRows(source);
const readDose = createDoseReader(source, rules, plain, facilities);

function read(
  cells: Cells,
  birthDay: number,
  isBirthYearOnly: boolean,
): { reading: DoseReading; findings: string[] } {
  const reading = { words: new Uint32Array(findingWords), day: 0, vaccine: 0, dose: 0, facility: 0 };
  const batch = scanRow(cells);
  plain.read(batch, 0);
  plain.moveTo(0);
  readDose(batch, 0, 0, { ...createSubject(), birthDay, isBirthYearOnly }, reading);
  const findings = findingIds.filter((_, bit) => ((reading.words[bit >> 5] as number) >>> (bit & 31)) & 1);
  return { reading, findings: findings.filter((id) => id !== "lot.blank").sort() };
}

/** What the rules say, cell by cell. */
function readByRules(
  cells: Cells,
  birthDay: number,
  isBirthYearOnly: boolean,
): ReturnType<typeof read>["findings"] {
  const findings: (string | null)[] = [];
  findings.push(readDoseNumber(cells.dose_no, rules.maxDoseNumber).finding);
  const vaccine = findVaccine(rules.vaccines, cells.vaccine);
  if (vaccine === null) findings.push(cells.vaccine.trim() === "" ? "vaccine.blank" : "vaccine.unknown");
  const date = readVaccinationDate(cells.vaccination_date);
  findings.push(...date.findings);
  if (date.day !== null) {
    findings.push(
      ...checkVaccinationDay({
        ...rules,
        day: date.day,
        birthDay: birthDay === noDay ? null : birthDay,
        isBirthYearOnly,
        vaccine,
      }),
    );
  }
  findings.push(readFacility(cells.facility_code, cells.facility_name).finding);
  return findings.filter((id) => id !== null).sort();
}

const two = (most: number): fc.Arbitrary<string> =>
  fc.integer({ min: 1, max: most }).map((n) => String(n).padStart(2, "0"));
const year = fc.integer({ min: 2019, max: 2024 }).map(String);
const date = fc.oneof(
  fc.tuple(two(31), two(12), year).map((parts) => parts.join("/")),
  fc.tuple(year, two(12), two(31)).map((parts) => parts.join("-")),
  fc.constantFrom("", " ", "44197", "1/7/21", "08/03/2021", "07/03/2021", "13/06/2023", "14/06/2023", "x"),
);
const cells = fc.record({
  dose_no: fc.constantFrom("1", "01", "Mũi 2", "7", "", "x", "1.0"),
  vaccine: fc.constantFrom("", " ", "Lạ", ...rules.vaccines.byAlias.keys()),
  vaccination_date: date,
  lot_no: fc.constant("L1"),
  facility_code: fc.constantFrom("", "79001", "79001 - Trạm A", "x1", "Trạm B"),
  facility_name: fc.constantFrom("", "Trạm A", "79002-Trạm C"),
});
const birthDay = fc.oneof(
  fc.constant(noDay),
  fc.integer({ min: dayNumber(2000, 1, 1), max: dayNumber(2023, 6, 13) }),
  fc.constantFrom(dayNumber(2004, 2, 29), dayNumber(1950, 1, 1), dayNumber(2016, 2, 29)),
);

describe("createDoseReader", () => {
  it("agrees with the rules of a dose, on dates and births around every limit", () => {
    fc.assert(
      fc.property(cells, birthDay, (row, born) => {
        expect(read(row, born, false).findings).toEqual(readByRules(row, born, false));
      }),
      { numRuns: 3000 },
    );
  });

  it("gives somebody whose birth year alone is known the benefit of the doubt, as the rules do", () => {
    const born = fc.integer({ min: 1990, max: 2023 }).map((birthYear) => dayNumber(birthYear, 1, 1));
    fc.assert(
      fc.property(cells, born, (row, day) => {
        expect(read(row, day, true).findings).toEqual(readByRules(row, day, true));
      }),
      { numRuns: 1000 },
    );
  });

  it("keeps the values that the rules read", () => {
    fc.assert(
      fc.property(cells, (row) => {
        const { reading } = read(row, noDay, false);
        expect(reading.day).toBe(readVaccinationDate(row.vaccination_date).day ?? noDay);
        expect(reading.dose).toBe(readDoseNumber(row.dose_no, rules.maxDoseNumber).dose ?? 0);
        expect(reading.vaccine).toBe(findVaccine(rules.vaccines, row.vaccine)?.index ?? noVaccine);
        const { code, finding } = readFacility(row.facility_code, row.facility_name);
        const uncoded = finding === "facility.blank" ? "" : "?";
        const lists = encodeLists({ places: [], facilities: facilities.values });
        const [key] = decodeEntry<Facility>(readLists({ lists }, "x").facilities, reading.facility);
        expect(key).toBe(finding === null && code !== null ? code : uncoded);
      }),
      { numRuns: 500 },
    );
  });
});
