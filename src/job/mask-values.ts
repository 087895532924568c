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

const shownWhole = new Set([
  "record_id",
  "sex",
  "dose_no",
  "vaccine",
  "vaccination_date",
  "lot_no",
  "facility_code",
  "facility_name",
  "province_code",
  "province",
  "district_code",
  "district",
  "ward_code",
  "ward",
  "priority_group",
  "nationality",
]);

/** A delivered cell by its canonical column; columns that say who somebody is are masked, unknown ones too. */
export function maskCell(column: string, text: string): string {
  if (text === "" || shownWhole.has(column)) return text;
  if (column === "birth_date") return maskDate(text);
  if (column === "citizen_id" || column === "phone" || column === "health_insurance_no")
    return maskNumber(text);
  return maskText(text);
}
