/** Days in the proleptic Gregorian calendar, as whole numbers since 1970-01-01; no time zone anywhere. */

const daysPerEra = 146_097; // 400 years
const epochShift = 719_468; // days from 0000-03-01 to 1970-01-01

/** Days since 1970-01-01 of a date in the proleptic Gregorian calendar (negative before it); the date must be real. */
export function dayNumber(year: number, month: number, day: number): number {
  const shiftedYear = month <= 2 ? year - 1 : year; // years that begin in March end with the leap day
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * daysPerEra + dayOfEra - epochShift;
}

/** Year, month (1-12) and day (1-31) of a day number; the inverse of `dayNumber`. */
export function partsOf(day: number): { year: number; month: number; day: number } {
  const shifted = day + epochShift;
  const era = Math.floor(shifted / daysPerEra);
  const dayOfEra = shifted - era * daysPerEra;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}

/** Whether the calendar has this date; years 1 to 9999, whole numbers only. */
export function isRealDate(year: number, month: number, day: number): boolean {
  if (!Number.isInteger(year) || !Number.isInteger(month) || !Number.isInteger(day)) return false;
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
  return day <= daysInMonth(year, month);
}

/** `yyyy-mm-dd` of a day number. */
export function isoDate(day: number): string {
  const parts = partsOf(day);
  return `${pad(parts.year, 4)}-${pad(parts.month, 2)}-${pad(parts.day, 2)}`;
}

/** Calendar year of a day number. */
export function yearOf(day: number): number {
  return partsOf(day).year;
}

/** Whole years from one day to a later one, as a person's age is counted (29 February: on 1 March); negative when `to` is before `from`. */
export function yearsBetween(from: number, to: number): number {
  const start = partsOf(from);
  const end = partsOf(to);
  const isBeforeAnniversary = end.month < start.month || (end.month === start.month && end.day < start.day);
  return end.year - start.year - (isBeforeAnniversary ? 1 : 0);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
