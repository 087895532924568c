import { readBirthDate } from "../identity/birth-date.js";
import { type CitizenIdReading, findCandidateNumbers, readCitizenId } from "../identity/citizen-id.js";
import { hashName, type NameHash, nameFlags } from "../identity/name-hash.js";
import { isVietnamese } from "../identity/nationality.js";
import { type NameReading, readName } from "../identity/person-name.js";
import { readSex } from "../identity/sex.js";
import { fieldText } from "../ingest/read-field.js";
import type { Batch } from "../ingest/scanner.js";
import type { Source } from "../ingest/source.js";
import { addFinding, type FindingId, findingWords } from "../judge/findings.js";
import { noDay } from "./assessment.js";
import { Cell } from "./cell.js";
import { type PlainRows, plainMemos } from "./plain-rows.js";
import type { AssessRules } from "./rules.js";

/** The person a row is about, as the row alone tells it. */
export interface Subject {
  readonly words: Uint32Array;
  /** First and last six digits of a number of exactly 12; -1 when there is none. */
  high6: number;
  low6: number;
  /** What the ID rules say; only when the cell is not exactly 12 digits. */
  reading: CitizenIdReading | null;
  readonly name: NameHash;
  /** What the name rules say; only when the bytes alone do not settle it. */
  nameReading: NameReading | null;
  /** The cell's text where the register's text may be needed, else "". */
  nameText: string;
  birthDay: number;
  isBirthYearOnly: boolean;
  /** 0 male, 1 female, -1 unknown. */
  sex: number;
}

/** An empty subject. */
export function createSubject(): Subject {
  return {
    words: new Uint32Array(findingWords),
    high6: -1,
    low6: -1,
    reading: null,
    name: { marked: 0, folded: 0, flags: 0 },
    nameReading: null,
    nameText: "",
    birthDay: noDay,
    isBirthYearOnly: false,
    sex: -1,
  };
}

/** A copy that stays when the subject moves on to the next row: of the same shape, so that code compiled for one serves both. */
export function copySubject(subject: Subject): Subject {
  const copy = createSubject();
  copy.words.set(subject.words);
  copy.high6 = subject.high6;
  copy.low6 = subject.low6;
  copy.reading = subject.reading;
  copy.name.marked = subject.name.marked;
  copy.name.folded = subject.name.folded;
  copy.name.flags = subject.name.flags;
  copy.nameReading = subject.nameReading;
  copy.nameText = subject.nameText;
  copy.birthDay = subject.birthDay;
  copy.isBirthYearOnly = subject.isBirthYearOnly;
  copy.sex = subject.sex;
  return copy;
}

