import { isoDateBytes, putByte, putDigits, putIsoDate, putPair, putWhole } from "./bytes";
import { cellEnd, cellStart, isCellPadded } from "./cell";
import { logByVerdict, logChange } from "./change-log";
import { birthDate, citizenId, columnAt, sex } from "./columns";
import { hasPlainDateForm } from "./date";
import {
  answerStart,
  birthDateField,
  citizenIdField,
  citizenIdRule,
  readDateRule,
  sexField,
  sexRule,
  vaccinationDateField,
} from "./put-words";
import {
  birthDayWord,
  dayWord,
  doseColumn,
  doseWord,
  endOf,
  high6Word,
  low6Word,
  moveToCell,
  output,
  personBits,
  startOf,
  vaccineAt,
  words,
} from "./record";

const comma: u8 = 0x2c;
const lineFeed: u8 = 0x0a;
const letterM: u8 = 0x4d;
const letterF: u8 = 0x46;

const isFemaleBit: i32 = 1;
const isYearOnlyBit: i32 = 2;

/** The number, and a change when the cell has another text. */
export function putCitizenId(): void {
  const from = putByte(load<u32>(output), comma);
  const at = putDigits(putDigits(from, 6, load<u32>(words, high6Word)), 6, load<u32>(words, low6Word));
  store<u32>(output, <u32>at);
  logByVerdict(columnAt(citizenId), citizenIdField, citizenIdRule, from, at);
}

/** Birth date, sex and dose number. */
export function putBirthAndSex(): void {
  const bits = load<i32>(words, personBits);
  const birthAt = putByte(load<u32>(output), comma);
  const birthEnd = putIsoDate(birthAt, load<i32>(words, birthDayWord));
  const end = (bits & isYearOnlyBit) !== 0 ? birthAt + 4 : birthEnd;
  logDate(columnAt(birthDate), birthDateField, birthAt, end);
  const sexAt = putByte(end, comma);
  const sexEnd = putByte(sexAt, (bits & isFemaleBit) !== 0 ? letterF : letterM);
  logByVerdict(columnAt(sex), sexField, sexRule, sexAt, sexEnd);
  store<u32>(output, <u32>putWhole(putByte(sexEnd, comma), load<u32>(words, doseWord)));
}

/** Vaccine, date and the facility's field, which the host has answered or the memo has found; and the line's end. */
export function putVaccination(): void {
  const dayAt = putPair(load<u32>(output), vaccineAt());
  const dayEnd = putIsoDate(dayAt, load<i32>(words, dayWord));
  logDate(doseColumn(1), vaccinationDateField, dayAt, dayEnd);
  store<u32>(output, <u32>putByte(putPair(putByte(dayEnd, comma), answerStart), lineFeed));
}

/** `dd/mm/yyyy` and `yyyy-mm-dd` are read as the column's own form; anything else is this record's change. */
function logDate(column: i32, field: usize, from: usize, to: usize): void {
  moveToCell(column);
  if (!isCellPadded && to - from === isoDateBytes && hasPlainDateForm(cellStart, cellEnd)) return;
  logChange(
    field,
    load<u32>(readDateRule),
    load<u32>(readDateRule, 4),
    startOf(column),
    endOf(column),
    from,
    to,
  );
}
