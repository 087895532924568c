import { dayNumber, isRealDate, partsOf, yearOf, yearsBetween } from "./calendar.js";
import { describeDigits } from "./citizen-id.js";
import { readDateText } from "./date-text.js";

export type BirthDateFinding =
  | "birth-date.blank"
  | "birth-date.impossible"
  | "birth-date.year-only"
  | "birth-date.first-of-january"
  | "birth-date.excel-serial"
  | "birth-date.two-digit-year"
  | "birth-date.day-month-swapped";

/** A birth date as the record or the register holds it; `day` is 1 January when only the year is known. */
export interface BirthDate {
  /** Days since 1970-01-01; null when blank or impossible. */
  readonly day: number | null;
  readonly isYearOnly: boolean;
}

export interface BirthDateReading extends BirthDate {
  readonly findings: readonly BirthDateFinding[];
}

export type BirthDateLevel =
  | "equal"
  | "year-only"
  | "record-year-only"
  | "swapped"
  | "first-of-january"
  | "different"
  | "not-compared";

/**
 * Reads a birth date; impossible is what cannot be read, what the calendar does not have, and what lies after
 * `asOfDay` or more than `maxAgeYears` before it. A two-digit year needs a 12-digit number that agrees. Total.
 */
export function readBirthDate(
  text: string,
  {
    citizenNumber,
    asOfDay,
    maxAgeYears,
  }: { readonly citizenNumber: string | null; readonly asOfDay: number; readonly maxAgeYears: number },
): BirthDateReading {
  const reading = readDateText(text);
  switch (reading.kind) {
    case "blank":
      return { day: null, isYearOnly: false, findings: ["birth-date.blank"] };
    case "year": {
      const age = yearOf(asOfDay) - reading.year;
      if (reading.year < 1 || age < 0 || age > maxAgeYears) return impossible;
      return { day: dayNumber(reading.year, 1, 1), isYearOnly: true, findings: ["birth-date.year-only"] };
    }
    case "date":
      return checkDay(reading.day, []);
    case "serial":
      return checkDay(reading.day, ["birth-date.excel-serial"]);
    case "two-digit-year": {
      const year = findBirthYear(reading.yearOfCentury, citizenNumber);
      if (year === null || !isRealDate(year, reading.month, reading.dayOfMonth)) return impossible;
      return checkDay(dayNumber(year, reading.month, reading.dayOfMonth), ["birth-date.two-digit-year"]);
    }
    case "impossible":
      return reading.swappedDay !== null && isPossible(reading.swappedDay) ? swapped : impossible;
    default:
      return impossible;
  }

  function checkDay(day: number, findings: readonly BirthDateFinding[]): BirthDateReading {
    if (!isPossible(day)) return impossible;
    const { month, day: dayOfMonth } = partsOf(day);
    const isFirstOfJanuary = month === 1 && dayOfMonth === 1;
    return {
      day,
      isYearOnly: false,
      findings: isFirstOfJanuary ? [...findings, "birth-date.first-of-january"] : findings,
    };
  }

  function isPossible(day: number): boolean {
    return day <= asOfDay && !isOlderThan(day, maxAgeYears, asOfDay);
  }
}

/** Compares a record's birth date with the register's; only `equal` and `year-only` authenticate by default. */
export function compareBirthDates(record: BirthDate, register: BirthDate): BirthDateLevel {
  if (record.day === null || register.day === null) return "not-compared";
  if (record.isYearOnly || register.isYearOnly) {
    if (yearOf(record.day) !== yearOf(register.day)) return "different";
    return register.isYearOnly ? "year-only" : "record-year-only";
  }
  if (record.day === register.day) return "equal";
  const left = partsOf(record.day);
  const right = partsOf(register.day);
  if (left.year !== right.year) return "different";
  if (left.month === 1 && left.day === 1) return "first-of-january";
  return left.month === right.day && left.day === right.month ? "swapped" : "different";
}

const impossible: BirthDateReading = {
  day: null,
  isYearOnly: false,
  findings: ["birth-date.impossible"],
};
const swapped: BirthDateReading = {
  ...impossible,
  findings: ["birth-date.impossible", "birth-date.day-month-swapped"],
};

/** The full year when digits 5-6 of the number are this year of the century, so that digit 4 settles the century. */
function findBirthYear(yearOfCentury: number, citizenNumber: string | null): number | null {
  if (citizenNumber === null || !/^\d{12}$/.test(citizenNumber)) return null;
  const { birthYear } = describeDigits(citizenNumber);
  return birthYear % 100 === yearOfCentury ? birthYear : null;
}

/** Born before the day `years` before `asOfDay`; that day itself is allowed. */
function isOlderThan(day: number, years: number, asOfDay: number): boolean {
  const age = yearsBetween(day, asOfDay);
  return age > years || (age === years && yearsBetween(day, asOfDay - 1) === years);
}
