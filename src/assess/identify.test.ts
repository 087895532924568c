import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dayNumber } from "../identity/calendar.js";
import { type CanonicalColumn, canonicalColumns, type Source } from "../ingest/source.js";
import {
  birthDateLevels,
  nameLevels,
  personStates,
  sexLevels,
  unpackComparison,
} from "../judge/comparison.js";
import { findingIds, findingWords } from "../judge/findings.js";
import { buildRegister } from "../register/build-register.js";
import { openRegister } from "../register/open-register.js";
import { loadRegisterIndex, slotNumber } from "../register/register-index.js";
import { buildVaccineTable } from "../vaccination/vaccine.js";
import { assessShard } from "./assess-shard.js";
import { createAssessor } from "./assessor.js";
import type { Register } from "./identify.js";
import type { AssessRules } from "./rules.js";

const population = `citizen_id,full_name,birth_date,sex,legacy_id,status,replaced_by,province_code
079185000001,LÊ THỊ LAN,1985-02-03,F,123456789,active,,79
079085000002,TRẦN VĂN HÒA,1985-03-04,M,222333444,active,,79
079085000003,TRẦN VĂN HÒA,1985-03-04,M,222333444,active,,79
079086000004,PHẠM AN,1986-04-05,M,333444555,active,,79
079087000005,VŨ BÌNH,1987-05-06,M,333444555,active,,79
079085000010,ĐỖ VĂN CƯỜNG,1985-06-07,M,,replaced,079085000011,79
079085000011,ĐỖ VĂN CƯỜNG,1985-06-07,M,444555666,replaced,079085000012,79
079085000012,ĐỖ VĂN CƯỜNG,1985-06-07,M,,active,,79
079085000013,ĐỖ VĂN MỞ,1985-06-07,M,,replaced,079085999999,79
079085000014,ĐỖ VĂN VÒNG,1985-06-07,M,,replaced,079085000015,79
079085000015,ĐỖ VĂN VÒNG,1985-06-07,M,,replaced,079085000014,79
079085000016,ĐỖ VĂN HỦY,1985-06-07,M,555666777,cancelled,,79
079085000017,ĐỖ VĂN HỦY,1985-06-07,M,,replaced,079085000016,79
079040000018,LÝ CỤ,1940-08-09,M,,deceased,,79
079150000019,NGÔ THỊ HOA,1950,F,,active,,79
001190000020,HOÀNG THỊ MAI,1990-07-08,F,,active,,01
079085000021,BÙI THỊ NGA,1985-09-10,F,,active,,79
079185000022,BÙI THỊ NGÂN,1987-09-10,F,,active,,79
079085000023,NGUYỄN VĂN AN,1985-01-05,M,,active,,79
079085000024,NGUYỄN VĂN BA,1985-01-01,M,,replaced,079040000018,79
`;

const rules: AssessRules = {
  asOfDay: dayNumber(2023, 6, 13),
  programmeStartDay: dayNumber(2021, 3, 8),
  maxAgeYears: 120,
  maxDoseNumber: 6,
  placeholders: ["không có"],
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

const columns = ["full_name", "birth_date", "sex", "citizen_id"] as const;
let dir: string;
let register: Register;

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-identify-"));
  const input = path.join(dir, "population.csv");
  const out = path.join(dir, "population.db");
  writeFileSync(input, population);
  await buildRegister({ inputs: [input], out, placeCodes: rules.tables.placeCodes, maxImpossibleShare: 1 });
  register = { index: loadRegisterIndex(out), reader: openRegister(out) };
});
afterAll(() => {
  register.reader.close();
  rmSync(dir, { recursive: true });
});

type Row = readonly [name: string, birthDate: string, sex: string, citizenId: string];

