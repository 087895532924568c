import { noDay, noVaccine } from "../assess/assessment.js";
import { isoDate } from "../identity/calendar.js";
import { codeCatalogue } from "../judge/code-catalogue.js";
import type { Judge } from "../judge/judge-record.js";
import type { Tables } from "../pipeline/tables.js";
import type { Dimension, DimensionRow, Metrics, Tally } from "../report/metrics.js";
import type { Vaccine } from "../vaccination/vaccine.js";
import type { Reconciliation } from "./reconcile.js";
import type { RunTable } from "./run-table.js";

export interface CountOptions {
  readonly table: RunTable;
  readonly judge: Judge;
  readonly reconciliation: Reconciliation;
  readonly dimensions: readonly Dimension[];
  readonly sourceNames: readonly string[];
  readonly tables: Tables;
  readonly vaccines: readonly Vaccine[];
}

/** The counted part of the metrics. */
export type Counts = Pick<Metrics, "doses" | "people" | "dimensions" | "findings">;

/** Label of what a row did not say. */
const notGiven = "(không ghi)";
/** Label of what is in no table. */
const notRecognised = "(không nhận ra)";

/** A dimension's value by record, as small numbers, and what they stand for. */
interface ValueColumn {
  readonly dimension: Dimension;
  valueAt(record: number): number;
  readonly values: readonly { readonly key: string; readonly label: string }[];
}

/**
 * Counts records and people by code, in all and for each value of each dimension. A person's code is the worst of
 * their records' (for a value: of their records with that value), so each person is in exactly one code.
 */
