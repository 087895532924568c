import {
  blankness,
  cellEnd,
  cellStart,
  fieldEnd,
  fieldStart,
  isCellEscaped,
  isCellPadded,
  moveTo,
  readDigits,
} from "./cell";
import {
  birthDate,
  citizenId,
  columnAt,
  doseColumns,
  doseNumber,
  doses,
  fullName,
  phone,
  placeColumns,
  places,
  priorityGroup,
  recordId,
  sex,
} from "./columns";
import { isFirstOfJanuary, noDay, readPlainDate } from "./date";
import {
  doseWords,
  doseWordsPerRow,
  maxRows,
  personWords,
  personWordsPerRow,
  rowFaults,
  scratch,
  scratchBytes,
} from "./layout";
import { add, find, isSame, Memo } from "./memo";
import { doseMemo, facilityMemo, groupMemo, memoAt, placeMemo, sexMemo, vaccineMemo } from "./memos";
import { finish, hashName } from "./name-hash";

// Words of a row.
const high6Word: usize = 0;
const low6Word: usize = 4;
const nameWords: usize = 8;
const birthDayWord: usize = 20;
const sexWord: usize = 24;
/** The words before this one are the person's: the same in the next row when its cells are the same. */
const personBytes: usize = 28;
const samePersonWord: usize = 28;
const keyWords: usize = 32;
const placeWord: usize = 40;
const groupWord: usize = 44;
const phoneWord: usize = 48;
const traitBits: usize = 52;

const namePadded: i32 = 1 << 8;
const nameEscaped: i32 = 1 << 9;

const isFirstOfJanuaryBit: i32 = 1;
const keyAsksBit: i32 = 2;

/** Reads what the chunk's rows say of persons and places. */
export function readPeople(rows: i32, columns: i32, shift: i32): void {
  const idColumn = columnAt(citizenId);
  const nameColumn = columnAt(fullName);
  const birthColumn = columnAt(birthDate);
  const sexColumn = columnAt(sex);
  const keyColumn = columnAt(recordId);
  const phoneColumn = columnAt(phone);
  const groupColumn = columnAt(priorityGroup);
  const sexTexts = changetype<Memo>(memoAt(sexMemo));
  const groupTexts = changetype<Memo>(memoAt(groupMemo));
  const placeTexts = changetype<Memo>(memoAt(placeMemo));
  let isReadBefore = false;
  for (let row = 0; row < rows; row++) {
    const out = personWords + <usize>(row * personWordsPerRow) * 4;
    if (load<u8>(rowFaults + row) !== 0) {
      isReadBefore = false;
      continue;
    }
    const isSamePerson =
      isReadBefore &&
      isSameCell(row, idColumn, columns, shift) &&
      isSameCell(row, birthColumn, columns, shift) &&
      isSameCell(row, sexColumn, columns, shift) &&
      isSameCell(row, nameColumn, columns, shift);
    isReadBefore = true;
    let bits: i32 = 0;
    if (isSamePerson) {
      memory.copy(out, out - personWordsPerRow * 4, personBytes);
      bits = load<i32>(out - personWordsPerRow * 4, traitBits) & isFirstOfJanuaryBit;
    } else {
      readNumber(row, idColumn, columns, shift, out);
      moveTo(row, nameColumn, columns, shift);
      hashName(cellStart, cellEnd, out + nameWords);
      store<i32>(
        out,
        load<i32>(out, nameWords + 8) | (isCellPadded ? namePadded : 0) | (isCellEscaped ? nameEscaped : 0),
        nameWords + 8,
      );
      moveTo(row, birthColumn, columns, shift);
      const day = readPlainDate(cellStart, cellEnd);
      store<i32>(out, day, birthDayWord);
      if (day !== noDay && isFirstOfJanuary(cellStart)) bits |= isFirstOfJanuaryBit;
      moveTo(row, sexColumn, columns, shift);
      store<i32>(out, find(sexTexts, cellStart, cellEnd), sexWord);
    }
    store<i32>(out, isSamePerson ? 1 : 0, samePersonWord);

    moveTo(row, keyColumn, columns, shift);
    const isKeyBlank = blankness();
    if (isKeyBlank === 1) store<u64>(out, 0, keyWords);
    else hashBytes(cellStart, cellEnd, out + keyWords);
    if (isKeyBlank === 2) bits |= keyAsksBit;

    findKey(row, places, placeColumns, columns, shift);
    store<i32>(out, find(placeTexts, keyStart, keyEnd), placeWord);
    moveTo(row, groupColumn, columns, shift);
    store<i32>(out, find(groupTexts, cellStart, cellEnd), groupWord);
    moveTo(row, phoneColumn, columns, shift);
    store<i32>(out, cellStart === cellEnd || isPlainPhone() ? 0 : 1, phoneWord);
    store<i32>(out, bits, traitBits);
  }
}

