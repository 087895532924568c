import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBirthDate } from "../identity/birth-date.js";
import { dayNumber } from "../identity/calendar.js";
import { readCitizenId } from "../identity/citizen-id.js";
import { hashName, type NameHash, nameFlags } from "../identity/name-hash.js";
import { readName } from "../identity/person-name.js";
import { readSex } from "../identity/sex.js";
import { type Batch, createBatch, RowFault, scanBatch } from "../ingest/scanner.js";
import { type CanonicalColumn, canonicalColumns, type Source } from "../ingest/source.js";
import { findingIds } from "../judge/findings.js";
import { buildVaccineTable } from "../vaccination/vaccine.js";
import { noDay } from "./assessment.js";
import { PlainRows } from "./plain-rows.js";
import type { AssessRules } from "./rules.js";
import { copySubject, createSubject, createSubjectReader, digitsOf, type Subject } from "./subject.js";

const fields = ["full_name", "birth_date", "sex", "citizen_id", "nationality", "note"] as const;
type Field = (typeof fields)[number];

const rules: AssessRules = {
  asOfDay: dayNumber(2023, 6, 13),
  programmeStartDay: dayNumber(2021, 3, 8),
  maxAgeYears: 120,
  maxDoseNumber: 6,
  placeholders: ["không có", "không", "n/a", "none", "x"],
  tables: {
    provinces: [],
    countries: [],
    placeCodes: new Set(["000", "001", "079"]),
    vaccines: [],
    wards: new Map(),
    priorityGroups: new Map(),
    fingerprint: "",
  },
  vaccines: buildVaccineTable([]),
};
const coding = { name: "long-export", sex: { male: ["nam", "m"], female: ["nữ", "f"] } };
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
    canonicalColumns.map((name: CanonicalColumn) => [name, fields.indexOf(name as Field)]),
  ) as Source["columns"],
  doses: [],
  coding,
};

/** One row of a CSV file; a cell is quoted when it has to be, or when `isQuoted` says so. */
function scanRow(cells: Partial<Record<Field, string>>, isQuoted = false): Batch {
  const quoted = (text: string): string =>
    isQuoted || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const bytes = Buffer.from(`${fields.map((field) => quoted(cells[field] ?? "")).join(",")}\n`);
  const batch = createBatch(fields.length, 4);
  scanBatch(batch, bytes, 0, bytes.length, true, {
    delimiter: 0x2c,
    maxRecordBytes: 1 << 20,
    maxFieldLines: 100,
    lineUnit: "line",
  });
  if (batch.rows !== 1 || batch.rowFault[0] !== RowFault.none) throw new Error("the row should be readable");
  return batch;
}

function readRow(cells: Partial<Record<Field, string>>, isQuoted = false): Subject {
  const subject = createSubject();
  createReader()(scanRow(cells, isQuoted), subject);
  return subject;
}

/** Reads the one row of a batch, as the assessor does. */
function createReader(): (batch: Batch, subject: Subject) => void {
  const plain = new PlainRows(source);
  const read = createSubjectReader(source, rules, plain);
  return (batch, subject) => {
    plain.read(batch, 0);
    plain.moveTo(0);
    read(batch, 0, subject);
  };
}

function findingsOf({ words }: Subject, prefix: string): string[] {
  return findingIds.filter(
    (id, bit) => id.startsWith(prefix) && ((words[bit >> 5] as number) >>> (bit & 31)) & 1,
  );
}

function hashText(text: string): NameHash {
  const hash = { marked: 0, folded: 0, flags: 0 };
  const bytes = Buffer.from(text);
  hashName(bytes, 0, bytes.length, hash);
  return hash;
}

/** Any text a cell can hold: no NUL, which makes the row undecodable. */
const anyText = fc.string({ unit: "binary", maxLength: 24 }).map((text) => text.replaceAll("\0", ""));
const asciiText = fc.string({ unit: "grapheme-ascii", maxLength: 20 });

