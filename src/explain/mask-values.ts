import { partsOf } from "../identity/calendar.js";
import { readDateText } from "../identity/date-text.js";

/** Values as they may be shown to a person who has no need for all of them. */

const dots = "•••";

/** Text: the first letter of each word. */
export function maskText(text: string): string {
  return text.replace(/\S+/g, (word) => `${[...word][0]}${dots}`);
}

/** Number: the first three and the last two digits of twelve, fewer of shorter ones. */
export function maskNumber(text: string): string {
  const shown = text.length >= 9 ? 3 : 1;
  return text.length <= 2 ? dots : `${text.slice(0, shown)}${dots}${text.slice(text.length >= 9 ? -2 : -1)}`;
}

/** Date: its year alone, and of a text that is no date or year of 1800 to 2199 nothing (a serial number is one in disguise). */
export function maskDate(text: string): string {
  const date = readDateText(text);
  const year = date.kind === "date" ? partsOf(date.day).year : date.kind === "year" ? date.year : 0;
  return text === "" ? "" : `${dots}${year >= 1800 && year <= 2199 ? year : ""}`;
}

/**
 * Cells that may be shown as they are, by the form they have when they hold what their column says. Columns shift: a
 * name, a phone number or a birth date in the column of a code, lot or vaccination is masked like any other.
 */
const shownForms: Readonly<Record<string, RegExp>> = {
  record_id: /^.{1,200}$/,
  sex: /^(?:nam|n[uữ]|[mf]|\d)$/i,
  dose_no: /^(?:Mũi )?\d{1,2}(?:\.0)?$/i,
  vaccination_date: /^(?:\d{1,2}[/.-]\d{1,2}[/.-]20[2-9]\d|20[2-9]\d[/.-]\d{1,2}[/.-]\d{1,2})$/,
  lot_no: /^(?!\d{8})(?=.*\d)[A-Z\d-]{3,10}$/i,
  facility_code: /^(?:\d{5}|\d{2}_[A-Z]\d{3})$/i,
  province_code: /^\d{1,3}$/,
  district_code: /^\d{1,3}$/,
  ward_code: /^\d{1,5}$/,
  priority_group: /^\d{1,2}$/,
};

const numberColumns = new Set(["citizen_id", "phone", "health_insurance_no"]);

/** A delivered cell by its canonical column; what says who somebody is, or is not of its column's form, is masked. */
export function maskCell(column: string, text: string): string {
  if (text === "" || shownForms[column]?.test(text.normalize("NFC"))) return text;
  if (column === "birth_date" || column === "vaccination_date") return maskDate(text);
  return numberColumns.has(column) ? maskNumber(text) : maskText(text);
}
