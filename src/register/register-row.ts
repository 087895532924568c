import { hashName, nameFlags } from "../identity/name-hash.js";
import { readName } from "../identity/person-name.js";
import type { PersonStatus } from "./person.js";
import { personStatuses } from "./person.js";
import type { RegisterRow } from "./register-csv.js";

/** Why a row of the register cannot describe a person. */
export const rowDefects = {
  structure: "another number of cells than the header",
  "citizen-id": "citizen_id is not 12 digits",
  place: "citizen_id begins with an unknown place code",
  name: "no name",
  "birth-date": "impossible birth_date",
  sex: "sex is not in the coding",
  status: "unknown status",
  "replaced-by": "replaced, but replaced_by is not 12 digits",
  text: "control characters or undecodable bytes",
} as const;

export type RowDefect = keyof typeof rowDefects;

/** How a register writes sex; compared without case, marks and outer spaces. */
export interface SexCoding {
  readonly male: readonly string[];
  readonly female: readonly string[];
}

export const defaultSexCoding: SexCoding = { male: ["M", "Nam"], female: ["F", "Nữ"] };

/** What the index keeps of an accepted row, as numbers; a reader fills the same object again for each row. */
export interface RowNumbers {
  /** First and last six digits of the number. */
  high6: number;
  low6: number;
  /** Days since 1850-01-01; of 1 January when only the year is known. */
  birthDay: number;
  yearOnly: 0 | 1;
  sex: 0 | 1;
  /** Position in `personStatuses`. */
  status: number;
  markedHash: number;
  foldedHash: number;
}

/** One accepted row, as numbers and standard texts. */
export interface EncodedRow extends RowNumbers {
  fullName: string;
  /** `yyyy-mm-dd` or `yyyy`. */
  birthDate: string;
  legacyId: string;
  replacedBy: string;
  provinceCode: string;
  districtCode: string;
  wardCode: string;
}

/** 1850-01-01 as days since 1970-01-01: day 0 of the index. */
export const firstBirthDay = Date.UTC(1850, 0, 1) / 86_400_000;
/** 17 bits of days from 1850 reach into 2208; the build has no clock, so this is the only upper bound. */
export const lastBirthYear = 2199;

/** Names whose bytes may hash to something else than their standard form (combining marks: two tones on one letter). */
export const needsReading = nameFlags.other | nameFlags.empty | nameFlags.unicodeForm;

const unreadableText = /[\u0000-\u001f\u007f\ufffd]/;

/** Makes the reader of register rows: it fills `into` and returns null, or returns what makes the row impossible. */
export function createRowReader({
  placeCodes,
  sexCoding,
}: {
  placeCodes: ReadonlySet<string>;
  sexCoding: SexCoding;
}): (row: RegisterRow, into: EncodedRow) => RowDefect | null {
  const sexes = new Map<string, 0 | 1>();
  for (const text of sexCoding.male) sexes.set(foldText(text), 0);
  for (const text of sexCoding.female) sexes.set(foldText(text), 1);
  const readSex = memoize((text) => sexes.get(foldText(text)));
  const readStatus = memoize((text) => {
    const position = personStatuses.indexOf(text.trim().toLowerCase() as PersonStatus);
    return position < 0 ? undefined : position;
  });
  const hash = createNameHasher();

  return (row, into) => {
    const citizenId = row.citizen_id.trim();
    if (!isTwelveDigits(citizenId)) return "citizen-id";
    if (!placeCodes.has(citizenId.slice(0, 3))) return "place";
    into.high6 = Number(citizenId.slice(0, 6));
    into.low6 = Number(citizenId.slice(6));

    if (!readBirthDate(row.birth_date.trim(), into)) return "birth-date";
    const sex = readSex(row.sex);
    if (sex === undefined) return "sex";
    into.sex = sex;
    const status = readStatus(row.status);
    if (status === undefined) return "status";
    into.status = status;
    into.replacedBy = row.replaced_by.trim();
    if (personStatuses[status] === "replaced" && !isTwelveDigits(into.replacedBy)) return "replaced-by";

    into.fullName = row.full_name.trim();
    into.legacyId = row.legacy_id.trim();
    into.provinceCode = row.province_code.trim();
    into.districtCode = row.district_code.trim();
    into.wardCode = row.ward_code.trim();
    if (
      unreadableText.test(into.fullName) ||
      unreadableText.test(into.legacyId) ||
      unreadableText.test(into.replacedBy) ||
      unreadableText.test(into.provinceCode) ||
      unreadableText.test(into.districtCode) ||
      unreadableText.test(into.wardCode)
    ) {
      return "text";
    }
    return hash(into) ? null : "name";
  };
}

