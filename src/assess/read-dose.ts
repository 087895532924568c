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
import type { ShardDictionary } from "./shard-dictionary.js";
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
  facilities: ShardDictionary<Facility>,
): (batch: Batch, row: number, doseSlot: number, subject: Subject, reading: DoseReading) => void {
  const { columns } = source;
  const cell = new Cell();
  const vaccineMemo = new ByteMemo();
  const doseMemo = new ByteMemo();
  // By dose slot: 0 is the dose of a long row.
  const columnsBySlot: readonly Readonly<Record<DoseColumn, number>>[] = [columns, ...source.doses];
  const facilityReaders = columnsBySlot.map(({ facility_code }, doseSlot) =>
    createFacilityReader(facility_code, doseSlot === 0 ? columns.facility_name : -1, facilities),
  );

  return (batch, row, doseSlot, subject, reading) => {
    const { vaccine, vaccination_date, lot_no } = columnsBySlot[doseSlot] as Readonly<
      Record<DoseColumn, number>
    >;
    reading.words.fill(0);
    readDoseCell(batch, row, doseSlot, reading);
    readVaccineCell(batch, row, vaccine, reading);
    readDay(batch, row, vaccination_date, subject, reading);
    cell.moveTo(batch, row, lot_no);
    if (cell.isBlank) addFinding(reading.words, 0, "lot.blank");
    (facilityReaders[doseSlot] as FacilityReader)(batch, row, reading);
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
    if (
      vaccine?.minAgeYears &&
      birthDay !== null &&
      day >= birthDay &&
      isYounger(birthDay, day, vaccine.minAgeYears)
    ) {
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

type FacilityReader = (batch: Batch, row: number, reading: DoseReading) => void;

const facilityFindings: readonly (FindingId | null)[] = [null, "facility.blank", "facility.unknown-form"];

function createFacilityReader(
  codeColumn: number,
  nameColumn: number,
  facilities: ShardDictionary<Facility>,
): FacilityReader {
  const key = new CellKey([codeColumn, nameColumn]);
  const memo = new ByteMemo();
  return (batch, row, reading) => {
    key.moveTo(batch, row);
    let value = memo.find(key.bytes, key.start, key.end);
    if (value < 0) {
      const facility = readFacility(fieldText(batch, row, codeColumn), fieldText(batch, row, nameColumn));
      // Without a code of the usual form the text may be anything: the report must not repeat it.
      const isCoded = facility.code !== null && facility.finding === null;
      const code = isCoded ? (facility.code as string) : facility.finding === "facility.blank" ? "" : "?";
      const label = isCoded ? (facility.name ?? code) : "";
      // Each spelling of a name has its own number: which one is the first, only the order of the shards tells.
      const id = facilities.idOf(`${code}\t${label}`, [code, label]);
      value = id * facilityFindings.length + facilityFindings.indexOf(facility.finding);
      memo.add(key.bytes, key.start, key.end, value);
    }
    const finding = facilityFindings[value % facilityFindings.length];
    if (finding) addFinding(reading.words, 0, finding);
    reading.facility = facilities.localIdOf(Math.floor(value / facilityFindings.length));
  };
}