/** Makes the function that reads the person's cells of the row that `plain` has moved to into a subject (reused). */
export function createSubjectReader(
  source: Source,
  rules: AssessRules,
  plain: PlainRows,
): (batch: Batch, row: number, subject: Subject) => void {
  const { columns, coding } = source;
  const { asOfDay, maxAgeYears } = rules;
  const cell = new Cell();
  const utf8 = new TextEncoder();

  return (batch, row, subject) => {
    const { words } = subject;
    words.fill(0);
    readNumber(batch, row, subject);
    readPersonName(batch, row, subject);
    readBirthDay(batch, row, subject);
    readSexCell(batch, row, subject);
  };

  function readNumber(batch: Batch, row: number, subject: Subject): void {
    subject.reading = null;
    subject.high6 = plain.high6;
    subject.low6 = plain.low6;
    if (subject.low6 >= 0 && !isOneDigitRepeated(subject.high6, subject.low6)) {
      if (subject.high6 !== 123456 && subject.high6 !== 12345) return;
    }
    const reading = readCitizenId(fieldText(batch, row, columns.citizen_id), rules);
    if (reading.number !== null) {
      subject.high6 = Number(reading.number.slice(0, 6));
      subject.low6 = Number(reading.number.slice(6));
      return;
    }
    subject.high6 = subject.low6 = -1;
    subject.reading = reading;
    if (reading.finding !== null)
      addFinding(subject.words, 0, explainMissingNumber(batch, row, reading.finding));
  }

  /** A blank or a placeholder may be a foreigner, or the number may stand in the note (twice: nobody can choose). */
  function explainMissingNumber(batch: Batch, row: number, finding: FindingId): FindingId {
    if (finding !== "citizen-id.blank" && finding !== "citizen-id.placeholder") return finding;
    if (findCandidateNumbers(fieldText(batch, row, columns.note)).length > 1)
      return "citizen-id.two-candidates";
    if (isVietnamese(fieldText(batch, row, columns.nationality)) === false) return "citizen-id.passport";
    return finding;
  }

  function readPersonName(batch: Batch, row: number, subject: Subject): void {
    const { name, words } = subject;
    name.marked = plain.markedName;
    name.folded = plain.foldedName;
    name.flags = plain.nameFlags;
    subject.nameReading = null;
    subject.nameText = "";
    if ((name.flags & ~plainNameFlags) === 0 && !plain.isNameDressed) {
      if (name.flags & nameFlags.case) addFinding(words, 0, "name.case");
      if (name.flags & nameFlags.unicodeForm) addFinding(words, 0, "name.unicode-form");
      if (name.flags & nameFlags.tonePlacement) addFinding(words, 0, "name.tone-placement");
      return;
    }
    const reading = readName(fieldText(batch, row, columns.full_name));
    for (const id of reading.findings) addFinding(words, 0, id);
    const bytes = utf8.encode(reading.standard);
    hashName(bytes, 0, bytes.length, name);
    subject.nameReading = reading;
  }

  function readBirthDay(batch: Batch, row: number, subject: Subject): void {
    subject.isBirthYearOnly = false;
    const day = plain.birthDay;
    if (day !== noDay && day <= asOfDay && day > asOfDay - (maxAgeYears - 1) * 366) {
      subject.birthDay = day;
      if (plain.isBirthDayFirstOfJanuary) addFinding(subject.words, 0, "birth-date.first-of-january");
      return;
    }
    cell.moveTo(batch, row, columns.birth_date);
    const citizenNumber = subject.low6 < 0 ? null : digitsOf(subject);
    const reading = readBirthDate(cell.text(), { citizenNumber, asOfDay, maxAgeYears });
    for (const id of reading.findings) addFinding(subject.words, 0, id);
    subject.birthDay = reading.day ?? noDay;
    subject.isBirthYearOnly = reading.isYearOnly;
  }

  function readSexCell(batch: Batch, row: number, subject: Subject): void {
    let value = plain.sex;
    if (value < 0) value = plain.find(plainMemos.sex);
    if (value < 0) {
      cell.moveTo(batch, row, columns.sex);
      const { sex, finding } = readSex(cell.text(), coding.sex);
      value = sex === "M" ? 0 : sex === "F" ? 1 : finding === "sex.blank" ? 2 : 3;
      plain.add(plainMemos.sex, value);
    }
    subject.sex = value < 2 ? value : -1;
    if (value === 2) addFinding(subject.words, 0, "sex.blank");
    if (value === 3) addFinding(subject.words, 0, "sex.unreadable");
  }
}

/** What a name may be for its bytes to settle it. */
const plainNameFlags =
  nameFlags.marks | nameFlags.bareSyllable | nameFlags.case | nameFlags.unicodeForm | nameFlags.tonePlacement;

/** The 12 digits of a subject that has them. */
export function digitsOf({ high6, low6 }: Pick<Subject, "high6" | "low6">): string {
  return String(high6 * 1_000_000 + low6).padStart(12, "0");
}

/** 000000000000, 111111111111, …: the number itself is a placeholder, and the ID rules say so. */
function isOneDigitRepeated(high6: number, low6: number): boolean {
  return high6 === low6 && high6 % 111_111 === 0;
}
