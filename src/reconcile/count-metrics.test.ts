import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createColumns, noDay, noVaccine } from "../assess/assessment.js";
import { packTraits } from "../assess/traits.js";
import { dayNumber } from "../identity/calendar.js";
import { packComparison } from "../judge/comparison.js";
import { addFinding, type FindingId, findingWords } from "../judge/findings.js";
import { createJudge, type Judge } from "../judge/judge-record.js";
import { loadPipeline } from "../pipeline/pipeline.js";
import { loadPolicy } from "../pipeline/policy.js";
import { loadTables } from "../pipeline/tables.js";
import type { Dimension, Tally } from "../report/metrics.js";
import { buildVaccineTable } from "../vaccination/vaccine.js";
import { countTable } from "./count-metrics.js";
import { numberValues } from "./dimensions.js";
import { type Reconciliation, reconcile } from "./reconcile.js";
import { type Counts, RunCounts } from "./run-counts.js";
import type { RunTable } from "./run-table.js";

const pipeline = loadPipeline("pipelines/covid19-vaccination.yaml");
const tables = loadTables(pipeline);
const { vaccines } = buildVaccineTable(tables.vaccines);
const policy = loadPolicy("pipelines/policies/scheme-06.yaml");
const dimensions: readonly Dimension[] = [
  "province",
  "district",
  "ward",
  "facility",
  "vaccine",
  "month",
  "dose",
  "age",
  "sex",
  "region",
  "abroad",
  "file",
];

/** Traits of people and the keys that they count at. */
const traits = [
  { age: "", sex: "", abroad: "", packed: packTraits({ ageBand: 0, sex: 0, birthplace: 0 }) },
  { age: "05-11", sex: "M", abroad: "no", packed: packTraits({ ageBand: 2, sex: 1, birthplace: 1 }) },
  { age: "80+", sex: "F", abroad: "yes", packed: packTraits({ ageBand: 9, sex: 2, birthplace: 2 }) },
] as const;

const places = [
  ["", "", ""],
  ["79", "", ""],
  ["79", "760", ""],
  ["79", "760", "26734"],
  ["01", "", ""],
  ["", "760", ""],
  ["Nơi Lạ", "", ""],
] as const;
const facilities = [
  ["", ""],
  ["79001", "Trạm A"],
  ["79002", "Trạm A"],
] as const;

interface Row {
  /** Person; 0 is a person of their own. */
  readonly who: number;
  readonly place: number;
  readonly facility: number;
  readonly vaccine: number;
  readonly day: number;
  readonly dose: number;
  readonly traits: number;
  readonly finding: FindingId | null;
}

interface Counted {
  readonly counts: Counts;
  readonly judge: Judge;
  readonly reconciliation: Reconciliation;
}

/** Records of two files: the first `firstFile` of one, the rest of another. Nobody is authenticated, so nothing changes across rows. */
function count(rows: readonly Row[], firstFile: number): Counted {
  const columns = createColumns(rows.length);
  for (const [record, row] of rows.entries()) {
    columns.slot[record] = -1;
    columns.person.set(row.who === 0 ? [0, 0] : [0x40000000, row.who], record * 2);
    columns.place[record] = row.place;
    columns.facility[record] = row.facility;
    columns.vaccine[record] = row.vaccine;
    columns.day[record] = row.day;
    columns.dose[record] = row.dose;
    columns.traits[record] = traits[row.traits]?.packed ?? 0;
    addFinding(columns.findings, record * findingWords, "register.not-consulted");
    if (row.finding !== null) addFinding(columns.findings, record * findingWords, row.finding);
  }
  const table: RunTable = {
    records: rows.length,
    columns,
    places: places.map((place) => [...place]),
    facilities: facilities.map((facility) => [...facility]),
    extents: [
      { source: 0, first: 0, records: firstFile },
      { source: 1, first: firstFile, records: rows.length - firstFile },
    ],
  };
  const judge = createJudge(policy);
  const reconciliation = reconcile(table, judge, vaccines);
  const numbered = numberValues(dimensions, { ...table, sourceNames: ["a.csv", "b.csv"], vaccines });
  const runCounts = new RunCounts(numbered);
  countTable({ table, judge, reconciliation }, runCounts);
  const counts = runCounts.describe(tables);
  return { counts, judge, reconciliation };
}