const vowels = [..."aăâeêioôơuưy"].flatMap((letter) =>
  ["", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"].map((tone) => (letter + tone).normalize("NFC")),
);
const letter = fc.constantFrom(...vowels, ...vowels, ..."bcdđghklmnpqrstvx");
const recase = fc.constantFrom(
  (text: string) => text.toUpperCase(),
  (text: string) => text.toLowerCase(),
  (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase(),
  (text: string) => [...text].map((char, at) => (at % 2 ? char.toUpperCase() : char)).join(""),
);
const reform = fc.constantFrom("NFC", "NFD", "NFKD");
const syllable = fc
  .tuple(
    fc.oneof(
      fc.string({ unit: letter, minLength: 1, maxLength: 6 }),
      fc.constantFrom("hoà", "hòa", "thuý", "thúy", "quý", "khoẻ", "nguyễn", "đặng", "oà", "uỷ"),
    ),
    recase,
    reform,
  )
  .map(([text, change, form]) => change(text).normalize(form));
const separator = fc.constantFrom(" ", " ", " ", "  ", "-", "'", "\u00a0", ". ", "’");
const vietnameseName = fc
  .tuple(
    fc.constantFrom("", "", "", " "),
    fc.array(fc.tuple(syllable, separator), { maxLength: 4 }),
    fc.oneof(syllable, fc.constant("")),
  )
  .map(([start, parts, last]) => start + parts.map((part) => part.join("")).join("") + last);

function expectName(text: string, isQuoted: boolean): void {
  const subject = readRow({ full_name: text }, isQuoted);
  const { standard, findings } = readName(text);
  expect(findingsOf(subject, "name.").sort()).toEqual([...findings].sort());
  const { marked, folded, flags } = hashText(standard);
  expect([subject.name.marked, subject.name.folded]).toEqual([marked, folded]);
  expect(subject.name.flags & nameFlags.empty).toBe(flags & nameFlags.empty);
}

describe("createSubjectReader: name", () => {
  it.each([
    "Nguyễn Văn Hòa",
    "NGUYỄN VĂN HOÀ",
    "nguyen van hoa",
    "Nguyễn Văn Hòa".normalize("NFD"),
    "  Lê   Lan ",
    'Lê "Lan"',
    "H'Hen Niê",
    "Lê Lan 2",
    "Þór Ñandú",
    "",
    "...",
  ])("agrees with readName on %j", (name) => {
    expectName(name, false);
    expectName(name, true);
  });

  it("agrees with readName on every name of Vietnamese letters", () => {
    fc.assert(fc.property(vietnameseName, fc.boolean(), expectName), { numRuns: 1500 });
  });

  it.each(["Lê- Lan", "Lê' Lan", "Lê - Lan", "Lê -Lan", "Lê- ", "Lê -", "-Lê Lan", "Lê-' Lan"])(
    "tells a stray joiner before a space: %s",
    (name) => {
      expectName(name, false);
    },
  );

  it.each(["Òá", "HỎẺ", "Thúý", "Óà"])("finds no tone placement in two tones side by side: %s", (name) => {
    expectName(name, false);
  });

  it("agrees with readName on any text", () => {
    fc.assert(fc.property(fc.oneof(anyText, asciiText), fc.boolean(), expectName), { numRuns: 1000 });
  });

  it("agrees with readName on names with any character among their letters", () => {
    const spoilt = fc
      .tuple(
        vietnameseName,
        anyText.map((text) => text.slice(0, 2)),
        vietnameseName,
      )
      .map((parts) => parts.join("").replace(/\p{Cs}/gu, ""));
    fc.assert(fc.property(spoilt, fc.boolean(), expectName), { numRuns: 1000 });
  });
});

describe("createSubjectReader: citizen ID", () => {
  const expectNumber = (text: string, isQuoted: boolean): void => {
    const subject = readRow({ citizen_id: text }, isQuoted);
    const reading = readCitizenId(text, rules);
    expect(subject.low6 < 0 ? null : digitsOf(subject)).toBe(reading.number);
    expect(findingsOf(subject, "citizen-id.")).toEqual(reading.finding === null ? [] : [reading.finding]);
    expect(subject.reading).toEqual(reading.number === null ? reading : null);
  };

  it.each([
    "079085000123",
    "000000000000",
    "111111111111",
    "999999999999",
    "123456789012",
    "012345678912",
    "123456000000",
    "012345999999",
    "001001001001",
    " 079085000123",
    "079085000123 ",
    "07908500012３",
    "079 085 000 123",
    "79085000123",
    "x",
    "",
    '"',
  ])("agrees with readCitizenId on %j", (text) => {
    expectNumber(text, false);
    expectNumber(text, true);
  });

  it("agrees with readCitizenId on any text and on twelve characters that are nearly digits", () => {
    const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 8, maxLength: 13 });
    const nearly = fc.string({
      unit: fc.constantFrom(..."000111222333456789 .O"),
      minLength: 11,
      maxLength: 13,
    });
    fc.assert(fc.property(fc.oneof(anyText, digits, nearly), fc.boolean(), expectNumber), { numRuns: 1000 });
  });

  it.each([
    ["", "", "", "citizen-id.blank"],
    ["x", "", "", "citizen-id.placeholder"],
    ["", "Hoa Kỳ", "", "citizen-id.passport"],
    ["", "Việt Nam", "", "citizen-id.blank"],
    ["", "", "079085000123 hoặc 079085000124", "citizen-id.two-candidates"],
    ["none", "Hoa Kỳ", "079085000123; 079085000124", "citizen-id.two-candidates"],
    ["", "", "079085000123", "citizen-id.blank"],
    ["12345", "Hoa Kỳ", "079085000123; 079085000124", "citizen-id.length"],
  ])("number %j, nationality %j, note %j: %s", (citizen_id, nationality, note, finding) => {
    expect(findingsOf(readRow({ citizen_id, nationality, note }), "citizen-id.")).toEqual([finding]);
  });
});

