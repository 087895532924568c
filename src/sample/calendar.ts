/** A calendar date; month and day from 1. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Days since 1970-01-01 of a date of the Gregorian calendar. */
export function countDays(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The date of a day counted from 1970-01-01. */
export function readDay(days: number): CivilDate {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthIndex = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthIndex + 2) / 5) + 1;
  const month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

const firstDay = countDays(1900, 1, 1);
const yearCache: number[] = [];
const dmyCache: string[] = [];
const isoCache: string[] = [];

/** Digits of a number with leading zeros. */
export function padNumber(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

/** The year of a day; 1900 or later. */
export function readYear(days: number): number {
  const index = days - firstDay;
  const known = yearCache[index];
  if (known !== undefined) return known;
  const { year } = readDay(days);
  yearCache[index] = year;
  return year;
}

/** `dd/mm/yyyy`; a day of 1900 or later. */
export function formatDmy(days: number): string {
  const index = days - firstDay;
  const known = dmyCache[index];
  if (known !== undefined) return known;
  const { year, month, day } = readDay(days);
  const text = `${padNumber(day, 2)}/${padNumber(month, 2)}/${year}`;
  dmyCache[index] = text;
  return text;
}

/** `yyyy-mm-dd`; a day of 1900 or later. */
export function formatIso(days: number): string {
  const index = days - firstDay;
  const known = isoCache[index];
  if (known !== undefined) return known;
  const { year, month, day } = readDay(days);
  const text = `${year}-${padNumber(month, 2)}-${padNumber(day, 2)}`;
  isoCache[index] = text;
  return text;
}

/** Excel's number of a day, 1900 system, from 1900-03-01. */
export function toExcelSerial(days: number): number {
  return days + 25_569;
}