/** A fresh object for the row reader to fill. */
export function createEncodedRow(): EncodedRow {
  return {
    high6: 0,
    low6: 0,
    birthDay: 0,
    yearOnly: 0,
    sex: 0,
    status: 0,
    markedHash: 0,
    foldedHash: 0,
    fullName: "",
    birthDate: "",
    legacyId: "",
    replacedBy: "",
    provinceCode: "",
    districtCode: "",
    wardCode: "",
  };
}

/**
 * Makes the function that hashes the standard form of a row's name; it returns false when no name is left. The bytes
 * of most names have the standard form's hashes already (`hashName` says when not), so few pay for `readName`.
 */
export function createNameHasher(): (
  row: Pick<EncodedRow, "fullName" | "markedHash" | "foldedHash">,
) => boolean {
  let bytes = Buffer.allocUnsafe(1024);
  const out = { marked: 0, folded: 0, flags: 0 };
  const hashText = (text: string): void => {
    // A UTF-16 unit takes at most three bytes.
    if (text.length * 3 > bytes.length) bytes = Buffer.allocUnsafe(text.length * 3);
    hashName(bytes, 0, bytes.write(text, "utf8"), out);
  };
  return (row) => {
    hashText(row.fullName);
    if ((out.flags & needsReading) !== 0) {
      const { standard } = readName(row.fullName);
      if (standard === "") return false;
      hashText(standard);
    }
    row.markedHash = out.marked | 0;
    row.foldedHash = out.folded | 0;
    return true;
  };
}

function isTwelveDigits(text: string): boolean {
  return text.length === 12 && readDigits(text, 0, 12) >= 0;
}

/** The number written in `text` from `start` to `end`, -1 when a character is no ASCII digit. */
function readDigits(text: string, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function readBirthDate(text: string, into: EncodedRow): boolean {
  const dashed = text.length === 10 && text[4] === "-" && text[7] === "-";
  if (!dashed && text.length !== 8 && text.length !== 4) return false;
  const year = readDigits(text, 0, 4);
  if (year < 1850 || year > lastBirthYear) return false;
  if (text.length === 4) {
    into.birthDay = countDays(year, 1, 1);
    into.yearOnly = 1;
    into.birthDate = text;
    return true;
  }
  const month = dashed ? readDigits(text, 5, 7) : readDigits(text, 4, 6);
  const day = dashed ? readDigits(text, 8, 10) : readDigits(text, 6, 8);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return false;
  into.birthDay = countDays(year, month, day);
  into.yearOnly = 0;
  into.birthDate = dashed ? text : `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
  return true;
}

/** Days from 1850-01-01 to a date of the calendar. */
export function countDays(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / 86_400_000 - firstBirthDay;
}

/** Days of a month of the Gregorian calendar. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function foldText(text: string): string {
  return text.trim().normalize("NFD").replace(/\p{M}/gu, "").replace(/[Đđ]/g, "d").toLowerCase();
}

/** Remembers answers for the few texts a coded column holds; bounded, for a column that turns out to hold anything. */
function memoize<T>(read: (text: string) => T | undefined): (text: string) => T | undefined {
  const known = new Map<string, T | undefined>();
  return (text) => {
    if (known.has(text)) return known.get(text);
    const answer = read(text);
    if (known.size < 1000) known.set(text, answer);
    return answer;
  };
}
