import { partsOf } from "../identity/calendar.js";
import { type Person, personStatuses } from "./person.js";
import { firstBirthDay } from "./register-row.js";

/**
 * People are stored eight to a row of the table `people`: block b holds the slots 8b to 8b + 7, in order. `names` is
 * each name, `rest` what else is known of each person (the first two index words in eleven characters, then legacy_id,
 * replaced_by, province_code, district_code, ward_code with 0x1f between them), and after the k-th of either the byte
 * k + 1, its mark. No text holds such bytes: rows with control characters are refused before. So pieces of a block are
 * joined by appending, and SQL finds one person by the marks.
 */
export const blockBits = 3;
export const peoplePerBlock = 1 << blockBits;

/** Between the texts of a person, in a block and in the spool. */
export const textSeparator = 0x1f;
const separator = String.fromCharCode(textSeparator);
/** Characters of the index words in `rest`. */
const wordCharacters = 11;

/** SQL expression for the text at place `place` of the blob `column`. Only that leaves SQLite: a block's bytes would cost several times as much. */
export function selectAt(column: "names" | "rest", place: number): string {
  const mark = (k: number): string => `instr(${column}, x'${k.toString(16).padStart(2, "0")}')`;
  const start = place === 0 ? "1" : `${mark(place)} + 1`;
  const length = place === 0 ? `${mark(1)} - 1` : `${mark(place + 1)} - ${mark(place)} - 1`;
  return `CAST(substr(${column}, ${start}, ${length}) AS TEXT)`;
}

/** Writes the first two index words at `at` of `rest`, six bits a character from "0" on, and gives the offset after them. */
export function writeRestWords(rest: Uint8Array, at: number, w0: number, w1: number): number {
  for (let k = 0; k < 5; k++) rest[at + k] = 0x30 + ((w0 >>> (6 * k)) & 63);
  rest[at + 5] = 0x30 + ((w0 >>> 30) & 3);
  for (let k = 0; k < 5; k++) rest[at + 6 + k] = 0x30 + ((w1 >>> (6 * k)) & 63);
  return at + wordCharacters;
}

/** The person of `slot` from their texts, with a live slot only when they are live themselves; null when `rest` is no such text. */
export function readBlockPerson(slot: number, fullName: string, rest: string): Person | null {
  const texts = rest.slice(wordCharacters).split(separator);
  if (rest.length < wordCharacters || texts.length !== 5) return null;
  const w0 = (readWord(rest, 0, 5) | ((rest.charCodeAt(5) - 0x30) << 30)) >>> 0;
  const w1 = readWord(rest, 6, 5);
  const [legacyId, replacedBy, provinceCode, districtCode, wardCode] = texts;
  const status = (w1 >>> 27) & 3;
  return {
    slot,
    citizenId: String((w1 & 0xff) * 0x1_0000_0000 + w0).padStart(12, "0"),
    fullName,
    birthDate: formatBirthDate(((w1 >>> 8) & 0x1ffff) + firstBirthDay, ((w1 >>> 25) & 1) === 1),
    sex: ((w1 >>> 26) & 1) === 0 ? "M" : "F",
    legacyId: legacyId || null,
    status: personStatuses[status] as Person["status"],
    replacedBy: replacedBy || null,
    liveSlot: status < 2 ? slot : null,
    provinceCode: provinceCode as string,
    districtCode: districtCode || null,
    wardCode: wardCode || null,
  };
}

function readWord(text: string, from: number, characters: number): number {
  let word = 0;
  for (let k = 0; k < characters; k++) word |= (text.charCodeAt(from + k) - 0x30) << (6 * k);
  return word;
}

function formatBirthDate(daysSince1970: number, isYearOnly: boolean): string {
  const { year, month, day } = partsOf(daysSince1970);
  if (isYearOnly) return String(year);
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}
