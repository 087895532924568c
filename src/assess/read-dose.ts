import { partsOf } from "../identity/calendar.js";
import { fieldText } from "../ingest/read-field.js";
import type { Batch } from "../ingest/scanner.js";
import type { DoseColumn, Source } from "../ingest/source.js";
import { addFinding, type FindingId } from "../judge/findings.js";
import { readDoseNumber } from "../vaccination/dose-number.js";
import { readFacility } from "../vaccination/facility.js";
import { checkVaccinationDay, readVaccinationDate } from "../vaccination/vaccination-date.js";
import { findVaccine, type Vaccine } from "../vaccination/vaccine.js";
import { type Facility, noDay, noVaccine } from "./assessment.js";
import { ByteMemo } from "./byte-memo.js";
import { Cell, readPlainDate } from "./cell.js";
import { CellKey } from "./cell-key.js";
import type { AssessRules } from "./rules.js";
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

/** Makes the function that reads the cells of one dose; `doseSlot` is 0 for a long row, 1-4 for a wide one. */
export function createDoseReader(
  source: Source,
  rules: AssessRules,
  facilities: Facility[],
): (batch: Batch, row: number, doseSlot: number, subject: Subject, reading: DoseReading) => void {
  const { columns } = source;
  const cell = new Cell();
  const vaccineMemo = new ByteMemo();
  const doseMemo = new ByteMemo();
  const readFacilityCells = createFacilityReader(facilities);

  return (batch, row, doseSlot, subject, reading) => {
    const column = (name: DoseColumn): number =>
      doseSlot === 0 ? columns[name] : (source.doses[doseSlot - 1]?.[name] ?? -1);
    const { words } = reading;
    words.fill(0);
    readDoseCell(batch, row, doseSlot, reading);
    readVaccineCell(batch, row, column("vaccine"), reading);
    readDay(batch, row, column("vaccination_date"), subject, reading);
    cell.moveTo(batch, row, column("lot_no"));
    if (cell.isBlank) addFinding(words, 0, "lot.blank");
    readFacilityCells(
      batch,
      row,
      column("facility_code"),
      doseSlot === 0 ? columns.facility_name : -1,
      reading,
    );
  };

  function readDoseCell(batch: Batch, row: number, doseSlot: number, reading: DoseReading): void {
    if (doseSlot > 0) {
      reading.dose = doseSlot;
      return;
    }
    cell.moveTo(batch, row, columns.dose_no);
    let value = doseMemo.find(cell.bytes, cell.start, cell.end);
    if (value < 0) {
      const { dose, finding } = readDoseNumber(cell.text(), rules.maxDoseNumber);
      value = dose ?? (finding === "dose-no.blank" ? 1000 : 1001);
      doseMemo.add(cell.bytes, cell.start, cell.end, value);
    }
    reading.dose = value < 1000 ? value : 0;
    if (value >= 1000) addFinding(reading.words, 0, value === 1000 ? "dose-no.blank" : "dose-no.impossible");
  }

  function readVaccineCell(batch: Batch, row: number, column: number, reading: DoseReading): void {
    cell.moveTo(batch, row, column);
    let value = cell.isBlank ? noVaccine : vaccineMemo.find(cell.bytes, cell.start, cell.end);
    if (value < 0) {
      value = findVaccine(rules.vaccines, cell.text())?.index ?? unknownVaccine;
      vaccineMemo.add(cell.bytes, cell.start, cell.end, value);
    }
    reading.vaccine = value === unknownVaccine ? noVaccine : value;
    if (value === noVaccine) addFinding(reading.words, 0, "vaccine.blank");
    if (value === unknownVaccine) addFinding(reading.words, 0, "vaccine.unknown");
  }

  function readDay(batch: Batch, row: number, column: number, subject: Subject, reading: DoseReading): void {
    const { words } = reading;
    cell.moveTo(batch, row, column);
    let day = readPlainDate(cell);
    if (day === null) {
      const other = readVaccinationDate(cell.text());
      for (const id of other.findings) addFinding(words, 0, id);
      day = other.day;
    }
    reading.day = day ?? noDay;
    if (day === null) return;
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
    if (vaccine?.minAgeYears && birthDay !== null && isYounger(birthDay, day, vaccine.minAgeYears)) {
      addFinding(words, 0, "vaccine.age");
    }
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

type FacilityReader = (batch: Batch, row: number, code: number, name: number, reading: DoseReading) => void;

function createFacilityReader(facilities: Facility[]): FacilityReader {
  const keys = new CellKey(2);
  const memo = new ByteMemo();
  const idByKey = new Map<string, number>();
  const states: readonly (FindingId | null)[] = [null, "facility.blank", "facility.unknown-form"];
  const idOf = (key: string, label: string): number => {
    let id = idByKey.get(key);
    if (id === undefined) {
      id = facilities.push([key, label]) - 1;
      idByKey.set(key, id);
    }
    return id;
  };
  return (batch, row, codeColumn, nameColumn, reading) => {
    const { bytes, length } = keys.join(batch, row, [codeColumn, nameColumn]);
    let value = memo.find(bytes, 0, length);
    if (value < 0) {
      const facility = readFacility(fieldText(batch, row, codeColumn), fieldText(batch, row, nameColumn));
      const key = facility.code ?? facility.name ?? "";
      value = idOf(key, facility.name ?? key) * states.length + states.indexOf(facility.finding);
      memo.add(bytes, 0, length, value);
    }
    const finding = states[value % states.length];
    if (finding) addFinding(reading.words, 0, finding);
    reading.facility = Math.floor(value / states.length);
  };
}