/** What the register says of each row: the live person's number, the levels, and the findings about the person. */
function identify(rows: readonly Row[], using: Register | null): string[] {
  const head = `${columns.join(",")}\n`;
  const bytes = Buffer.from(head + rows.map((row) => `${row.join(",")}\n`).join(""));
  const file = path.join(dir, "a.csv");
  writeFileSync(file, bytes);
  const source: Source = {
    name: "a.csv",
    path: file,
    format: "csv",
    encoding: "utf-8",
    bytesPath: file,
    byteLength: bytes.length,
    layout: "long",
    delimiter: ",",
    headers: columns,
    dataOffset: head.length,
    dataLine: 2,
    lineUnit: "line",
    columns: Object.fromEntries(
      canonicalColumns.map((name: CanonicalColumn) => [
        name,
        columns.indexOf(name as (typeof columns)[number]),
      ]),
    ) as Source["columns"],
    doses: [],
    coding: { name: "long-export", sex: { male: ["nam"], female: ["nữ"] } },
  };
  const options = {
    assessor: createAssessor(source, rules, using),
    source,
    shard: { index: 0, start: source.dataOffset, end: source.byteLength },
    limits: { maxRecordBytes: 1 << 20, maxFieldLines: 100 },
  };
  const first = assessShard(options);
  const { columns: table, header } = assessShard(options);
  // Whatever an assessor has read before, the next shard's records are assessed as they were by a new one.
  expect({ columns: table, header }).toEqual(first);
  expect(header.records).toBe(rows.length);
  return rows.map((_, record) => {
    const slot = table.slot[record] as number;
    const levels = unpackComparison(table.comparison[record] as number);
    const found = findingIds.filter((id, bit) => {
      const word = table.findings[record * findingWords + (bit >> 5)] as number;
      return (word >>> (bit & 31)) & 1 && /^(name|birth-date|sex|citizen-id|register)\./.test(id);
    });
    return [
      slot < 0 ? "-" : String(slotNumber((using as Register).index, slot)).padStart(12, "0"),
      personStates[levels.person],
      nameLevels[levels.name],
      birthDateLevels[levels.birthDate],
      sexLevels[levels.sex],
      found.filter((id) => id !== "name.case").join(" "),
    ]
      .join(" | ")
      .trim();
  });
}

const nobody = "- | none | not-compared | not-compared | not-compared |";
const lan = "079185000001 | found";
const cuong = "079085000012 | repaired | equal | equal | equal";

