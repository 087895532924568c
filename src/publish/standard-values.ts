import { type AssessmentColumns, createColumns, recordYearOnlyBit } from "../assess/assessment.js";
import { Cell, isPlainDate } from "../assess/cell.js";
import type { Register } from "../assess/identify.js";
import { standardName } from "../identity/person-name.js";
import { fieldEnd, fieldStart, fieldText } from "../ingest/read-field.js";
import type { Batch } from "../ingest/scanner.js";
import type { CanonicalColumn, Source } from "../ingest/source.js";
import { slotNumber, slotSex } from "../register/register-index.js";
import { quoteField } from "../report/csv-field.js";
import { isPlainFacilityCode } from "../vaccination/facility.js";
import type { Vaccine } from "../vaccination/vaccine.js";
import type { ByteWriter } from "./byte-writer.js";
import {
  addedQuotes,
  isoDateBytes,
  putAll,
  putBytes,
  putDelivered,
  putIsoDate,
  putTwelveDigits,
  putWhole,
  wholeBytes,
} from "./put-bytes.js";
import { createRecordChanges } from "./record-changes.js";
import { putPlainName } from "./standard-name.js";
import type { StandardReadings } from "./standard-readings.js";
import type { StandardRules } from "./standard-rules.js";
import { copyText, isSameText } from "./value-readings.js";
import type { PublishedVerdict } from "./verdict-text.js";

export interface StandardContext {
  readonly source: Source;
  readonly register: Register | null;
  readonly vaccines: readonly Vaccine[];
  readonly rulesVersion: string;
}

/** A shard as it was assessed and judged. */
export interface JudgedRecords {
  readonly columns: AssessmentColumns;
  /** By record of the shard: position in the table of verdicts. */
  readonly verdicts: Uint32Array;
}

/** Writes the standard values of cleaned records, and the changes that lead to them from the delivered cells. */
export interface StandardWriter {
  /** Begins a shard, whose verdicts are in `verdictTable`. */
  begin(shard: JudgedRecords, verdictTable: readonly PublishedVerdict[]): void;
  /** Each value with a comma before; `hasOwnId`: the record has the record_id of its row. */
  put(
    writer: ByteWriter,
    batch: Batch,
    row: number,
    record: number,
    line: number,
    doseSlot: number,
    hasOwnId: boolean,
    rules: StandardRules,
  ): void;
  /** Changes of single records since the last call. */
  takeChanges(): number;
}

const comma = 0x2c;
const letterM = 0x4d;
const letterF = 0x46;
/** Number, two dates, sex, dose number and the commas before all nine values. */
const fixedBytes = 12 + 2 * isoDateBytes + 1 + wholeBytes + 9;

/**
 * Makes the writer of a source's standard values, shard by shard: 12-digit ID, NFC name, ISO dates, M or F, dose, vaccine key and CVX,
 * facility code. Each value that is not the delivered cell is told in `changes`: as a reading of the whole column
 * (dates, written once per file), of a value (by the readings), or of this record.
 */