export function countMetrics(options: CountOptions): Counts {
  const { table, judge, reconciliation } = options;
  const codes = codeCatalogue.length;
  const codeOf = Uint8Array.from(judge.verdicts, ({ code }) => codeCatalogue.indexOf(code));
  const badnessOf = Float64Array.from(judge.verdicts, ({ badness }) => badness);
  const columns = options.dimensions.map((dimension) => createValueColumn(dimension, options));
  const doses = columns.map(({ values }) => new Float64Array(values.length * codes));
  const people = columns.map(({ values }) => new Float64Array(values.length * codes));
  const allDoses = new Float64Array(codes);
  const allPeople = new Float64Array(codes);
  const byVerdict = new Float64Array(judge.verdicts.length);
  const { verdicts } = reconciliation;
  const { groups, starts, members } = reconciliation.people;

  const group: number[] = [];
  const values: number[] = [];
  for (let person = 0; person < groups; person++) {
    group.length = 0;
    const end = starts[person + 1] as number;
    for (let at = starts[person] as number; at < end; at++) group.push(members[at] as number);
    let worst = -1;
    for (const record of group) {
      const verdict = verdicts[record] as number;
      increment(byVerdict, verdict);
      increment(allDoses, codeOf[verdict] as number);
      worst = worseOf(worst, verdict, badnessOf);
    }
    increment(allPeople, codeOf[worst] as number);

    for (const [position, column] of columns.entries()) {
      const doseTally = doses[position] as Float64Array;
      const peopleTally = people[position] as Float64Array;
      values.length = 0;
      for (const record of group) values.push(column.valueAt(record));
      for (const [member, value] of values.entries()) {
        increment(doseTally, value * codes + (codeOf[verdicts[group[member] as number] as number] as number));
        if (values.indexOf(value) < member) continue;
        let worstHere = -1;
        for (let other = member; other < values.length; other++) {
          if (values[other] === value)
            worstHere = worseOf(worstHere, verdicts[group[other] as number] as number, badnessOf);
        }
        increment(peopleTally, value * codes + (codeOf[worstHere] as number));
      }
    }
  }

  const dimensions: Partial<Record<Dimension, DimensionRow[]>> = {};
  for (const [position, { dimension, values: named }] of columns.entries()) {
    dimensions[dimension] = rowsOf(named, doses[position] as Float64Array, people[position] as Float64Array);
  }
  return {
    doses: tallyAt(allDoses, 0),
    people: tallyAt(allPeople, 0),
    dimensions,
    findings: countFindings(judge, byVerdict),
  };

  function rowsOf(
    named: ValueColumn["values"],
    doseTally: Float64Array,
    peopleTally: Float64Array,
  ): DimensionRow[] {
    return named
      .map(({ key, label }, value) => ({
        key,
        label,
        doses: tallyAt(doseTally, value * codes),
        people: tallyAt(peopleTally, value * codes),
      }))
      .filter((row) => row.doses.records > 0)
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  function createValueColumn(dimension: Dimension, from: CountOptions): ValueColumn {
    return valueColumns[dimension](table, from);
  }
}

function increment(counts: Float64Array, at: number): void {
  counts[at] = (counts[at] as number) + 1;
}

function worseOf(verdict: number, other: number, badnessOf: Float64Array): number {
  return verdict < 0 || (badnessOf[other] as number) > (badnessOf[verdict] as number) ? other : verdict;
}

function tallyAt(counts: Float64Array, from: number): Tally {
  const byCode: Record<string, number> = {};
  let records = 0;
  for (const [position, { code }] of codeCatalogue.entries()) {
    const count = counts[from + position] as number;
    if (count > 0) byCode[code] = count;
    records += count;
  }
  return { records, byCode };
}

function countFindings({ verdicts }: Judge, byVerdict: Float64Array): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { index, findings } of verdicts) {
    const count = byVerdict[index] as number;
    if (count > 0) for (const id of findings) counts.set(id, (counts.get(id) ?? 0) + count);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

type MakeColumn = (table: RunTable, options: CountOptions) => ValueColumn;

const valueColumns: Readonly<Record<Dimension, MakeColumn>> = {
  province: (table, options) => createPlaceColumn("province", 1, table, options),
  district: (table, options) => createPlaceColumn("district", 2, table, options),
  ward: (table, options) => createPlaceColumn("ward", 3, table, options),
  facility: ({ columns, facilities }) => ({
    dimension: "facility",
    values: facilities.map(([key, label]) => ({
      key,
      label: key === "?" ? notRecognised : label || notGiven,
    })),
    valueAt: (record) => columns.facility[record] as number,
  }),
  vaccine: ({ columns }, { vaccines }) => ({
    dimension: "vaccine",
    values: [
      ...vaccines.map(({ key, name }) => ({ key, label: name })),
      { key: "", label: "(không ghi hoặc không nhận ra)" },
    ],
    valueAt: (record) => {
      const vaccine = columns.vaccine[record] as number;
      return vaccine === noVaccine ? vaccines.length : vaccine;
    },
  }),
  month: ({ columns, records }) => createMonthColumn(columns.day, records),
  dose: ({ columns }) => ({
    dimension: "dose",
    values: Array.from({ length: 256 }, (_, dose) =>
      dose === 0 ? { key: "", label: notGiven } : { key: String(dose), label: `Mũi ${dose}` },
    ),
    valueAt: (record) => columns.dose[record] as number,
  }),
  file: ({ extents, records }, { sourceNames }) => {
    const sourceOf = new Uint16Array(records);
    for (const { source, first, records: count } of extents) sourceOf.fill(source, first, first + count);
    return {
      dimension: "file",
      values: sourceNames.map((name) => ({ key: name, label: name })),
      valueAt: (record) => sourceOf[record] as number,
    };
  },
};

function createMonthColumn(days: RunTable["columns"]["day"], records: number): ValueColumn {
  const values: { key: string; label: string }[] = [];
  const idByKey = new Map<string, number>();
  const idByDay = new Map<number, number>();
  const valueAt = (record: number): number => {
    const day = days[record] as number;
    let id = idByDay.get(day);
    if (id === undefined) {
      const key = day === noDay ? "" : isoDate(day).slice(0, 7);
      id = idByKey.get(key);
      if (id === undefined) {
        id = values.push({ key, label: key || notGiven }) - 1;
        idByKey.set(key, id);
      }
      idByDay.set(day, id);
    }
    return id;
  };
  // Every month is met before the counters are made.
  for (let record = 0; record < records; record++) valueAt(record);
  return { dimension: "month", values, valueAt };
}

/** Places to a depth: 1 province, 2 district, 3 ward; the key holds the codes from the province down. */
function createPlaceColumn(
  dimension: "province" | "district" | "ward",
  depth: number,
  { columns, places }: RunTable,
  { tables }: CountOptions,
): ValueColumn {
  const names = createPlaceNames(tables);
  const values: { key: string; label: string }[] = [];
  const idByKey = new Map<string, number>();
  const idByPlace = Uint32Array.from(places, (place) => {
    const key = place.slice(0, depth).join("/");
    let id = idByKey.get(key);
    if (id === undefined) {
      const label = place
        .slice(0, depth)
        .map((code, level) => (code === "" ? notGiven : (names[level]?.get(code) ?? notRecognised)))
        .reverse()
        .join(", ");
      id = values.push({ key: key.replaceAll("/", "") === "" ? "" : key, label }) - 1;
      idByKey.set(key, id);
    }
    return id;
  });
  return { dimension, values, valueAt: (record) => idByPlace[columns.place[record] as number] as number };
}

/** Names of provinces, districts and wards by code. */
function createPlaceNames({ provinces, wards }: Tables): readonly ReadonlyMap<string, string>[] {
  const districts = new Map<string, string>();
  const wardNames = new Map<string, string>();
  for (const [code, { ward, districtCode, district }] of wards) {
    districts.set(districtCode, district);
    wardNames.set(code, ward);
  }
  return [new Map(provinces.map(({ gsoCode, fullName }) => [gsoCode, fullName])), districts, wardNames];
}
