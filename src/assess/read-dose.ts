import { partsOf } from "../identity/calendar.js";
import { fieldText } from "../ingest/read-field.js";
import type { Batch } from "../ingest/scanner.js";
import type { DoseColumn, Source } from "../ingest/source.js";
import { addFinding, type FindingId } from "../judge/findings.js";
import { readDoseNumber } from "../vaccination/dose-number.js";
import { readFacility } from "../vaccination/facility.js";
import { checkVaccinationDay, readVaccinationDate } from "../vaccination/vaccination-date.js";
import { findVaccine, type Vaccine } from "../vaccination/vaccine.js";
import { noDay, noVaccine } from "./assessment.js";
import { Cell } from "./cell.js";
import { type PlainRows, plainMemos } from "./plain-rows.js";
import type { AssessRules } from "./rules.js";
import type { ShardDictionary } from "./shard-dictionary.js";
import type { Facility } from "./shard-lists.js";
import type { Subject } from "./subject.js";

/** One dose of a row; reused. */
export interface DoseReading {
  readonly words: Uint32Array;
  day: number;
  vaccine: number;
  dose: number;
  facility: number;
}

const unknownVaccine = noVaccine - 1;

/**
 * Makes the function that reads the cells of one dose of the row that `plain` has moved to; `doseSlot` is 0 for a long
 * row, 1 and more for a wide one.
 */