const cases: readonly [what: string, row: Row, expected: string][] = [
  // the number as delivered
  [
    "a person as the register has them",
    ["LÊ THỊ LAN", "03/02/1985", "nữ", "079185000001"],
    `${lan} | equal | equal | equal |`,
  ],
  [
    "a number nobody has",
    ["LÊ THỊ LAN", "03/02/1985", "nữ", "079185000099"],
    `${nobody} register.number-unknown`,
  ],
  [
    "a number of no place",
    ["LÊ THỊ LAN", "03/02/1985", "nữ", "999185000099"],
    `${nobody} citizen-id.unknown-place`,
  ],
  [
    "a cancelled number",
    ["ĐỖ VĂN HỦY", "07/06/1985", "nam", "079085000016"],
    `${nobody} register.number-cancelled`,
  ],
  [
    "a dead person",
    ["LÝ CỤ", "09/08/1940", "nam", "079040000018"],
    "079040000018 | found | equal | equal | equal | register.deceased",
  ],
  ["no number", ["LÊ THỊ LAN", "03/02/1985", "nữ", ""], `${nobody} citizen-id.blank`],

  // fields
  [
    "another name",
    ["LÊ THỊ MAI", "03/02/1985", "nữ", "079185000001"],
    `${lan} | different | equal | equal |`,
  ],
  ["no name", ["", "03/02/1985", "nữ", "079185000001"], `${lan} | not-compared | equal | equal | name.blank`],
  [
    "all marks lost",
    ["LE THI LAN", "03/02/1985", "nữ", "079185000001"],
    `${lan} | marks-lost | equal | equal | name.marks-lost`,
  ],
  [
    "some marks lost",
    ["LÊ THI LAN", "03/02/1985", "nữ", "079185000001"],
    `${lan} | marks-lost | equal | equal | name.marks-lost`,
  ],
  [
    "another mark",
    ["LÊ THÌ LAN", "03/02/1985", "nữ", "079185000001"],
    `${lan} | marks-differ | equal | equal |`,
  ],
  [
    "a mark too many",
    ["LÊ THỊ LÁN", "03/02/1985", "nữ", "079185000001"],
    `${lan} | marks-differ | equal | equal |`,
  ],
  [
    "day and month swapped",
    ["LÊ THỊ LAN", "02/03/1985", "nữ", "079185000001"],
    `${lan} | equal | swapped | equal |`,
  ],
  [
    "the first of January",
    ["LÊ THỊ LAN", "01/01/1985", "nữ", "079185000001"],
    `${lan} | equal | first-of-january | equal | birth-date.first-of-january`,
  ],
  [
    "a year alone",
    ["LÊ THỊ LAN", "1985", "nữ", "079185000001"],
    `${lan} | equal | record-year-only | equal | birth-date.year-only`,
  ],
  [
    "a birth date that cannot be",
    ["LÊ THỊ LAN", "31/02/1985", "nữ", "079185000001"],
    `${lan} | equal | not-compared | equal | birth-date.impossible`,
  ],
  [
    "a year in the register",
    ["NGÔ THỊ HOA", "31/12/1950", "nữ", "079150000019"],
    "079150000019 | found | equal | year-only | equal |",
  ],
  [
    "another year than the register's year",
    ["NGÔ THỊ HOA", "01/02/1951", "nữ", "079150000019"],
    "079150000019 | found | equal | different | equal |",
  ],
  [
    "the other sex",
    ["LÊ THỊ LAN", "03/02/1985", "nam", "079185000001"],
    `${lan} | equal | equal | different |`,
  ],
  [
    "no sex",
    ["LÊ THỊ LAN", "03/02/1985", "", "079185000001"],
    `${lan} | equal | equal | equal | sex.blank sex.filled-from-id`,
  ],
  [
    "a sex nobody can read",
    ["LÊ THỊ LAN", "03/02/1985", "?", "079185000001"],
    `${lan} | equal | equal | equal | sex.unreadable sex.filled-from-id`,
  ],
  [
    "no sex, and a number nobody has",
    ["LÊ THỊ LAN", "03/02/1985", "", "079185000099"],
    `${nobody} sex.blank sex.filled-from-id register.number-unknown`,
  ],
  ["no sex and no number", ["LÊ THỊ LAN", "03/02/1985", "", ""], `${nobody} citizen-id.blank sex.blank`],
  [
    "no sex, and a number whose digit is wrong",
    ["BÙI THỊ NGA", "10/09/1985", "", "079085000021"],
    "079085000021 | found | equal | equal | different | sex.blank sex.filled-from-id",
  ],

  // old fonts and digits in the name
  [
    "TCVN3",
    ["NguyÔn V¨n An", "05/01/1985", "nam", "079085000023"],
    "079085000023 | found | repaired | equal | equal | name.punctuation name.tcvn3",
  ],
  [
    "VNI",
    ["Nguyeãn Vaên An", "05/01/1985", "nam", "079085000023"],
    "079085000023 | found | repaired | equal | equal | name.vni",
  ],
  [
    "mojibake",
    ["Nguyá»…n VÄƒn An", "05/01/1985", "nam", "079085000023"],
    "079085000023 | found | repaired | equal | equal | name.punctuation name.mojibake",
  ],
  [
    "a digit in the name",
    ["NGUYỄN VĂN AN 2", "05/01/1985", "nam", "079085000023"],
    "079085000023 | found | repaired | equal | equal | name.digits",
  ],
  [
    "a digit in another name",
    ["NGUYỄN VĂN BA 2", "05/01/1985", "nam", "079085000023"],
    "079085000023 | found | different | equal | equal |",
  ],

  // what the number's own digits say
  [
    "a sex digit the register contradicts",
    ["BÙI THỊ NGA", "10/09/1985", "nữ", "079085000021"],
    "079085000021 | found | equal | equal | equal | citizen-id.sex-digit",
  ],
  [
    "year digits the register contradicts",
    ["BÙI THỊ NGÂN", "10/09/1987", "nữ", "079185000022"],
    "079185000022 | found | equal | equal | equal | citizen-id.year-digits",
  ],
  [
    "a child with the mother's number",
    ["LÊ THỊ NA", "03/02/2015", "nữ", "079185000001"],
    `${lan} | different | different | equal | citizen-id.guardian`,
  ],
  [
    "fifteen years",
    ["LÊ THỊ LAN", "03/02/2000", "nữ", "079185000001"],
    `${lan} | equal | different | equal | citizen-id.guardian`,
  ],
  [
    "fourteen years",
    ["LÊ THỊ LAN", "03/02/1999", "nữ", "079185000001"],
    `${lan} | equal | different | equal |`,
  ],
  [
    "a child with a number nobody has",
    ["LÊ THỊ NA", "03/02/2015", "nữ", "079185000099"],
    `${nobody} citizen-id.guardian register.number-unknown`,
  ],

  // repairs of the number
  [
    "lost leading zeros",
    ["HOÀNG THỊ MAI", "08/07/1990", "nữ", "1190000020"],
    "001190000020 | repaired | equal | equal | equal | citizen-id.length citizen-id.leading-zeros",
  ],
  [
    "lost zeros, another person",
    ["HOÀNG THỊ MÀI", "08/07/1990", "nữ", "1190000020"],
    "001190000020 | repaired | marks-differ | equal | equal | citizen-id.length citizen-id.leading-zeros",
  ],
  [
    "spaces, a name of an old font",
    ["Nguyeãn Vaên An", "05/01/1985", "nam", "079 085 000 023"],
    "079085000023 | repaired | repaired | equal | equal | citizen-id.characters citizen-id.separators name.vni",
  ],
  [
    "spaces",
    ["LÊ THỊ LAN", "03/02/1985", "nữ", "079 185 000 001"],
    "079185000001 | repaired | equal | equal | equal | citizen-id.characters citizen-id.separators",
  ],
  [
    "spaces, a year in the register",
    ["NGÔ THỊ HOA", "31/12/1950", "nữ", "079-150-000-019"],
    "079150000019 | repaired | equal | year-only | equal | citizen-id.characters citizen-id.separators",
  ],
  [
    "spaces, and marks lost beside a year",
    ["NGO THI HOA", "31/12/1950", "nữ", "079-150-000-019"],
    "079150000019 | repaired | marks-lost | year-only | equal | citizen-id.characters citizen-id.separators name.marks-lost",
  ],
  [
    "spaces, a number nobody has",
    ["LÊ THỊ LAN", "03/02/1985", "nữ", "079 185 000 099"],
    `${nobody} citizen-id.characters`,
  ],
  [
    "spaces, a cancelled number",
    ["ĐỖ VĂN HỦY", "07/06/1985", "nam", "079 085 000 016"],
    `${nobody} citizen-id.characters`,
  ],
  [
    "look-alikes, no sex",
    ["LÊ THỊ LAN", "03/02/1985", "", "O79l85OOOOOl"],
    "079185000001 | repaired | equal | equal | equal | citizen-id.characters citizen-id.look-alikes sex.blank sex.filled-from-id",
  ],
  [
    "spaces and a replaced number",
    ["ĐỖ VĂN CƯỜNG", "07/06/1985", "nam", "079 085 000 010"],
    `${cuong} | citizen-id.characters citizen-id.separators citizen-id.replaced`,
  ],

  // old numbers
  ["an old number", ["LÊ THỊ LAN", "03/02/1985", "nữ", "123456788"], `${nobody} citizen-id.old-number`],
  [
    "an old number that one person has",
    ["NGUYỄN VĂN AN", "05/01/1985", "nam", "444555666"],
    "079085000012 | repaired | different | different | equal | citizen-id.old-number citizen-id.old-number-linked citizen-id.replaced",
  ],
  [
    "an old number of a replaced number",
    ["ĐỖ VĂN CƯỜNG", "07/06/1985", "nam", "444555666"],
    `${cuong} | citizen-id.old-number citizen-id.old-number-linked citizen-id.replaced`,
  ],
  [
    "an old number of two people, both fit",
    ["TRẦN VĂN HÒA", "04/03/1985", "nam", "222333444"],
    `${nobody} citizen-id.old-number register.ambiguous`,
  ],
  [
    "an old number of two people, one fits",
    ["VŨ BÌNH", "06/05/1987", "nam", "333444555"],
    "079087000005 | repaired | equal | equal | equal | citizen-id.old-number citizen-id.old-number-linked",
  ],
  [
    "an old number of two people, none fits",
    ["LÊ THỊ LAN", "03/02/1985", "nữ", "333444555"],
    `${nobody} citizen-id.old-number`,
  ],
  [
    "an old number of two people, some marks lost",
    ["TRẦN VAN HÒA", "04/03/1985", "nam", "222333444"],
    `${nobody} citizen-id.old-number register.ambiguous`,
  ],
  [
    "an old number of a cancelled person",
    ["ĐỖ VĂN HỦY", "07/06/1985", "nam", "555666777"],
    `${nobody} citizen-id.old-number`,
  ],

  // replaced numbers
  [
    "the head of a chain",
    ["ĐỖ VĂN CƯỜNG", "07/06/1985", "nam", "079085000010"],
    `${cuong} | citizen-id.replaced register.number-cancelled`,
  ],
  [
    "the middle of a chain",
    ["ĐỖ VĂN CƯỜNG", "07/06/1985", "nam", "079085000011"],
    `${cuong} | citizen-id.replaced register.number-cancelled`,
  ],
  [
    "a chain, no sex",
    ["ĐỖ VĂN CƯỜNG", "07/06/1985", "", "079085000010"],
    `${cuong} | citizen-id.replaced register.number-cancelled sex.blank sex.filled-from-id`,
  ],
  [
    "a chain with an open end",
    ["ĐỖ VĂN MỞ", "07/06/1985", "nam", "079085000013"],
    `${nobody} register.number-cancelled`,
  ],
  ["a loop", ["ĐỖ VĂN VÒNG", "07/06/1985", "nam", "079085000014"], `${nobody} register.number-cancelled`],
  [
    "a chain that ends in a cancelled number",
    ["ĐỖ VĂN HỦY", "07/06/1985", "nam", "079085000017"],
    `${nobody} register.number-cancelled`,
  ],
  [
    "a chain, no sex, an open end",
    ["ĐỖ VĂN MỞ", "07/06/1985", "", "079085000013"],
    `${nobody} sex.blank sex.filled-from-id register.number-cancelled`,
  ],
];