function keyOf(dimension: Dimension, row: Row, record: number, firstFile: number): string {
  const [province, district, ward] = places[row.place] as readonly [string, string, string];
  const joined = (parts: readonly string[]): string =>
    parts.every((part) => part === "") ? "" : parts.join("/");
  switch (dimension) {
    case "province":
      return province;
    case "district":
      return joined([province, district]);
    case "ward":
      return joined([province, district, ward]);
    case "facility":
      return facilities[row.facility]?.[0] as string;
    case "vaccine":
      return vaccines[row.vaccine]?.key ?? "";
    case "month":
      return row.day === noDay ? "" : row.day < dayNumber(2021, 8, 1) ? "2021-07" : "2021-08";
    case "dose":
      return row.dose === 0 ? "" : String(row.dose);
    case "age":
    case "sex":
    case "abroad":
      return traits[row.traits]?.[dimension] as string;
    case "region":
      return { "": "", "79": "southeast", "01": "red-river-delta" }[province] ?? "?";
    case "file":
      return record < firstFile ? "a.csv" : "b.csv";
  }
}

/** Counts by going through the records once for each question. */
function countNaively(rows: readonly Row[], firstFile: number, { judge, reconciliation }: Counted): unknown {
  const verdictOf = (record: number) => judge.verdicts[reconciliation.verdicts[record] as number];
  const tally = (codes: readonly string[]): Tally => {
    const byCode: Record<string, number> = {};
    for (const code of codes) byCode[code] = (byCode[code] ?? 0) + 1;
    return { records: codes.length, byCode };
  };
  const tallyBoth = (records: readonly number[]): { doses: Tally; people: Tally } => {
    const people = new Map<string, number[]>();
    for (const record of records) {
      const who = rows[record]?.who || `own ${record}`;
      people.set(String(who), [...(people.get(String(who)) ?? []), record]);
    }
    const worst = [...people.values()].map((own) => {
      const verdicts = own.map(verdictOf).sort((a, b) => (b?.badness ?? 0) - (a?.badness ?? 0));
      return verdicts[0]?.code.code as string;
    });
    return {
      doses: tally(records.map((record) => verdictOf(record)?.code.code as string)),
      people: tally(worst),
    };
  };
  const all = rows.map((_, record) => record);
  const byDimension = dimensions.map((dimension) => {
    const byKey = new Map<string, number[]>();
    for (const [record, row] of rows.entries()) {
      const key = keyOf(dimension, row, record, firstFile);
      byKey.set(key, [...(byKey.get(key) ?? []), record]);
    }
    const sorted = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1));
    return [dimension, sorted.map(([key, records]) => ({ key, ...tallyBoth(records) }))];
  });
  return { ...tallyBoth(all), dimensions: Object.fromEntries(byDimension) };
}

function withoutLabels({ doses, people, dimensions: counted }: Counts): unknown {
  const rows = Object.entries(counted).map(([dimension, list]) => [
    dimension,
    list.map(({ label: _, ...row }) => row),
  ]);
  return { doses, people, dimensions: Object.fromEntries(rows) };
}

