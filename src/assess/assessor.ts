import { fieldText } from "../ingest/read-field.js";
import { type Batch, RowFault } from "../ingest/scanner.js";
import type { Source } from "../ingest/source.js";
import { countDifferences, unpackComparison } from "../judge/comparison.js";
import { addFinding, type FindingId, findingWords } from "../judge/findings.js";
import {
  type AssessmentColumns,
  createColumns,
  growColumns,
  noDay,
  noVaccine,
  recordYearOnlyBit,
} from "./assessment.js";
import { Cell } from "./cell.js";
import { type Identification, identifyByIndex, identifyByRows, type Register } from "./identify.js";
import { PlainRows } from "./plain-rows.js";
import { createDoseReader, type DoseReading } from "./read-dose.js";
import { createPlaceReader, type PlaceReading } from "./read-place.js";
import { type Hash64, hashBytes, setPersonKey } from "./record-hash.js";
import { createNeeds, fetchRows, listNeeds, type Needs, noRows } from "./register-needs.js";
import type { AssessRules } from "./rules.js";
import { ShardDictionary } from "./shard-dictionary.js";
import { createShiftDetector } from "./shifted-row.js";
import { copySubject, createSubject, createSubjectReader, type Subject } from "./subject.js";
import { createTraitReader } from "./traits.js";
import { listDoseSlots } from "./wide-rows.js";

/** What is assessed of a shard, by record; `places` and `facilities`, encoded, by the numbers that the columns hold. */
export interface AssessedRecords {
  readonly records: number;
  readonly columns: AssessmentColumns;
  /** File offset of the first batch; null when there was none. */
  readonly firstOffset: number | null;
  readonly places: readonly Uint8Array[];
  readonly facilities: readonly Uint8Array[];
}

/**
 * Assesses the batches of one shard after the other, all of one source. What it has understood of a shard's cells once,
 * it knows in the next; and it is one set of closures for all of them, so that the engine compiles each function for
 * good, and not again for every shard.
 */
export interface Assessor {
  /** Begins a shard of some `expectedRecords`; more make its columns grow. */
  begin(expectedRecords: number): void;
  /** Assesses the rows of the shard's next batch. */
  take(batch: Batch): void;
  /** Hands over what the shard's batches held. */
  end(): AssessedRecords;
}

const faultFindings: Readonly<Record<number, FindingId>> = {
  [RowFault.structure]: "row.structure",
  [RowFault.undecodable]: "row.undecodable",
  [RowFault.tooLarge]: "row.too-large",
};

/** A subject whose number needs the register's rows, and the records that wait for it. */
interface Waiting {
  readonly subject: Subject;
  readonly first: number;
  count: number;
}