export function createStandardWriter(
  { source, register, vaccines, rulesVersion }: StandardContext,
  { noteSex, noteVaccine, noteDose, noteCvx, readFacilityField }: StandardReadings,
  changes: ByteWriter,
): StandardWriter {
  const vaccineFields = vaccines.map(({ key, cvx }) => Buffer.from(`,${key},${cvx},`));
  // No field of a comma-separated file needs quotes that it has not.
  const putField = source.delimiter === "," ? putBytes : putDelivered;
  const cell = new Cell();
  let lastName: Uint8Array = new Uint8Array(0);
  let lastStandardName: Uint8Array = new Uint8Array(0);
  const recordChanges = createRecordChanges(
    source.name,
    Buffer.from(quoteField(source.name)),
    rulesVersion,
    changes,
  );

  let columns: AssessmentColumns = createColumns(0);
  let registerNames: ReadonlyMap<number, string> = new Map();

  return { begin, put, takeChanges: recordChanges.takeCount };

  function begin(shard: JudgedRecords, verdictTable: readonly PublishedVerdict[]): void {
    columns = shard.columns;
    // Of a shard that failed halfway.
    recordChanges.takeCount();
    registerNames = fetchRegisterNames(shard, verdictTable, register);
  }

  function put(
    writer: ByteWriter,
    batch: Batch,
    row: number,
    record: number,
    line: number,
    doseSlot: number,
    hasOwnId: boolean,
    rules: StandardRules,
  ): void {
    if (register === null) throw new Error("a record was cleaned without a register");
    const dose = doseSlot === 0 ? null : source.doses[doseSlot - 1];
    const slot = columns.slot[record] as number;
    const idColumn = hasOwnId ? source.columns.record_id : -1;
    recordChanges.begin(
      batch.bytes,
      startOf(batch, row, idColumn),
      endOf(batch, row, idColumn),
      line,
      doseSlot,
    );

    writer.reserve(13);
    writer.bytes[writer.length] = comma;
    const idAt = writer.length + 1;
    writer.moveTo(putTwelveDigits(writer.bytes, idAt, slotNumber(register.index, slot)));
    if (rules.citizenId !== "")
      noteChange(batch, row, "citizen_id", source.columns.citizen_id, rules.citizenId, writer, idAt);
    putName(writer, batch, row, slot, rules);

    const vaccine = columns.vaccine[record] as number;
    const vaccineField = vaccineFields[vaccine] as Uint8Array;
    writer.reserve(fixedBytes + vaccineField.length);
    const out = writer.bytes;
    out[writer.length] = comma;
    const birthAt = writer.length + 1;
    const birthEnd = putIsoDate(out, birthAt, columns.birthDay[record] as number);
    const isYearOnly = ((columns.comparison[record] as number) & recordYearOnlyBit) !== 0;
    writer.moveTo(isYearOnly ? birthAt + 4 : birthEnd);
    noteDate(batch, row, "birth_date", source.columns.birth_date, writer, birthAt);

    const sexAt = writer.length + 1;
    out[sexAt - 1] = comma;
    const sex = slotSex(register.index, slot);
    out[sexAt] = sex === 0 ? letterM : letterF;
    out[sexAt + 1] = comma;
    writer.moveTo(sexAt + 1);
    if (rules.sex !== "") noteChange(batch, row, "sex", source.columns.sex, rules.sex, writer, sexAt);
    else noteSex(batch, row, source.columns.sex, sex === 0 ? "M" : "F", sex);

    const doseNumber = columns.dose[record] as number;
    const doseEnd = putWhole(out, sexAt + 2, doseNumber);
    if (doseSlot === 0)
      noteDose(batch, row, source.columns.dose_no, doseTexts[doseNumber] as string, doseNumber);
    const { key } = vaccines[vaccine] as Vaccine;
    noteVaccine(batch, row, dose ? dose.vaccine : source.columns.vaccine, key, vaccine);
    noteCvx(vaccine);
    const dayAt = putAll(out, doseEnd, vaccineField);
    const dayEnd = putIsoDate(out, dayAt, columns.day[record] as number);
    writer.moveTo(dayEnd);
    const dateColumn = dose ? dose.vaccination_date : source.columns.vaccination_date;
    noteDate(batch, row, "vaccination_date", dateColumn, writer, dayAt);

    putFacility(writer, batch, row, dose ? dose.facility_code : source.columns.facility_code);
  }

  function putFacility(writer: ByteWriter, batch: Batch, row: number, column: number): void {
    const start = startOf(batch, row, column);
    const end = endOf(batch, row, column);
    const isPlain = isPlainFacilityCode(batch.bytes, start, end);
    const facility = isPlain ? null : readFacilityField(batch, row, column);
    writer.reserve((facility?.length ?? end - start) + 1);
    const out = writer.bytes;
    const at = writer.length + 1;
    out[at - 1] = comma;
    writer.moveTo(facility ? putAll(out, at, facility) : putBytes(out, at, batch.bytes, start, end));
  }

  function putName(writer: ByteWriter, batch: Batch, row: number, slot: number, rules: StandardRules): void {
    const column = source.columns.full_name;
    const start = startOf(batch, row, column);
    const end = endOf(batch, row, column);
    writer.reserve(end - start + 1 + addedQuotes);
    const at = writer.length + 1;
    writer.bytes[at - 1] = comma;
    if (rules.fullName === "") {
      writer.moveTo(putField(writer.bytes, at, batch.bytes, start, end));
      return;
    }
    writer.moveTo(at);
    const name = rules.takesRegisterName ? registerNames.get(slot) : undefined;
    if (name !== undefined) writer.putField(name);
    else putStandardName(writer, batch, row);
    noteChange(batch, row, "full_name", column, rules.fullName, writer, at);
  }

  /** A name that is read as a whole is kept: the doses of a person mostly follow one another, with one name. */
  function putStandardName(writer: ByteWriter, batch: Batch, row: number): void {
    const { bytes } = batch;
    const column = source.columns.full_name;
    const start = startOf(batch, row, column);
    const end = endOf(batch, row, column);
    if (putPlainName(writer, bytes, start, end)) return;
    if (!isSameText(lastName, bytes, start, end)) {
      lastName = copyText(bytes, start, end);
      lastStandardName = Buffer.from(quoteField(standardName(fieldText(batch, row, column))));
    }
    writer.putBytes(lastStandardName, 0, lastStandardName.length);
  }

  /** `dd/mm/yyyy` and `yyyy-mm-dd` are read as the column's own form; anything else is this record's change. */
  function noteDate(
    batch: Batch,
    row: number,
    name: CanonicalColumn,
    column: number,
    writer: ByteWriter,
    at: number,
  ): void {
    cell.moveTo(batch, row, column);
    if (!cell.isPadded && writer.length - at === isoDateBytes && isPlainDate(cell)) return;
    noteChange(batch, row, name, column, "read-date", writer, at);
  }

  /** What was written from `at` on is another value than the delivered cell, or the same. */
  function noteChange(
    batch: Batch,
    row: number,
    name: CanonicalColumn,
    column: number,
    rule: string,
    writer: ByteWriter,
    at: number,
  ): void {
    const start = startOf(batch, row, column);
    const end = endOf(batch, row, column);
    recordChanges.write(name, rule, start, end, writer.bytes, at, writer.length);
  }
}

const doseTexts = Array.from({ length: 256 }, (_, dose) => String(dose));

/** Where a field starts; an empty one for column -1. */
function startOf(batch: Batch, row: number, column: number): number {
  return column < 0 ? 0 : fieldStart(batch, row, column);
}

function endOf(batch: Batch, row: number, column: number): number {
  return column < 0 ? 0 : fieldEnd(batch, row, column);
}

/** Standard forms of the register's names, by slot, for the cleaned records of the shard that take them over. */
function fetchRegisterNames(
  { columns, verdicts }: JudgedRecords,
  verdictTable: readonly PublishedVerdict[],
  register: Register | null,
): ReadonlyMap<number, string> {
  const takesName = verdictTable.map(({ set, standard }) => set === "cleaned" && standard.takesRegisterName);
  const slots: number[] = [];
  for (let record = 0; record < verdicts.length; record++) {
    if (takesName[verdicts[record] as number]) slots.push(columns.slot[record] as number);
  }
  const names = new Map<number, string>();
  if (register === null || slots.length === 0) return names;
  for (const [slot, name] of register.reader.fullNames(slots)) names.set(slot, standardName(name));
  return names;
}