export function createDoseReader(
  source: Source,
  rules: AssessRules,
  plain: PlainRows,
  facilities: ShardDictionary<Facility>,
): (batch: Batch, row: number, doseSlot: number, subject: Subject, reading: DoseReading) => void {
  const { columns } = source;
  const cell = new Cell();
  // By dose slot: 0 is the dose of a long row.
  const columnsBySlot: readonly Readonly<Record<DoseColumn, number>>[] = [columns, ...source.doses];

  return (batch, row, doseSlot, subject, reading) => {
    const { vaccine, vaccination_date, lot_no } = columnsBySlot[doseSlot] as Readonly<
      Record<DoseColumn, number>
    >;
    reading.words.fill(0);
    readDoseCell(batch, row, doseSlot, reading);
    readVaccineCell(batch, row, doseSlot, vaccine, reading);
    readDay(batch, row, doseSlot, vaccination_date, subject, reading);
    if (isLotBlank(batch, row, doseSlot, lot_no)) addFinding(reading.words, 0, "lot.blank");
    readFacilityCells(batch, row, doseSlot, reading);
  };

  function readDoseCell(batch: Batch, row: number, doseSlot: number, reading: DoseReading): void {
    if (doseSlot > 0) {
      reading.dose = doseSlot;
      return;
    }
    let value = plain.dose(0);
    if (value < 0) value = plain.find(plainMemos.dose);
    if (value < 0) {
      cell.moveTo(batch, row, columns.dose_no);
      const { dose, finding } = readDoseNumber(cell.text(), rules.maxDoseNumber);
      value = dose ?? (finding === "dose-no.blank" ? 1000 : 1001);
      plain.add(plainMemos.dose, value);
    }
    reading.dose = value < 1000 ? value : 0;
    if (value >= 1000) addFinding(reading.words, 0, value === 1000 ? "dose-no.blank" : "dose-no.impossible");
  }

  function readVaccineCell(
    batch: Batch,
    row: number,
    doseSlot: number,
    column: number,
    reading: DoseReading,
  ): void {
    let value = plain.vaccine(doseSlot);
    if (value < 0) value = plain.find(plainMemos.vaccine, doseSlot);
    if (value < 0) {
      cell.moveTo(batch, row, column);
      value = cell.isBlank ? noVaccine : (findVaccine(rules.vaccines, cell.text())?.index ?? unknownVaccine);
      plain.add(plainMemos.vaccine, value);
    }
    reading.vaccine = value === unknownVaccine ? noVaccine : value;
    if (value === noVaccine) addFinding(reading.words, 0, "vaccine.blank");
    if (value === unknownVaccine) addFinding(reading.words, 0, "vaccine.unknown");
  }

  function readDay(
    batch: Batch,
    row: number,
    doseSlot: number,
    column: number,
    subject: Subject,
    reading: DoseReading,
  ): void {
    const { words } = reading;
    let day = plain.vaccinationDay(doseSlot);
    if (day === noDay) {
      cell.moveTo(batch, row, column);
      const other = readVaccinationDate(cell.text());
      for (const id of other.findings) addFinding(words, 0, id);
      day = other.day ?? noDay;
    }
    reading.day = day;
    if (day === noDay) return;
    const vaccine: Vaccine | null =
      reading.vaccine === noVaccine ? null : (rules.vaccines.vaccines[reading.vaccine] as Vaccine);
    const birthDay = subject.birthDay === noDay ? null : subject.birthDay;
    const isPlain =
      day >= rules.programmeStartDay &&
      day <= rules.asOfDay &&
      (birthDay === null || day >= birthDay + 366) &&
      (vaccine === null ||
        (vaccine.approvalDay !== null && vaccine.isApprovalConfirmed && day >= vaccine.approvalDay));
    if (!isPlain) {
      const { programmeStartDay, asOfDay } = rules;
      const { isBirthYearOnly } = subject;
      const found = checkVaccinationDay({
        day,
        birthDay,
        isBirthYearOnly,
        vaccine,
        programmeStartDay,
        asOfDay,
      });
      for (const id of found) addFinding(words, 0, id);
    }
    if (
      vaccine?.minAgeYears &&
      birthDay !== null &&
      day >= birthDay &&
      isYounger(birthDay, day, vaccine.minAgeYears)
    ) {
      addFinding(words, 0, "vaccine.age");
    }
  }

  function isLotBlank(batch: Batch, row: number, doseSlot: number, column: number): boolean {
    const blankness = plain.lotBlankness(doseSlot);
    if (blankness < 2) return blankness === 1;
    cell.moveTo(batch, row, column);
    return cell.isBlank;
  }

  function readFacilityCells(batch: Batch, row: number, doseSlot: number, reading: DoseReading): void {
    let value = plain.facility(doseSlot);
    if (value < 0) value = plain.find(plainMemos.facility, doseSlot);
    if (value < 0) {
      const codeColumn = (columnsBySlot[doseSlot] as Readonly<Record<DoseColumn, number>>).facility_code;
      const nameColumn = doseSlot === 0 ? columns.facility_name : -1;
      const facility = readFacility(fieldText(batch, row, codeColumn), fieldText(batch, row, nameColumn));
      // Without a code of the usual form the text may be anything: the report must not repeat it.
      const isCoded = facility.code !== null && facility.finding === null;
      const code = isCoded ? (facility.code as string) : facility.finding === "facility.blank" ? "" : "?";
      const label = isCoded ? (facility.name ?? code) : "";
      // Each spelling of a name has its own number: which one is the first, only the order of the shards tells.
      const id = facilities.idOf(`${code}\t${label}`, [code, label]);
      value = id * facilityFindings.length + facilityFindings.indexOf(facility.finding);
      plain.add(plainMemos.facility, value);
    }
    const finding = facilityFindings[value % facilityFindings.length];
    if (finding) addFinding(reading.words, 0, finding);
    reading.facility = facilities.localIdOf(Math.floor(value / facilityFindings.length));
  }
}

/** Whether somebody born on `birthDay` has not reached `years` on `day`. */
function isYounger(birthDay: number, day: number, years: number): boolean {
  if (day - birthDay > years * 366) return false;
  const birth = partsOf(birthDay);
  const then = partsOf(day);
  const age =
    then.year -
    birth.year -
    Number(then.month < birth.month || (then.month === birth.month && then.day < birth.day));
  return age < years;
}

const facilityFindings: readonly (FindingId | null)[] = [null, "facility.blank", "facility.unknown-form"];
