import { createAgeBands } from "../identity/age-band.js";
import { dayNumber, yearOf } from "../identity/calendar.js";
import { describeDigits } from "../identity/citizen-id.js";
import { noDay } from "./assessment.js";
import type { AssessRules } from "./rules.js";
import type { Subject } from "./subject.js";

/** The groups that a record's person belongs to, so that a rule that fails one of them is seen. */
export interface Traits {
  /** 1 + position in `ageBands` on the run's day; 0 unknown. */
  readonly ageBand: number;
  /** 1 male, 2 female; 0 unknown. */
  readonly sex: number;
  /** Where the birth was registered: 1 in Viet Nam, 2 abroad; 0 unknown. */
  readonly birthplace: number;
}

/** Traits as one byte; 0 when nothing is known. */
export function packTraits({ ageBand, sex, birthplace }: Traits): number {
  return ageBand | (sex << 4) | (birthplace << 6);
}

/** What `packTraits` packed. */
export function unpackTraits(traits: number): Traits {
  return { ageBand: traits & 15, sex: (traits >> 4) & 3, birthplace: traits >> 6 };
}

/**
 * Makes the function that reads a subject's packed traits from its own row alone: what the register says is never used,
 * so that those whom it does not know are counted too. Call it before the subject is compared.
 *
 * Age and sex are as delivered; where the row does not say them, as digits 4-6 of its number do. The place is that of
 * digits 1-3: a province, or the countries from 101 to 295, not only those of a pipeline's table: a table without them
 * fails this very group (Decree 137/2015/NĐ-CP art. 13; Circular 59/2021/TT-BCA). Other first digits say nothing.
 */
export function createTraitReader({
  asOfDay,
  maxAgeYears,
  tables,
}: Pick<AssessRules, "asOfDay" | "maxAgeYears" | "tables">): (subject: NumberedSubject) => number {
  const bandOfBirth = createAgeBands(asOfDay);
  const thousand = Array.from({ length: 1000 }, (_, digits) => String(digits).padStart(3, "0"));
  const provinces = new Set(["000", ...tables.provinces.map(({ idCode }) => idCode)]);
  /** By digits 1-3 of a number, and by its digits 4-6. */
  const birthplaces = Uint8Array.from(thousand, (code) =>
    provinces.has(code) ? 1 : code >= firstCountry && code <= lastCountry ? 2 : 0,
  );
  const bandOfYear = Uint8Array.from(thousand, (digits) => {
    const { birthYear } = describeDigits(`000${digits}000000`);
    const age = yearOf(asOfDay) - birthYear;
    return age < 0 || age > maxAgeYears ? 0 : 1 + bandOfBirth(dayNumber(birthYear, 1, 1));
  });

  return (subject) => {
    const high6 = highDigitsOf(subject);
    const birthplace = high6 < 0 ? 0 : (birthplaces[Math.floor(high6 / 1000)] as number);
    let ageBand = subject.birthDay === noDay ? 0 : 1 + bandOfBirth(subject.birthDay);
    let sex = subject.sex + 1;
    if (birthplace > 0) {
      ageBand ||= bandOfYear[high6 % 1000] as number;
      sex ||= 1 + (Math.floor(high6 / 100) & 1);
    }
    return packTraits({ ageBand, sex, birthplace });
  };
}

const firstCountry = "101";
const lastCountry = "295";

type NumberedSubject = Pick<Subject, "high6" | "low6" | "reading" | "birthDay" | "sex">;

/**
 * The first six digits of the 12 that a row's cell holds, or that it stands for without separators and with the zeros a
 * spreadsheet took from it; -1 when there are none, or they may be a phone number.
 */
function highDigitsOf({ low6, high6, reading }: NumberedSubject): number {
  if (low6 >= 0) return high6;
  if (reading === null || reading.finding === "citizen-id.other-number") return -1;
  const candidate = reading.candidates.find(
    ({ kind, number }) => kind === "citizen-id" && !number.startsWith("000"),
  );
  return candidate === undefined ? -1 : Number(candidate.number.slice(0, 6));
}
