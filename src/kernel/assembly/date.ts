import { readDigits } from "./cell";

/** `noDay` in src/assess/assessment.ts. */
export const noDay: i32 = i32.MIN_VALUE;

const slash: u8 = 0x2f;
const dash: u8 = 0x2d;

/**
 * Days since 1970-01-01 of a text that is exactly `dd/mm/yyyy` or `yyyy-mm-dd` and a real date of 1800 to 2199; `noDay`
 * means: ask the rule that knows every form.
 */
export function readPlainDate(start: usize, end: usize): i32 {
  if (end - start !== 10) return noDay;
  let year: i32;
  let month: i32;
  let day: i32;
  if (load<u8>(start + 2) === slash && load<u8>(start + 5) === slash) {
    day = readDigits(start, 2);
    month = readDigits(start + 3, 2);
    year = readDigits(start + 6, 4);
  } else if (load<u8>(start + 4) === dash && load<u8>(start + 7) === dash) {
    year = readDigits(start, 4);
    month = readDigits(start + 5, 2);
    day = readDigits(start + 8, 2);
  } else return noDay;
  if (year < 1800 || year > 2199 || month < 1 || month > 12 || day < 1) return noDay;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day > daysOf(month, isLeap)) return noDay;
  const before = year - 1;
  const leapDays = before / 4 - before / 100 + before / 400;
  return before * 365 + leapDays + daysBefore(month) + day + (isLeap && month > 2 ? 1 : 0) - 719_163;
}

/** Whether a text that was read as a date is written `dd/mm/yyyy` or `yyyy-mm-dd`. */
export function hasPlainDateForm(start: usize, end: usize): bool {
  if (end - start !== 10) return false;
  if (load<u8>(start + 2) === slash) return load<u8>(start + 5) === slash;
  return load<u8>(start + 4) === dash && load<u8>(start + 7) === dash;
}

/** Whether a text that is a plain date is 1 January. */
export function isFirstOfJanuary(start: usize): bool {
  const from = load<u8>(start + 2) === slash ? start : start + 5;
  return readDigits(from, 2) === 1 && readDigits(from + 3, 2) === 1;
}

function daysOf(month: i32, isLeap: bool): i32 {
  if (month === 2) return isLeap ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days of a common year before a month: months of 30 and 31 days alternate but for August, and February is short. */
function daysBefore(month: i32): i32 {
  return (367 * month - 362) / 12 - (month > 2 ? 2 : 0);
}
