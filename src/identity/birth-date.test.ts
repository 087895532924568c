import { describe, expect, it } from "vitest";
import { type BirthDate, compareBirthDates, readBirthDate } from "./birth-date.js";
import { dayNumber, isoDate } from "./calendar.js";

const asOfDay = dayNumber(2026, 11, 23);

function read(text: string, citizenNumber: string | null = null): [string | null, boolean, ...string[]] {
  const { day, isYearOnly, findings } = readBirthDate(text, { citizenNumber, asOfDay, maxAgeYears: 120 });
  return [
    day === null ? null : isoDate(day),
    isYearOnly,
    ...findings.map((id) => id.replace("birth-date.", "")),
  ];
}

describe("readBirthDate(text, context)", () => {
  it.each<[string, string | null, ...string[]]>([
    ["08/03/1990", "1990-03-08"],
    ["01/01/1990", "1990-01-01", "first-of-january"],
    ["33245", "1991-01-07", "excel-serial"],
    ["32874", "1990-01-01", "excel-serial", "first-of-january"],
    ["23/11/2026", "2026-11-23"],
    ["24/11/2026", null, "impossible"],
    ["23/11/1906", "1906-11-23"],
    ["22/11/1906", null, "impossible"],
    ["31/02/1990", null, "impossible"],
    ["02/31/1990", null, "impossible"],
    ["03/15/1990", null, "impossible", "day-month-swapped"],
    ["1990-15-03", null, "impossible", "day-month-swapped"],
    ["11/24/2026", null, "impossible"],
    ["99999", null, "impossible"],
    ["không rõ", null, "impossible"],
    ["08/03/90", null, "impossible"],
    ["", null, "blank"],
  ])("%j", (text, iso, ...findings) => {
    expect(read(text)).toEqual([iso, false, ...findings]);
  });

  it.each([
    ["1950", "1950-01-01", true, "year-only"],
    ["2026", "2026-01-01", true, "year-only"],
    ["1906", "1906-01-01", true, "year-only"],
    ["2027", null, false, "impossible"],
    ["1905", null, false, "impossible"],
    ["0000", null, false, "impossible"],
  ])("reads %s as a year", (text, iso, isYearOnly, finding) => {
    expect(read(text)).toEqual([iso, isYearOnly, finding]);
  });

  it.each([
    ["08/03/90", "001190012345", "1990-03-08", "two-digit-year"],
    ["08/03/03", "079203012345", "2003-03-08", "two-digit-year"],
    ["01/01/03", "079203012345", "2003-01-01", "two-digit-year", "first-of-january"],
    ["08/03/91", "001190012345", null, "impossible"],
    ["31/02/90", "001190012345", null, "impossible"],
    ["08/03/03", "079403012345", null, "impossible"], // 2103
    ["08/03/90", "012345678", null, "impossible"],
  ])("settles the century of %s by the number %s", (text, number, iso, ...findings) => {
    expect(read(text, number)).toEqual([iso, false, ...findings]);
  });
});

describe("compareBirthDates(record, register)", () => {
  const full = (year: number, month: number, day: number): BirthDate => ({
    day: dayNumber(year, month, day),
    isYearOnly: false,
  });
  const yearOnly = (year: number): BirthDate => ({ day: dayNumber(year, 1, 1), isYearOnly: true });
  const none: BirthDate = { day: null, isYearOnly: false };

  it.each([
    ["equal", full(1990, 3, 8), full(1990, 3, 8)],
    ["equal", full(1990, 1, 1), full(1990, 1, 1)],
    ["year-only", full(1990, 3, 8), yearOnly(1990)],
    ["year-only", yearOnly(1990), yearOnly(1990)],
    ["different", full(1991, 3, 8), yearOnly(1990)],
    ["record-year-only", yearOnly(1990), full(1990, 3, 8)],
    ["record-year-only", yearOnly(1990), full(1990, 1, 1)],
    ["different", yearOnly(1991), full(1990, 3, 8)],
    ["swapped", full(1990, 8, 3), full(1990, 3, 8)],
    ["different", full(1991, 8, 3), full(1990, 3, 8)],
    ["first-of-january", full(1990, 1, 1), full(1990, 3, 8)],
    ["different", full(1990, 3, 8), full(1990, 1, 1)],
    ["different", full(1990, 3, 9), full(1990, 3, 8)],
    ["not-compared", none, full(1990, 3, 8)],
    ["not-compared", full(1990, 3, 8), none],
  ] as const)("%s", (level, record, register) => {
    expect(compareBirthDates(record, register)).toBe(level);
  });
});
