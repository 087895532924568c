import { dayNumber, isRealDate } from "./calendar.js";
import { trimText } from "./fold-text.js";
import { isAscii } from "./text-traits.js";

/** What a date cell holds, before anybody asks whether the date makes sense for its column. */
export type DateText =
  | { readonly kind: "blank" }
  /** No known way of writing a date. */
  | { readonly kind: "unreadable" }
  /** A known way of writing it, but the calendar has no such day; `swappedDay`: the one it has with day and month exchanged. */
  | { readonly kind: "impossible"; readonly swappedDay: number | null }
  /** `day`: days since 1970-01-01. */
  | { readonly kind: "date"; readonly day: number }
  | { readonly kind: "year"; readonly year: number }
  /** `yearOfCentury`: 0-99; the day and month may still be impossible in the century that is chosen. */
  | {
      readonly kind: "two-digit-year";
      readonly dayOfMonth: number;
      readonly month: number;
      readonly yearOfCentury: number;
    }
  /** A spreadsheet's serial number (1900 system). */
  | { readonly kind: "serial"; readonly day: number };

/**
 * Reads dd/mm/yyyy (separators / - . or space), yyyy-mm-dd, yyyy/mm/dd, yyyymmdd, yyyy, a five-digit Excel serial and
 * dd/mm/yy; a time of 00:00 after a date is dropped. mm/dd is never guessed. Total.
 */
export function readDateText(text: string): DateText {
  const trimmed = stripInvisible(trimText(text));
  if (trimmed === "") return { kind: "blank" };
  if (trimmed.length > maxLength) return { kind: "unreadable" };
  const dateText = trimmed.replace(midnight, "");

  const dayFirst = /^(\d{1,2})([/.\- ])(\d{1,2})\2(\d{4}|\d{2})$/.exec(dateText);
  if (dayFirst) {
    const [, day, , month, year = ""] = dayFirst;
    if (year.length === 4) return readParts(Number(year), Number(month), Number(day));
    return {
      kind: "two-digit-year",
      dayOfMonth: Number(day),
      month: Number(month),
      yearOfCentury: Number(year),
    };
  }
  const yearFirst =
    /^(\d{4})([/-])(\d{1,2})\2(\d{1,2})$/.exec(dateText) ?? /^(\d{4})()(\d{2})(\d{2})$/.exec(dateText);
  if (yearFirst) return readParts(Number(yearFirst[1]), Number(yearFirst[3]), Number(yearFirst[4]));

  if (/^\d{4}$/.test(trimmed)) return { kind: "year", year: Number(trimmed) };
  if (/^[1-9]\d{4}$/.test(trimmed)) return { kind: "serial", day: Number(trimmed) - excelEpoch };
  return { kind: "unreadable" };
}

function stripInvisible(text: string): string {
  return isAscii(text) ? text : text.replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]+/gu, "");
}

/** Longer than any date with a time; keeps the patterns below in linear time on hostile cells. */
const maxLength = 64;

/** Serial of 1970-01-01; serials before 1900-03-01 (61) would be one off, five digits begin in 1927. */
const excelEpoch = 25_569;

/** `T00:00`, ` 00:00:00.000`, `T00:00:00Z`. */
const midnight = /(?: +|T)0?0:00(?::00(?:\.0+)?)?Z?$/;

function readParts(year: number, month: number, day: number): DateText {
  return isRealDate(year, month, day)
    ? { kind: "date", day: dayNumber(year, month, day) }
    : { kind: "impossible", swappedDay: isRealDate(year, day, month) ? dayNumber(year, day, month) : null };
}
