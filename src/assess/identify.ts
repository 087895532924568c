import { compareBirthDates } from "../identity/birth-date.js";
import { yearOf } from "../identity/calendar.js";
import type { CitizenIdReading } from "../identity/citizen-id.js";
import { birthDateLevels, type Comparison, isProof, packComparison } from "../judge/comparison.js";
import { addFinding, type FindingId } from "../judge/findings.js";
import type { RegisterReader } from "../register/open-register.js";
import {
  findSlot,
  isSlotYearOnly,
  type RegisterIndex,
  slotDay,
  slotNumber,
  slotSex,
  slotStatus,
} from "../register/register-index.js";
import { noDay } from "./assessment.js";
import { compareNameByHash, compareNameByText, nameLevel, noteNameRepair } from "./compare-names.js";
import { candidatesOf, type FetchedRows, findSlotOf, statuses } from "./register-needs.js";
import type { Subject } from "./subject.js";

/** The register as the assessment uses it: the index for everybody, the rows for the few that need text. */
export interface Register {
  readonly index: RegisterIndex;
  readonly reader: RegisterReader;
}

/** What the register says of a subject. */
export interface Identification {
  /** Live person the number leads to, or -1. */
  slot: number;
  /** `packComparison`. */
  comparison: number;
}

const found = 1;
const repaired = 2;
const equalDate = birthDateLevels.indexOf("equal");

/**
 * Compares a subject with the register by the index alone. Adds findings to `subject.words`, fills `out`, and returns
 * true; or returns false, nothing added, when the register's rows are needed (`identifyByRows`).
 */
export function identifyByIndex(
  subject: Subject,
  register: Register | null,
  knownPlaces: Uint8Array,
  nameText: () => string,
  out: Identification,
): boolean {
  out.slot = -1;
  out.comparison = 0;
  if (subject.low6 < 0) {
    if ((subject.reading as CitizenIdReading).candidates.length === 0) return true;
    if (register !== null) return false;
    addFinding(subject.words, 0, "register.not-consulted");
    return true;
  }
  if (register === null) {
    fillSex(subject, subject.high6);
    addFinding(subject.words, 0, "register.not-consulted");
    noteGuardian(subject);
    return true;
  }
  const { index } = register;
  const slot = findSlot(index, subject.high6, subject.low6);
  if (slot < 0) {
    fillSex(subject, subject.high6);
    const isKnown = knownPlaces[Math.floor(subject.high6 / 1000)] === 1;
    addFinding(subject.words, 0, isKnown ? "register.number-unknown" : "citizen-id.unknown-place");
    noteGuardian(subject);
    return true;
  }
  const slotState = slotStatus(index, slot);
  if (slotState === statuses.replaced) return false;
  if (slotState === statuses.cancelled) {
    fillSex(subject, subject.high6);
    addFinding(subject.words, 0, "register.number-cancelled");
    noteGuardian(subject);
    return true;
  }
  const name = compareNameByHash(subject, index, slot, nameText);
  if (name < 0) return false;
  fillSex(subject, subject.high6);
  conclude(subject, register.index, { slot, person: found, name, repairs: [] }, out);
  return true;
}

interface Candidate {
  readonly slot: number;
  readonly person: typeof found | typeof repaired;
  readonly name: number;
  readonly repairs: readonly FindingId[];
}

/**
 * Compares a subject with everybody its number may mean: the number as delivered, its replacement, each repair the ID
 * rules offer. A repair holds only when one live person, and no other, agrees in name, birth date and sex.
 */
export function identifyByRows(
  subject: Subject,
  { index, reader }: Register,
  { liveSlots, names, oldNumbers }: FetchedRows,
  out: Identification,
): void {
  const candidates: Candidate[] = [];
  const liveSlotOf = (slot: number): number | null =>
    (liveSlots.has(slot) ? liveSlots : reader.liveSlots([slot])).get(slot) as number | null;
  const nameAt = (slot: number): string => names.get(slot) ?? (reader.fullNames([slot]).get(slot) as string);
  for (const { number, kind, repairs } of candidatesOf(subject)) {
    const slots =
      kind === "old-number"
        ? (oldNumbers.get(number) ?? [])
        : [findSlotOf(index, number)].filter((slot) => slot >= 0);
    for (const slot of slots) {
      const isReplaced = slotStatus(index, slot) === statuses.replaced;
      const liveSlot = isReplaced ? liveSlotOf(slot) : slot;
      if (liveSlot === null || slotStatus(index, liveSlot) === statuses.cancelled) continue;
      if (candidates.some((candidate) => candidate.slot === liveSlot)) continue;
      const applied: FindingId[] = [...repairs];
      if (kind === "old-number") applied.push("citizen-id.old-number-linked");
      if (isReplaced) applied.push("citizen-id.replaced");
      candidates.push({
        slot: liveSlot,
        person: applied.length === 0 ? found : repaired,
        name: compareNameByText(subject, index, liveSlot, nameAt),
        repairs: applied,
      });
    }
  }
  out.slot = -1;
  out.comparison = 0;
  if (subject.low6 >= 0 && candidates.every(({ person }) => person !== found)) {
    addFinding(subject.words, 0, "register.number-cancelled");
  }
  const fitting = candidates.filter((candidate) => isProof(compareWith(subject, index, candidate)));
  if (fitting.length > 1) {
    addFinding(subject.words, 0, "register.ambiguous");
    return;
  }
  // Without proof the one candidate's comparison is still kept: another policy may accept it.
  const chosen = fitting[0] ?? (candidates.length === 1 ? candidates[0] : undefined);
  if (chosen === undefined) {
    if (subject.low6 < 0) return;
    fillSex(subject, subject.high6);
    noteGuardian(subject);
    return;
  }
  fillSex(
    subject,
    subject.low6 < 0 || chosen.person === repaired ? high6Of(index, chosen.slot) : subject.high6,
  );
  for (const id of chosen.repairs) addFinding(subject.words, 0, id);
  conclude(subject, index, chosen, out);
}