/** The order of findings is their bit's; here it does not matter. */
function sortFindings(line: string): string {
  const [slot, person, name, birthDate, sex, found = ""] = line.split("|").map((part) => part.trim());
  return [slot, person, name, birthDate, sex, ...found.split(" ").sort()].join(" | ");
}

describe("assessShard beside a register", () => {
  it("says of each record what it says of it alone, in one batch", () => {
    const read = identify(
      cases.map(([, row]) => row),
      register,
    );
    const named = (lines: readonly string[]): string[] =>
      lines.map((line, at) => `${cases[at]?.[0]}: ${sortFindings(line)}`);
    expect(named(read)).toEqual(named(cases.map(([, , line]) => line)));
  });

  it("says it also when rows with the same cells follow each other, in any order of rows", () => {
    const expected = new Map(cases.map(([, row]) => [row, identify([row], register)[0]]));
    const repeatedRow = fc.tuple(fc.constantFrom(...expected.keys()), fc.integer({ min: 1, max: 3 }));
    fc.assert(
      fc.property(fc.array(repeatedRow, { minLength: 1, maxLength: 12 }), (runs) => {
        const rows = runs.flatMap(([row, times]) => new Array<Row>(times).fill(row));
        expect(identify(rows, register)).toEqual(rows.map((row) => expected.get(row)));
      }),
      { numRuns: 100 },
    );
  });

  it.each(cases)("%s", (_what, row, expected) => {
    const [read = ""] = identify([row], register);
    expect(sortFindings(read)).toBe(sortFindings(expected));
  });
});