describe("countTable(options, counts), RunCounts", () => {
  const row = fc.record({
    who: fc.nat(4),
    place: fc.nat(places.length - 1),
    facility: fc.nat(facilities.length - 1),
    vaccine: fc.constantFrom(0, 1, noVaccine),
    day: fc.constantFrom(noDay, dayNumber(2021, 7, 31), dayNumber(2021, 7, 1), dayNumber(2021, 8, 1)),
    dose: fc.nat(3),
    traits: fc.nat(traits.length - 1),
    finding: fc.constantFrom<FindingId | null>(
      null,
      "citizen-id.blank",
      "row.structure",
      "name.blank",
      "lot.blank",
    ),
  });

  it("counts doses and people as going through them one by one does", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), fc.nat(30), (rows, cut) => {
        const firstFile = Math.min(cut, rows.length);
        const counted = count(rows, firstFile);
        expect(withoutLabels(counted.counts)).toEqual(countNaively(rows, firstFile, counted));
      }),
      { numRuns: 200 },
    );
  });

  it("balances: each dimension's doses add up to all doses, and no value has more people than doses", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
        const { counts } = count(rows, rows.length);
        for (const list of Object.values(counts.dimensions)) {
          expect(list.reduce((sum, { doses }) => sum + doses.records, 0)).toBe(rows.length);
          for (const { doses, people } of list) expect(people.records).toBeLessThanOrEqual(doses.records);
        }
        expect(counts.findings["register.not-consulted"] ?? 0).toBe(rows.length);
      }),
      { numRuns: 50 },
    );
  });

  const plain: Row = {
    who: 1,
    place: 3,
    facility: 1,
    vaccine: 0,
    day: dayNumber(2021, 7, 1),
    dose: 1,
    traits: 1,
    finding: null,
  };

  it("counts a person once at each value, with the worst code of the records there", () => {
    const rows: Row[] = [
      { ...plain, finding: "citizen-id.blank" },
      { ...plain, place: 4, dose: 2 },
      { ...plain, place: 4, finding: "row.structure", dose: 3 },
    ];
    const { counts } = count(rows, 3);
    expect(counts.people).toEqual({ records: 1, byCode: { E10: 1 } });
    expect(counts.doses).toEqual({ records: 3, byCode: { E10: 1, E61: 1, X10: 1 } });
    expect(counts.dimensions.province).toEqual([
      {
        key: "01",
        label: "Thành phố Hà Nội",
        doses: { records: 2, byCode: { E10: 1, E61: 1 } },
        people: { records: 1, byCode: { E10: 1 } },
      },
      {
        key: "79",
        label: "Thành phố Hồ Chí Minh",
        doses: { records: 1, byCode: { X10: 1 } },
        people: { records: 1, byCode: { X10: 1 } },
      },
    ]);
  });

  it("counts a record that tells nobody as a person of its own", () => {
    const { counts } = count(
      [
        { ...plain, who: 0 },
        { ...plain, who: 0 },
      ],
      2,
    );
    expect(counts.people.records).toBe(2);
  });

  it("names each value, from the ward up", () => {
    const { counts } = count(
      [plain, { ...plain, place: 0, facility: 0, vaccine: noVaccine, day: noDay, dose: 0 }],
      2,
    );
    const labels = Object.entries(counts.dimensions).map(([dimension, list]) => [
      dimension,
      list.map(({ key, label }) => `${key}=${label}`),
    ]);
    expect(Object.fromEntries(labels)).toMatchObject({
      province: ["=(không ghi)", "79=Thành phố Hồ Chí Minh"],
      facility: ["=(không ghi)", "79001=Trạm A"],
      month: ["=(không ghi)", "2021-07=2021-07"],
      dose: ["=(không ghi)", "1=Mũi 1"],
      file: ["a.csv=a.csv"],
    });
    expect(counts.dimensions.ward?.at(-1)?.label).toMatch(/^.+, .+, Thành phố Hồ Chí Minh$/);
  });

  it("counts each finding once a record", () => {
    const { counts } = count(
      [{ ...plain, finding: "lot.blank" }, { ...plain, finding: "lot.blank" }, plain],
      3,
    );
    expect(counts.findings).toEqual({ "lot.blank": 2, "register.not-consulted": 3 });
  });

  it("counts nothing of nothing", () => {
    const { counts } = count([], 0);
    expect(counts.doses).toEqual({ records: 0, byCode: {} });
    expect(Object.values(counts.dimensions).flat()).toEqual([]);
  });

  it("counts a clean dose as clean", () => {
    const columns = createColumns(1);
    columns.slot[0] = 5;
    columns.dose[0] = 1;
    columns.comparison[0] = packComparison({ person: 1, name: 1, birthDate: 1, sex: 1 });
    const table: RunTable = {
      records: 1,
      columns,
      places: [["", "", ""]],
      facilities: [["", ""]],
      extents: [],
    };
    const judge = createJudge(policy);
    const reconciliation = reconcile(table, judge, vaccines);
    const runCounts = new RunCounts([]);
    countTable({ table, judge, reconciliation }, runCounts);
    const { doses, people } = runCounts.describe(tables);
    expect([doses.byCode, people.byCode]).toEqual([{ C1: 1 }, { C1: 1 }]);
  });
});
