import { type AssessmentColumns, recordYearOnlyBit } from "../assess/assessment.js";
import { ByteMemo } from "../assess/byte-memo.js";
import { Cell, isPlainDate } from "../assess/cell.js";
import type { Register } from "../assess/identify.js";
import { isoDate } from "../identity/calendar.js";
import { standardName } from "../identity/person-name.js";
import { fieldEnd, fieldStart, fieldText } from "../ingest/read-field.js";
import type { Batch } from "../ingest/scanner.js";
import type { CanonicalColumn, Source } from "../ingest/source.js";
import { findingCatalogue } from "../judge/finding-catalogue.js";
import type { FindingId } from "../judge/findings.js";
import { slotNumber, slotSex } from "../register/register-index.js";
import { readFacility } from "../vaccination/facility.js";
import type { Vaccine } from "../vaccination/vaccine.js";
import type { ByteWriter } from "./byte-writer.js";

export interface StandardContext {
  readonly source: Source;
  readonly columns: AssessmentColumns;
  readonly verdicts: Uint32Array;
  readonly verdictTable: readonly { readonly set: string; readonly standard: StandardRules }[];
  readonly register: Register | null;
  readonly vaccines: readonly Vaccine[];
  readonly rulesVersion: string;
}

/** What a verdict's findings mean for the standard values; rules are finding ids joined by `+`, "" when there are none. */
export interface StandardRules {
  readonly citizenId: string;
  readonly fullName: string;
  readonly sex: string;
  /** The standard name is the register's own: the delivered one cannot be read without it. */
  readonly takesRegisterName: boolean;
}

const needsRegisterName = ["name.marks-lost", "name.tcvn3", "name.vni", "name.mojibake", "name.digits"];

/** Reads the findings of a verdict once for all its records. */
export function deriveStandardRules(findings: readonly FindingId[]): StandardRules {
  const joinRules = (prefix: string): string =>
    findings.filter((id) => id.startsWith(prefix) && changesValue(id)).join("+");
  return {
    citizenId: joinRules("citizen-id."),
    fullName: joinRules("name."),
    sex: deriveSexRule(findings, joinRules),
    takesRegisterName: findings.some((id) => needsRegisterName.includes(id)),
  };
}

/** A sex that was filled in, or that a policy accepts although the register's is another, is this record's change. */
function deriveSexRule(findings: readonly FindingId[], joinRules: (prefix: string) => string): string {
  if (findings.includes("sex.filled-from-id")) return joinRules("sex.");
  return findings.includes("sex.different") ? "sex.different" : "";
}

function changesValue(finding: FindingId): boolean {
  const { kind } = findingCatalogue[finding];
  return kind === "repair" || kind === "normalisation";
}

/** Every cell of this column with the text `before` reads as `after`. */
export interface ValueChange {
  readonly column: string;
  readonly before: string;
  readonly after: string;
  readonly rule: string;
}

/** Writes the standard values of cleaned records, and the changes that lead to them from the delivered cells. */
export interface StandardWriter {
  put(
    writer: ByteWriter,
    batch: Batch,
    row: number,
    record: number,
    line: number,
    doseSlot: number,
    rules: StandardRules,
  ): void;
  changes(): number;
  valueChanges(): readonly ValueChange[];
}

const comma = 0x2c;
const lineFeed = 0x0a;

/**
 * Makes the writer of one shard's standard values: 12-digit ID, NFC name, ISO dates, M or F, dose, vaccine key and CVX,
 * facility code. Each value that is not the delivered cell is told in `changes`: as a reading of the whole column
 * (dates, written once per file), of a value (`valueChanges`), or of this record.
 */