describe("assessShard without a register", () => {
  it.each<[what: string, row: Row, expected: string]>([
    ["a number", ["LÊ THỊ LAN", "03/02/1985", "nữ", "079185000001"], "register.not-consulted"],
    [
      "a number and no sex",
      ["LÊ THỊ LAN", "03/02/1985", "", "079185000001"],
      "sex.blank sex.filled-from-id register.not-consulted",
    ],
    [
      "a repair to try",
      ["LÊ THỊ LAN", "03/02/1985", "nữ", "079 185 000 001"],
      "citizen-id.characters register.not-consulted",
    ],
    [
      "an old number",
      ["LÊ THỊ LAN", "03/02/1985", "nữ", "123456780"],
      "citizen-id.old-number register.not-consulted",
    ],
    ["nothing to try", ["LÊ THỊ LAN", "03/02/1985", "nữ", "12345"], "citizen-id.length"],
    ["no number", ["LÊ THỊ LAN", "03/02/1985", "nữ", ""], "citizen-id.blank"],
  ])("%s", (_what, row, expected) => {
    const [read = ""] = identify([row], null);
    expect(sortFindings(read)).toBe(sortFindings(`${nobody} ${expected}`));
  });
});

describe("a number of another age than the record", () => {
  const child = "03/02/2015";
  it.each([
    ["cancelled", "079085000016"],
    ["with an open end", "079085000013"],
    ["replaced by a cancelled one", "079085000017"],
    ["in a loop", "079085000014"],
    ["replaced", "079085000010"],
    ["of a living person", "079085000012"],
    ["nobody has", "079085000099"],
    ["with stray characters", "079 085 000 012"],
    ["with stray characters, replaced", "079 085 000 010"],
  ])("is told of a number %s", (_what, number) => {
    const [read] = identify([["ĐỖ VĂN CON", child, "nam", number]], register);
    expect(read).toContain("citizen-id.guardian");
  });

  it("is not told of a number that was replaced because its year was wrong", () => {
    const [read] = identify([["LÝ CỤ", "09/08/1940", "nam", "079085000024"]], register);
    expect(read).toBe(
      "079040000018 | repaired | equal | equal | equal | citizen-id.replaced register.number-cancelled register.deceased",
    );
  });

  it("is told without a register too", () => {
    const [read] = identify([["ĐỖ VĂN CON", child, "nam", "079085000012"]], null);
    expect(read).toBe(`${nobody} citizen-id.guardian register.not-consulted`);
  });
});

