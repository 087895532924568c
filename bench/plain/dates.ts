import { tidy } from "./text.js";

/** A date cell: a day as yyyy-mm-dd (compares as text), a year, dd/mm with a two-digit year, or neither. */
export type DateCell =
  | { kind: "blank" | "bad"; isSerial?: never }
  | { kind: "day"; iso: string; isSerial?: true }
  | { kind: "year"; year: number; isSerial?: never }
  | { kind: "short"; day: number; month: number; year: number; isSerial?: never };

const plainDate = /^(\d{2})\/(\d{2})\/(\d{4})$/;
const dayFirst = /^(\d{1,2})([/\-. ])(\d{1,2})\2(\d{4}|\d{2})$/;
const yearFirst = /^(\d{4})([/-]?)(\d{1,2})\2(\d{1,2})$/;

/** Reads the ways of writing a date that docs/rules.md lists. */
export function readDate(cell: string): DateCell {
  const plain = plainDate.exec(cell);
  if (plain) return makeDay(Number(plain[3]), Number(plain[2]), Number(plain[1]));
  const text = tidy(cell).replace(/(?: +|T)0?0:00(?::00(?:\.0+)?)?Z?$/, "");
  if (text === "") return { kind: "blank" };
  const parts = dayFirst.exec(text);
  if (parts) {
    const [day, month, year] = [Number(parts[1]), Number(parts[3]), Number(parts[4])];
    return parts[4]?.length === 2 ? { kind: "short", day, month, year } : makeDay(year, month, day);
  }
  if (/^\d{4}$/.test(text)) return { kind: "year", year: Number(text) };
  if (/^[1-9]\d{4}$/.test(text)) {
    const date = new Date(Date.UTC(1899, 11, 30 + Number(text)));
    return { kind: "day", iso: date.toISOString().slice(0, 10), isSerial: true };
  }
  const iso = yearFirst.exec(text);
  if (iso && (iso[2] !== "" || text.length === 8))
    return makeDay(Number(iso[1]), Number(iso[3]), Number(iso[4]));
  return { kind: "bad" };
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function makeDay(year: number, month: number, day: number): DateCell {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const last = month === 2 && isLeap ? 29 : (monthDays[month - 1] ?? 0);
  if (day < 1 || day > last) return { kind: "bad" };
  const iso = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
  return { kind: "day", iso };
}

/** A birth date cell: `value` as the register writes it (yyyy-mm-dd or yyyy), or the code of what is wrong. */
export function readBirthDate(
  cell: string,
  citizenId: string | null,
  asOf: string,
): { value: string | null; code: "E21" | "E36" | null; isNormalised: boolean } {
  let date = readDate(cell);
  const isNormalised = date.kind === "short" || date.isSerial === true;
  if (date.kind === "blank") return { value: null, code: "E21", isNormalised: false };
  if (date.kind === "short" && citizenId !== null) {
    const century = 1900 + 100 * Math.floor(Number(citizenId[3]) / 2);
    if (Number(citizenId.slice(4, 6)) === date.year)
      date = makeDay(century + date.year, date.month, date.day);
  }
  const thisYear = Number(asOf.slice(0, 4));
  const oldest = `${thisYear - 120}${asOf.slice(4)}`;
  if (date.kind === "day" && date.iso <= asOf && date.iso >= oldest)
    return { value: date.iso, code: null, isNormalised };
  if (date.kind === "year" && date.year <= thisYear && date.year >= thisYear - 120)
    return { value: String(date.year), code: null, isNormalised: false };
  return { value: null, code: "E36", isNormalised: false };
}