export function createStandardWriter(context: StandardContext, changes: ByteWriter): StandardWriter {
  const { source, columns, register, vaccines } = context;
  const registerNames = fetchRegisterNames(context);
  const valueChanges: ValueChange[] = [];
  const noteSex = createValueReader("sex", "read-sex", null);
  const noteVaccine = createValueReader("vaccine", "read-vaccine", null);
  const noteDose = createValueReader("dose_no", "read-dose-number", null);
  const readFacilityCode = createValueReader(
    "facility_code",
    "read-facility",
    (text) => readFacility(text, "").code ?? text,
  );
  const mentionedCvx = new Set<string>();
  const isoByDay = new Map<number, string>();
  const cell = new Cell();
  let changeRows = 0;
  let line = 0;

  return { put, changes: () => changeRows, valueChanges: () => valueChanges };

  function put(
    writer: ByteWriter,
    batch: Batch,
    row: number,
    record: number,
    sourceLine: number,
    doseSlot: number,
    rules: StandardRules,
  ): void {
    if (register === null) throw new Error("a record was cleaned without a register");
    line = sourceLine;
    const dose = doseSlot === 0 ? null : source.doses[doseSlot - 1];
    const slot = columns.slot[record] as number;
    const at = { batch, row, doseSlot };

    writer.putByte(comma);
    const number = slotNumber(register.index, slot);
    writer.putDigits(number, 12);
    if (rules.citizenId !== "") {
      const digits = String(number).padStart(12, "0");
      writeRecordChange(at, "citizen_id", source.columns.citizen_id, digits, rules.citizenId);
    }
    writer.putByte(comma);
    putName(writer, at, record, rules);
    writer.putByte(comma);
    const birthDate = birthDateText(record);
    writer.putAscii(birthDate);
    noteDate(at, "birth_date", source.columns.birth_date, birthDate);
    writer.putByte(comma);
    const sex = slotSex(register.index, slot) === 0 ? "M" : "F";
    writer.putAscii(sex);
    if (rules.sex !== "") writeRecordChange(at, "sex", source.columns.sex, sex, rules.sex);
    else noteSex(at, source.columns.sex, sex);
    writer.putByte(comma);
    const doseText = String(columns.dose[record]);
    writer.putAscii(doseText);
    if (doseSlot === 0) noteDose(at, source.columns.dose_no, doseText);
    writer.putByte(comma);
    const vaccine = vaccines[columns.vaccine[record] as number] as Vaccine;
    writer.putAscii(vaccine.key);
    noteVaccine(at, dose ? dose.vaccine : source.columns.vaccine, vaccine.key);
    writer.putByte(comma);
    writer.putAscii(vaccine.cvx);
    mentionCvx(vaccine);
    writer.putByte(comma);
    const day = isoText(columns.day[record] as number);
    writer.putAscii(day);
    noteDate(at, "vaccination_date", dose ? dose.vaccination_date : source.columns.vaccination_date, day);
    writer.putByte(comma);
    const facilityColumn = dose ? dose.facility_code : source.columns.facility_code;
    writer.putField(readFacilityCode(at, facilityColumn, ""));
  }

  interface Place {
    readonly batch: Batch;
    readonly row: number;
    readonly doseSlot: number;
  }

  function putName(writer: ByteWriter, at: Place, record: number, rules: StandardRules): void {
    const { batch, row } = at;
    const column = source.columns.full_name;
    if (rules.fullName === "") {
      writer.putDeliveredField(batch.bytes, fieldStart(batch, row, column), fieldEnd(batch, row, column));
      return;
    }
    const name = rules.takesRegisterName ? registerNames.get(columns.slot[record] as number) : undefined;
    const standard = name ?? standardName(fieldText(batch, row, column));
    writer.putField(standard);
    writeRecordChange(at, "full_name", column, standard, rules.fullName);
  }

  function birthDateText(record: number): string {
    const text = isoText(columns.birthDay[record] as number);
    return (columns.comparison[record] as number) & recordYearOnlyBit ? text.slice(0, 4) : text;
  }

  function isoText(day: number): string {
    let text = isoByDay.get(day);
    if (text === undefined) {
      text = isoDate(day);
      isoByDay.set(day, text);
    }
    return text;
  }

  /** `dd/mm/yyyy` and `yyyy-mm-dd` are read as the column's own form; anything else is this record's change. */
  function noteDate(at: Place, name: CanonicalColumn, column: number, standard: string): void {
    cell.moveTo(at.batch, at.row, column);
    if (!cell.isPadded && standard.length === 10 && isPlainDate(cell)) return;
    writeRecordChange(at, name, column, standard, "read-date");
  }

  function writeRecordChange(
    at: Place,
    name: CanonicalColumn,
    column: number,
    after: string,
    rule: string,
  ): void {
    const before = fieldText(at.batch, at.row, column);
    if (before === after) return;
    const { batch, row, doseSlot } = at;
    const own = doseSlot === 0 ? fieldText(batch, row, source.columns.record_id) : "";
    const fallback = doseSlot === 0 ? `${source.name}:${line}` : `${source.name}:${line}:${doseSlot}`;
    const recordId = own.trim() === "" ? fallback : own;
    const fields = [
      "record",
      recordId,
      source.name,
      String(line),
      name,
      before,
      after,
      rule,
      context.rulesVersion,
    ];
    for (const [position, field] of fields.entries()) {
      if (position > 0) changes.putByte(comma);
      changes.putField(field);
    }
    changes.putByte(lineFeed);
    changeRows++;
  }

  function mentionCvx({ key, cvx }: Vaccine): void {
    if (mentionedCvx.has(key)) return;
    mentionedCvx.add(key);
    valueChanges.push({ column: "vaccine_cvx", before: key, after: cvx, rule: "read-vaccine" });
  }

  /**
   * Reads a column whose standard value follows from the cell's text alone, by `read` or, where the assessment has read
   * it already, as the value given; tells each text once per shard.
   */
  function createValueReader(
    name: CanonicalColumn,
    rule: string,
    read: ((text: string) => string) | null,
  ): (at: Place, column: number, value: string) => string {
    const memo = new ByteMemo();
    const readings: string[] = [];
    return ({ batch, row }, column, value) => {
      const start = column < 0 ? 0 : fieldStart(batch, row, column);
      const end = column < 0 ? 0 : fieldEnd(batch, row, column);
      let known = memo.find(batch.bytes, start, end);
      if (known < 0) {
        const before = fieldText(batch, row, column);
        const after = read === null ? value : read(before);
        if (before !== after) valueChanges.push({ column: name, before, after, rule });
        known = readings.push(after) - 1;
        memo.add(batch.bytes, start, end, known);
      }
      return readings[known] as string;
    };
  }
}

/** Standard forms of the register's names, by slot, for the cleaned records of the shard that take them over. */
function fetchRegisterNames({
  columns,
  verdicts,
  verdictTable,
  register,
}: StandardContext): ReadonlyMap<number, string> {
  const takesName = verdictTable.map(({ set, standard }) => set === "cleaned" && standard.takesRegisterName);
  const slots: number[] = [];
  for (const [record, verdict] of verdicts.entries()) {
    if (takesName[verdict]) slots.push(columns.slot[record] as number);
  }
  const names = new Map<number, string>();
  if (register === null || slots.length === 0) return names;
  for (const [slot, name] of register.reader.fullNames(slots)) names.set(slot, standardName(name));
  return names;
}
