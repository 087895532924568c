import { tidyAll } from "./cell-text.js";

export type Parts = readonly [year: number, month: number, day: number];

/** A date cell by docs/rules.md: its day; the year and the two last digits stand apart where only they are written. */
export type CellDate =
  | { readonly kind: "day"; readonly parts: Parts }
  | { readonly kind: "year"; readonly year: number }
  | { readonly kind: "short-year"; readonly parts: Parts }
  | { readonly kind: "none" };

const none: CellDate = { kind: "none" };

/** Day first, year first, eight digits, a year, a spreadsheet's serial number, or a year of two digits. */
export function readCellDate(cell: string): CellDate {
  const whole = tidyAll(cell);
  if (whole.length > 64) return none;
  const text = whole.replace(/(?: +|T)0?0:00(?::00(?:\.0+)?)?Z?$/, "");
  const dayFirst = /^(\d{1,2})([-/. ])(\d{1,2})\2(\d\d|\d{4})$/.exec(text)?.map(Number);
  if (dayFirst !== undefined) {
    const [, day = 0, , month = 0, year = 0] = dayFirst;
    return /\d{4}$/.test(text) && !/[-/. ]\d\d$/.test(text)
      ? asDay([year, month, day])
      : { kind: "short-year", parts: [year, month, day] };
  }
  const yearFirst = (
    /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})$/.exec(text) ?? /^(\d{4})()(\d\d)(\d\d)$/.exec(text)
  )?.map(Number);
  if (yearFirst !== undefined) return asDay([yearFirst[1] ?? 0, yearFirst[3] ?? 0, yearFirst[4] ?? 0]);
  if (/^\d{4}$/.test(whole)) return { kind: "year", year: Number(whole) };
  // Day 1 of the spreadsheet is 1 January 1900, and it believes in 29 February 1900.
  if (/^[1-9]\d{4}$/.test(whole)) {
    const date = new Date(Date.UTC(1899, 11, 30) + Number(whole) * 86_400_000);
    return { kind: "day", parts: [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()] };
  }
  return none;
}

/** The day when the calendar has it. */
export function asDay([year, month, day]: Parts): CellDate {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isReal = year > 0 && month > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal ? { kind: "day", parts: [year, month, day] } : none;
}

/** Whole years from one day to another; a birthday counts on its day. */
export function yearsBetween(from: Parts, to: Parts): number {
  const hasHadBirthday = from[1] < to[1] || (from[1] === to[1] && from[2] <= to[2]);
  return to[0] - from[0] - (hasHadBirthday ? 0 : 1);
}

/** The parts of yyyy-mm-dd. */
export function partsOfIso(text: string): Parts {
  const [year = 0, month = 0, day = 0] = text.split("-").map(Number);
  return [year, month, day];
}
