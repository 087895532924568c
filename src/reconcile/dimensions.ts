import { noDay, noVaccine } from "../assess/assessment.js";
import type { Facility, Place } from "../assess/shard-lists.js";
import { isoDate } from "../identity/calendar.js";
import type { Tables } from "../pipeline/tables.js";
import { notGiven, notGivenOrRecognised, notRecognised } from "../report/absent-labels.js";
import type { Dimension } from "../report/metrics.js";
import type { Vaccine } from "../vaccination/vaccine.js";
import { lookUp } from "./look-up.js";
import {
  describeAge,
  describeBirthplace,
  describeSex,
  numberRegions,
  numberTraits,
} from "./person-dimensions.js";
import type { RunTable } from "./run-table.js";

/** What gives the values of a run's dimensions their numbers and their names. */
export interface DimensionSource {
  readonly places: readonly Place[];
  readonly facilities: readonly Facility[];
  readonly vaccines: readonly Vaccine[];
  readonly sourceNames: readonly string[];
}

/** A dimension's values as small numbers, the same for every table of a run. */
export interface DimensionValues {
  readonly dimension: Dimension;
  /** The value of each record of a table; a column of the table itself where there is one. */
  readonly valuesOf: (table: RunTable) => Uint32Array;
  /** Key and label of a value. */
  readonly describe: (value: number, tables: Tables) => { readonly key: string; readonly label: string };
}

/** Numbers the values of these dimensions. Months count from 1, which is January 1900; 0 is no date. */
export function numberValues(dimensions: readonly Dimension[], source: DimensionSource): DimensionValues[] {
  return dimensions.map((dimension) => makers[dimension](source));
}

const makers: Readonly<Record<Dimension, (source: DimensionSource) => DimensionValues>> = {
  province: ({ places }) => numberPlaces("province", 1, places),
  district: ({ places }) => numberPlaces("district", 2, places),
  ward: ({ places }) => numberPlaces("ward", 3, places),
  facility: ({ facilities }) => ({
    dimension: "facility",
    valuesOf: ({ columns }) => columns.facility,
    describe: (value) => {
      const [key, label] = facilities[value] as Facility;
      return { key, label: key === "?" ? notRecognised : label || notGiven };
    },
  }),
  vaccine: ({ vaccines }) => ({
    dimension: "vaccine",
    valuesOf: ({ columns }) =>
      lookUp(
        columns.vaccine,
        Uint32Array.from({ length: 256 }, (_, vaccine) =>
          vaccine === noVaccine ? vaccines.length : vaccine,
        ),
      ),
    describe: (value) => {
      const vaccine = vaccines[value];
      return vaccine === undefined
        ? { key: "", label: notGivenOrRecognised }
        : { key: vaccine.key, label: vaccine.name };
    },
  }),
  month: () => ({
    dimension: "month",
    valuesOf: ({ columns, records }) => readMonths(columns.day, records),
    describe: describeMonth,
  }),
  dose: () => ({
    dimension: "dose",
    valuesOf: ({ columns }) => new Uint32Array(columns.dose),
    describe: (dose) =>
      dose === 0 ? { key: "", label: notGiven } : { key: String(dose), label: `Mũi ${dose}` },
  }),
  age: () => numberTraits("age", ({ ageBand }) => ageBand, describeAge),
  sex: () => numberTraits("sex", ({ sex }) => sex, describeSex),
  region: ({ places }) => numberRegions(places),
  abroad: () => numberTraits("abroad", ({ birthplace }) => birthplace, describeBirthplace),
  file: ({ sourceNames }) => ({
    dimension: "file",
    valuesOf: ({ extents, records }) => {
      const sourceOf = new Uint32Array(records);
      for (const { source, first, records: count } of extents) sourceOf.fill(source, first, first + count);
      return sourceOf;
    },
    describe: (value) => ({ key: sourceNames[value] as string, label: sourceNames[value] as string }),
  }),
};

function readMonths(days: Int32Array, records: number): Uint32Array {
  const byDay = new Map<number, number>([[noDay, 0]]);
  const months = new Uint32Array(records);
  for (let record = 0; record < records; record++) {
    const day = days[record] as number;
    let month = byDay.get(day);
    if (month === undefined) {
      const iso = isoDate(day);
      month = numberMonth(Number(iso.slice(0, 4)), Number(iso.slice(5, 7)));
      byDay.set(day, month);
    }
    months[record] = month;
  }
  return months;
}

/** Usual months have small numbers; those before 1900 come after the year 9999. */
function numberMonth(year: number, month: number): number {
  return 12 * (year < firstYear ? year + allYears - firstYear : year - firstYear) + month;
}

const firstYear = 1900;
const allYears = 10_000;

function describeMonth(value: number): { key: string; label: string } {
  if (value === 0) return { key: "", label: notGiven };
  const years = Math.floor((value - 1) / 12);
  const year = (years + firstYear) % allYears;
  const key = `${String(year).padStart(4, "0")}-${String(value - 12 * years).padStart(2, "0")}`;
  return { key, label: key };
}

/** Places to a depth: 1 province, 2 district, 3 ward; the key holds the codes from the province down. */
function numberPlaces(
  dimension: "province" | "district" | "ward",
  depth: number,
  places: readonly Place[],
): DimensionValues {
  const values: (readonly string[])[] = [];
  const idByKey = new Map<string, number>();
  const idByPlace = Uint32Array.from(places, (place) => {
    const codes = place.slice(0, depth);
    const key = codes.join("/");
    let id = idByKey.get(key);
    if (id === undefined) {
      id = values.push(codes) - 1;
      idByKey.set(key, id);
    }
    return id;
  });
  return {
    dimension,
    valuesOf: ({ columns }) => lookUp(columns.place, idByPlace),
    describe: (value, tables) => {
      const codes = values[value] as readonly string[];
      const names = nameTables(tables);
      const label = codes
        .map((code, level) => (code === "" ? notGiven : (names[level]?.get(code) ?? notRecognised)))
        .reverse()
        .join(", ");
      return { key: codes.every((code) => code === "") ? "" : codes.join("/"), label };
    },
  };
}

const namesByTables = new WeakMap<Tables, readonly ReadonlyMap<string, string>[]>();

/** Names of provinces, districts and wards by code. */
function nameTables(tables: Tables): readonly ReadonlyMap<string, string>[] {
  const known = namesByTables.get(tables);
  if (known !== undefined) return known;
  const districts = new Map<string, string>();
  const wardNames = new Map<string, string>();
  for (const [code, { ward, districtCode, district }] of tables.wards) {
    districts.set(districtCode, district);
    wardNames.set(code, ward);
  }
  const provinces = new Map(tables.provinces.map(({ gsoCode, fullName }) => [gsoCode, fullName]));
  const names = [provinces, districts, wardNames];
  namesByTables.set(tables, names);
  return names;
}