function high6Of(index: RegisterIndex, slot: number): number {
  return Math.floor(slotNumber(index, slot) / 1_000_000);
}

/**
 * The register's answer for the chosen person, with what the ID's own digits say beside it. Whether a candidate number
 * is proven, each policy decides: the judge takes back what one that is not has left here.
 */
function conclude(subject: Subject, index: RegisterIndex, chosen: Candidate, out: Identification): void {
  const { words } = subject;
  const comparison = compareWith(subject, index, chosen);
  out.slot = chosen.slot;
  out.comparison = packComparison(comparison);
  if (comparison.name === nameLevel.marksLost) addFinding(words, 0, "name.marks-lost");
  if (comparison.name === nameLevel.repaired) noteNameRepair(subject, index, chosen.slot);
  if (slotStatus(index, chosen.slot) === statuses.deceased) addFinding(words, 0, "register.deceased");

  const high6 = high6Of(index, chosen.slot);
  if (comparison.sex === 1 && sexDigit(high6) !== subject.sex) addFinding(words, 0, "citizen-id.sex-digit");
  if (comparison.birthDate === 1 || comparison.birthDate === 2) {
    if (birthYearOf(high6) !== yearOf(subject.birthDay)) addFinding(words, 0, "citizen-id.year-digits");
  }
  // A number may have been replaced because its year was wrong: a guardian's and its successor are both far off.
  if (isOfAnotherAge(subject, high6) && (subject.low6 < 0 || isOfAnotherAge(subject, subject.high6)))
    addFinding(words, 0, "citizen-id.guardian");
}

/** Tells of a number as delivered that it belongs, most likely, to a guardian. */
function noteGuardian(subject: Subject): void {
  if (isOfAnotherAge(subject, subject.high6)) addFinding(subject.words, 0, "citizen-id.guardian");
}

/** Whether the number's birth year is 15 years or more from the record's. */
function isOfAnotherAge({ birthDay }: Subject, high6: number): boolean {
  return birthDay !== noDay && Math.abs(birthYearOf(high6) - yearOf(birthDay)) >= 15;
}

/** Digits 4-6 of a citizen ID (Decree 137/2015 art. 13): century and sex, and the year's last two digits. */
function birthYearOf(high6: number): number {
  return 1900 + 100 * Math.floor((Math.floor(high6 / 100) % 10) / 2) + (high6 % 100);
}

/** A missing sex is taken from the number's fourth digit; `high6` is -1 when there is no number. */
function fillSex(subject: Subject, high6: number): void {
  if (subject.sex >= 0 || high6 < 0) return;
  subject.sex = sexDigit(high6);
  addFinding(subject.words, 0, "sex.filled-from-id");
}

/** 0 male, 1 female: even and odd in every century. */
function sexDigit(high6: number): number {
  return Math.floor(high6 / 100) & 1;
}

function compareWith(subject: Subject, index: RegisterIndex, { slot, person, name }: Candidate): Comparison {
  const sex =
    subject.sex >= 0 ? subject.sex : sexDigit(person === found ? subject.high6 : high6Of(index, slot));
  return {
    name,
    person,
    birthDate: compareBirthDay(subject, index, slot),
    sex: sex === slotSex(index, slot) ? 1 : 2,
  };
}

function compareBirthDay(subject: Subject, index: RegisterIndex, slot: number): number {
  if (subject.birthDay === noDay) return 0;
  const day = slotDay(index, slot);
  const isYearOnly = isSlotYearOnly(index, slot);
  if (day === subject.birthDay && !isYearOnly && !subject.isBirthYearOnly) return equalDate;
  const level = compareBirthDates(
    { day: subject.birthDay, isYearOnly: subject.isBirthYearOnly },
    { day, isYearOnly },
  );
  return birthDateLevels.indexOf(level);
}