/** Reads one dose of each of the chunk's rows; `slot` 0 is the dose of a long row, 1 to 9 are those of a wide one. */
export function readDoses(rows: i32, columns: i32, shift: i32, slot: i32): void {
  const first = doses + slot * doseColumns;
  const vaccineColumn = columnAt(first);
  const dateColumn = columnAt(first + 1);
  const lotColumn = columnAt(first + 2);
  const doseColumn = slot === 0 ? columnAt(doseNumber) : -1;
  const vaccineTexts = changetype<Memo>(memoAt(vaccineMemo));
  const doseTexts = changetype<Memo>(memoAt(doseMemo));
  const facilityTexts = changetype<Memo>(memoAt(facilityMemo));
  for (let row = 0; row < rows; row++) {
    if (load<u8>(rowFaults + row) !== 0) continue;
    const out = doseWords + <usize>((slot * maxRows + row) * doseWordsPerRow) * 4;
    moveTo(row, dateColumn, columns, shift);
    store<i32>(out, readPlainDate(cellStart, cellEnd));
    moveTo(row, doseColumn, columns, shift);
    store<i32>(out, find(doseTexts, cellStart, cellEnd), 4);
    moveTo(row, vaccineColumn, columns, shift);
    store<i32>(out, find(vaccineTexts, cellStart, cellEnd), 8);
    findKey(row, first + 3, 2, columns, shift);
    store<i32>(out, find(facilityTexts, keyStart, keyEnd), 12);
    moveTo(row, lotColumn, columns, shift);
    store<i32>(out, blankness(), 16);
  }
}

/** The number remembered for the text of a row that memo `number` is about, or -1. */
export function findText(number: i32, row: i32, columns: i32, shift: i32, slot: i32): i32 {
  moveToText(number, row, columns, shift, slot);
  return find(changetype<Memo>(memoAt(number)), keyStart, keyEnd);
}

/** Remembers `value` (not negative) for the text that `findText` has just missed. */
export function addText(number: i32, value: i32): void {
  add(changetype<Memo>(memoAt(number)), keyStart, keyEnd, value);
}

function moveToText(number: i32, row: i32, columns: i32, shift: i32, slot: i32): void {
  const first = doses + slot * doseColumns;
  if (number === placeMemo) findKey(row, places, placeColumns, columns, shift);
  else if (number === facilityMemo) findKey(row, first + 3, 2, columns, shift);
  else {
    moveTo(
      row,
      number === sexMemo
        ? columnAt(sex)
        : number === groupMemo
          ? columnAt(priorityGroup)
          : number === doseMemo
            ? columnAt(doseNumber)
            : columnAt(first),
      columns,
      shift,
    );
    keyStart = cellStart;
    keyEnd = cellEnd;
  }
}

let keyStart: usize = 0;
let keyEnd: usize = 0;

/**
 * Sets `keyStart` and `keyEnd` to one text for several cells: where their columns stand side by side it is the text as
 * it stands, delimiters included; else it is put together.
 */
function findKey(row: i32, first: i32, count: i32, columns: i32, shift: i32): void {
  const from = columnAt(first);
  let isRun = from >= 0;
  for (let position = 1; isRun && position < count; position++)
    isRun = columnAt(first + position) === from + position;
  if (isRun) {
    keyStart = fieldStart(row, from, columns, shift);
    keyEnd = fieldEnd(row, from + count - 1, columns, shift);
    return;
  }
  let to = scratch;
  for (let position = 0; position < count; position++) {
    moveTo(row, columnAt(first + position), columns, shift);
    const length = cellEnd - cellStart;
    if (to + length + 1 > scratch + scratchBytes) {
      // Longer than what is remembered of a text: nothing is.
      keyStart = scratch;
      keyEnd = scratch + scratchBytes;
      return;
    }
    memory.copy(to, cellStart, length);
    to += length;
    store<u8>(to++, 0xff); // no byte of UTF-8
  }
  keyStart = scratch;
  keyEnd = to;
}

/** A number of exactly 12 digits as two halves, or -1 twice. */
function readNumber(row: i32, column: i32, columns: i32, shift: i32, out: usize): void {
  moveTo(row, column, columns, shift);
  let high6: i32 = -1;
  let low6: i32 = -1;
  if (cellEnd - cellStart === 12 && !isCellPadded) {
    high6 = readDigits(cellStart, 6);
    low6 = high6 < 0 ? -1 : readDigits(cellStart + 6, 6);
  }
  store<i32>(out, high6, high6Word);
  store<i32>(out, low6, low6Word);
}

/** Whether a cell stands in a row byte for byte as in the row before it; a column that the file has not does. */
function isSameCell(row: i32, column: i32, columns: i32, shift: i32): bool {
  if (column < 0) return true;
  const start = fieldStart(row, column, columns, shift);
  const before = fieldStart(row - 1, column, columns, shift);
  const length = fieldEnd(row, column, columns, shift) - start;
  return length === fieldEnd(row - 1, column, columns, shift) - before && isSame(start, before, length);
}

/** Ten digits that begin with 0. */
function isPlainPhone(): bool {
  if (cellEnd - cellStart !== 10 || load<u8>(cellStart) !== 0x30) return false;
  return readDigits(cellStart, 5) >= 0 && readDigits(cellStart + 5, 5) >= 0;
}

/** Stores a 64-bit hash of a text at `out`, high word first; never 0, 0. */
export function hashBytes(start: usize, end: usize, out: usize): void {
  let high: i32 = 0x811c9dc5;
  let low: i32 = 0x1b873593 ^ <i32>(end - start);
  for (let at = start; at < end; at++) {
    const byte: i32 = load<u8>(at);
    high = (high ^ byte) * 0x01000193;
    low = (low ^ byte) * 0x5bd1e995;
    low ^= low >>> 13;
  }
  store<i32>(out, finish(high ^ (low >>> 7)));
  store<i32>(out, finish(low) | 1, 4);
}