describe("createSubjectReader: birth date", () => {
  const two = fc.integer({ min: 0, max: 32 }).map((part) => String(part).padStart(2, "0"));
  const year = fc.integer({ min: 1880, max: 2040 }).map(String);
  const dateLike = fc.oneof(
    fc.tuple(two, two, year).map((parts) => parts.join("/")),
    fc.tuple(year, two, two).map((parts) => parts.join("-")),
    fc.tuple(two, two, two).map((parts) => parts.join("/")),
    year,
    fc.integer({ min: 10_000, max: 99_999 }).map(String),
  );
  const birthText = fc
    .tuple(
      fc.constantFrom("", "", " ", "\u00a0"),
      fc.oneof(dateLike, dateLike, anyText),
      fc.constantFrom("", " "),
    )
    .map((parts) => parts.join(""));

  const compare = (text: string, citizen_id: string, isQuoted: boolean): [unknown, unknown] => {
    const subject = readRow({ birth_date: text, citizen_id }, isQuoted);
    const citizenNumber = readCitizenId(citizen_id, rules).number;
    const reading = readBirthDate(text, { ...rules, citizenNumber });
    return [
      [subject.birthDay, subject.isBirthYearOnly, findingsOf(subject, "birth-date.").sort()],
      [reading.day ?? noDay, reading.isYearOnly, [...reading.findings].sort()],
    ];
  };

  it("agrees with readBirthDate on any text", () => {
    const number = fc.constantFrom("", "079085000123", "001201000123");
    fc.assert(
      fc.property(birthText, number, fc.boolean(), (text, citizenId, isQuoted) => {
        const [read, expected] = compare(text, citizenId, isQuoted);
        expect(read).toEqual(expected);
      }),
      { numRuns: 1500 },
    );
  });

  it.each(["13/06/2023", "14/06/2023", "13/06/1903", "12/06/1903", "14/06/1903", "1903-06-12"])(
    "agrees with readBirthDate beside the limit: %s",
    (text) => {
      const [read, expected] = compare(text, "", false);
      expect(read).toEqual(expected);
    },
  );

  it.each(["01/01/1990", "1990-01-01", "1/1/1990", "01/01/1800"])(
    "tells 1 January however it is written: %s",
    (text) => {
      const [read, expected] = compare(text, "", false);
      expect(read).toEqual(expected);
    },
  );
});

describe("createSubjectReader: sex", () => {
  const expectSex = (text: string, isQuoted: boolean): void => {
    const subject = readRow({ sex: text }, isQuoted);
    const { sex, finding } = readSex(text, coding.sex);
    expect(subject.sex).toBe(sex === "M" ? 0 : sex === "F" ? 1 : -1);
    expect(findingsOf(subject, "sex.")).toEqual(finding === null ? [] : [finding]);
  };

  it("agrees with readSex on any text", () => {
    const known = fc.constantFrom(
      "Nam",
      "NỮ",
      "nữ".normalize("NFD"),
      " f ",
      "",
      " ",
      '"',
      "m\u00a0",
      "\u200bNam",
    );
    fc.assert(fc.property(fc.oneof(anyText, known), fc.boolean(), expectSex), { numRuns: 1000 });
  });

  it("remembers a value, not the row before", () => {
    const read = createReader();
    const subject = createSubject();
    const sexes = ["Nam", "Nữ", "", "?", "Nam", "", "Nữ"].map((sex) => {
      read(scanRow({ sex }), subject);
      return [subject.sex, ...findingsOf(subject, "sex.")];
    });
    expect(sexes).toEqual([[0], [1], [-1, "sex.blank"], [-1, "sex.unreadable"], [0], [-1, "sex.blank"], [1]]);
  });
});

describe("copySubject(subject)", () => {
  it("stays when the subject moves on", () => {
    const read = createReader();
    const subject = createSubject();
    read(scanRow({ full_name: "LÊ LAN", citizen_id: "x" }), subject);
    const copy = copySubject(subject);
    const before = structuredClone({ ...copy });
    read(scanRow({ full_name: "Trần An 1", citizen_id: "079085000123", sex: "Nam" }), subject);
    expect(copy).toEqual(before);
    expect(findingsOf(copy, "")).toContain("name.case");
  });
});