/** Makes the assessor of a source, or of several that differ in name and bytes alone; without a register nobody is looked up. */
export function createAssessor(source: Source, rules: AssessRules, register: Register | null): Assessor {
  const places = new ShardDictionary(["", "", ""]);
  const facilities = new ShardDictionary(["", ""]);
  const plain = new PlainRows(source);
  const readSubject = createSubjectReader(source, rules, plain);
  const readDose = createDoseReader(source, rules, plain, facilities);
  const readPlace = createPlaceReader(source, rules, plain, places);
  const readTraits = createTraitReader(rules);
  const shifts = createShiftDetector(source, rules);
  /** By the first three digits of a citizen ID: 1 when they are a province, a country or 000. */
  const knownPlaces = Uint8Array.from({ length: 1000 }, (_, code) =>
    Number(rules.tables.placeCodes.has(String(code).padStart(3, "0"))),
  );
  const subject = createSubject();
  const dose: DoseReading = {
    words: new Uint32Array(findingWords),
    day: noDay,
    vaccine: noVaccine,
    dose: 0,
    facility: 0,
  };
  const place: PlaceReading = { words: new Uint32Array(findingWords), place: 0 };
  const identification: Identification = { slot: -1, comparison: 0 };
  const key: Hash64 = { high: 0, low: 0 };
  const cell = new Cell();
  let columns = createColumns(0);
  let records = 0;
  let base: number | null = null;
  let offset = 0;
  let waiting: Waiting[] = [];
  let needs: Needs = createNeeds();
  let current: Batch | null = null;
  let currentRow = 0;
  /** Row of the current batch that `subject` and `identification` are about, -1 for none. */
  let subjectRow = -1;
  let traits = 0;
  let isSettled = false;
  const nameText = (): string =>
    current === null ? "" : fieldText(current, currentRow, source.columns.full_name);

  return { begin, take, end };

  function begin(expectedRecords: number): void {
    places.begin();
    facilities.begin();
    columns = createColumns(expectedRecords);
    records = 0;
    base = null;
    waiting = [];
    needs = createNeeds();
  }

  function take(batch: Batch): void {
    base ??= batch.fileOffset;
    current = batch;
    subjectRow = -1;
    for (let next = 0; next < batch.rows; ) {
      const first = next;
      next = plain.read(batch, first);
      for (let row = first; row < next; row++) {
        currentRow = row;
        const fault = batch.rowFault[row] as number;
        if (fault === RowFault.none) assessRow(batch, row);
        else addUnreadable(batch, row, fault);
      }
    }
    settleWaiting();
  }

  function end(): AssessedRecords {
    const assessed = {
      records,
      columns,
      firstOffset: base,
      places: places.values,
      facilities: facilities.values,
    };
    columns = createColumns(0);
    return assessed;
  }

  function offsetOf(batch: Batch, row: number): number {
    return batch.fileOffset - (base as number) + (batch.rowStart[row] as number);
  }

  function assessRow(batch: Batch, row: number): void {
    offset = offsetOf(batch, row);
    plain.moveTo(row);
    // Without a number of its own, the note and the nationality of a row matter too.
    const isSubjectBefore = subjectRow === row - 1 && subject.low6 >= 0 && plain.isSamePerson;
    subjectRow = row;
    if (!isSubjectBefore) {
      readSubject(batch, row, subject);
      traits = readTraits(subject);
    }
    readPlace(batch, row, place);
    if (batch.rowControls[row] === 1) addFinding(place.words, 0, "row.control-characters");
    if (!isSubjectBefore)
      isSettled =
        identifyByIndex(subject, register, knownPlaces, nameText, identification) || identifyWithoutRows();
    const first = records;
    if (source.layout === "long") {
      readOneDose(batch, row, 0);
      readKey(batch, row);
      addRecord(0);
    } else {
      for (const doseSlot of listDoseSlots(source, batch, row)) {
        readOneDose(batch, row, doseSlot);
        key.high = key.low = 0;
        addRecord(doseSlot);
      }
    }
    if (isSettled) return;
    if (isSubjectBefore) {
      (waiting.at(-1) as Waiting).count += records - first;
      return;
    }
    const copy = copySubject(subject);
    copy.nameText = standardText();
    waiting.push({ subject: copy, first, count: records - first });
  }

  /** Identifies a subject whose candidates the index knows well enough; false when it has to wait for rows. */
  function identifyWithoutRows(): boolean {
    if (register === null || listNeeds(subject, register.index, needs)) return false;
    subject.nameText = standardText();
    identifyByRows(subject, register, noRows, identification);
    return true;
  }

  function standardText(): string {
    return subject.nameReading?.standard ?? nameText();
  }

  function readOneDose(batch: Batch, row: number, doseSlot: number): void {
    readDose(batch, row, doseSlot, subject, dose);
    if (shifts.isShifted(batch, row, doseSlot, subject.words, dose.words))
      addFinding(dose.words, 0, "row.shifted");
  }

  function readKey(batch: Batch, row: number): void {
    key.high = plain.keyHigh;
    key.low = plain.keyLow;
    if (!plain.asksKey) return;
    cell.moveTo(batch, row, source.columns.record_id);
    if (cell.isBlank) key.high = key.low = 0;
    else hashBytes(cell.bytes, cell.start, cell.end, key);
  }

  function addRecord(doseSlot: number): void {
    if (records === columns.slot.length) columns = growColumns(columns, records);
    const at = records * findingWords;
    for (let word = 0; word < findingWords; word++) {
      // What waits for the register's rows may yet lose findings: it comes in when it is settled.
      const who = isSettled ? (subject.words[word] as number) : 0;
      columns.findings[at + word] = who | (dose.words[word] as number) | (place.words[word] as number);
    }
    columns.rowOffset[records] = offset;
    columns.day[records] = dose.day;
    columns.birthDay[records] = subject.birthDay;
    columns.dose[records] = dose.dose;
    columns.doseSlot[records] = doseSlot;
    columns.vaccine[records] = dose.vaccine;
    columns.place[records] = place.place;
    columns.facility[records] = dose.facility;
    columns.traits[records] = traits;
    columns.key[records * 2] = key.high;
    columns.key[records * 2 + 1] = key.low;
    if (isSettled) setIdentification(records, subject);
    records++;
  }

  function setIdentification(record: number, who: Subject): void {
    const { slot, comparison } = identification;
    columns.slot[record] = slot;
    columns.comparison[record] = comparison | (who.isBirthYearOnly ? recordYearOnlyBit : 0);
    const levels = unpackComparison(comparison);
    // Two fields that differ: most likely somebody else's number.
    const isNumberTheirs = countDifferences(levels) < 2;
    setPersonKey(who, isNumberTheirs ? slot : -1, isNumberTheirs, key);
    columns.person[record * 2] = key.high;
    columns.person[record * 2 + 1] = key.low;
  }

  /** Asks the register for all that the batch's waiting subjects need, in one go, and finishes their records. */
  function settleWaiting(): void {
    if (waiting.length === 0 || register === null) return;
    const rows = fetchRows(needs, register.reader);
    needs = createNeeds();
    for (const { subject: who, first, count } of waiting) {
      identifyByRows(who, register, rows, identification);
      for (let record = first; record < first + count; record++) {
        for (let word = 0; word < findingWords; word++) {
          const at = record * findingWords + word;
          columns.findings[at] = (columns.findings[at] as number) | (who.words[word] as number);
        }
        setIdentification(record, who);
      }
    }
    waiting = [];
  }

  function addUnreadable(batch: Batch, row: number, fault: number): void {
    if (records === columns.slot.length) columns = growColumns(columns, records);
    addFinding(columns.findings, records * findingWords, faultFindings[fault] as FindingId);
    if (fault === RowFault.structure && shifts.isOneCellOff(batch, row)) {
      addFinding(columns.findings, records * findingWords, "row.shifted");
    }
    columns.rowOffset[records] = offsetOf(batch, row);
    columns.slot[records] = -1;
    columns.day[records] = noDay;
    columns.birthDay[records] = noDay;
    columns.vaccine[records] = noVaccine;
    records++;
  }
}