describe("a candidate that the default policy does not take for proven", () => {
  it("is told with all that a laxer policy may take from it", () => {
    const [read = ""] = identify([["NguyÔn V¨n An", "01/05/1985", "", "079 085 000 023"]], register);
    expect(sortFindings(read)).toBe(
      sortFindings(
        "079085000023 | repaired | repaired | swapped | equal | citizen-id.characters citizen-id.separators name.punctuation name.tcvn3 sex.blank sex.filled-from-id",
      ),
    );
  });
});

describe("identification without the register's rows", () => {
  /** Tells of any question. */
  const refuse = (): never => {
    throw new Error("asked");
  };
  const silent = (): Register => ({
    index: register.index,
    reader: { ...register.reader, people: refuse, fullNames: refuse, slotsByOldNumber: refuse },
  });

  it.each<[what: string, row: Row]>([
    ["a damaged number of a person with that name", ["LÊ THỊ LAN", "03/02/1985", "nữ", "079 185 000 001"]],
    ["a damaged number of somebody else", ["LÊ VĂN MỘT", "03/02/1985", "nữ", "079 185 000 001"]],
    ["a damaged number, and no mark in the name", ["LE THI LAN", "03/02/1985", "nữ", "079 185 000 001"]],
    ["other marks, and a mark in every syllable", ["TRẦN VĂN HỎA", "04/03/1985", "nam", "079085000002"]],
    ["a number that nobody has", ["TRẦN VĂN HÒA", "04/03/1985", "nam", "079 085 000 099"]],
  ])("suffices for %s", (_what, row) => {
    expect(identify([row], silent())).toEqual(identify([row], register));
  });

  it.each<[what: string, row: Row]>([
    ["a name of bare and marked syllables", ["LÊ THI LAN", "03/02/1985", "nữ", "079185000001"]],
    ["such a name under a damaged number", ["LÊ THI LAN", "03/02/1985", "nữ", "079 185 000 001"]],
    ["a number that was replaced", ["ĐỖ VĂN CƯỜNG", "07/06/1985", "nam", "079085000010"]],
    ["an old number", ["PHẠM AN", "05/04/1986", "nam", "333444555"]],
  ])("does not for %s", (_what, row) => {
    expect(() => identify([row], silent())).toThrow("asked");
  });
});
