import {
  addedQuotes,
  isoDateBytes,
  putByte,
  putBytes,
  putDelivered,
  putDigits,
  putIsoDate,
  putPair,
  putWhole,
} from "./bytes";
import { blankness, cellEnd, cellStart, fieldEnd, fieldStart, isCellPadded, moveTo } from "./cell";
import { beginChanges, changeBound, logChange, putMadeId } from "./change-log";
import { birthDate, citizenId, columnAt, doseColumns, doseNumber, doses, fullName, sex } from "./columns";
import { hasPlainDateForm } from "./date";
import { recordsToPut, recordToPutWords, vaccineToPutWords, verdictToPutWords } from "./layout";
import { add, addAnswer, answerHeadBytes, find, Memo } from "./memo";
import { doseMemo, facilityMemo, memoAt, nameMemo, sexMemo, vaccineMemo, wordMemo } from "./memos";
import {
  answerLength,
  answerStart,
  askedEnd,
  askedStart,
  birthDateField,
  changesOutput,
  citizenIdField,
  citizenIdRule,
  cleanedOutput,
  errorsOutput,
  errorTail,
  fullNameField,
  fullNameRule,
  isOrdinary,
  lacksRoom,
  outputAt,
  ownIdColumn,
  readDateRule,
  sexField,
  sexRule,
  sourceField,
  suffixWords,
  takesRegisterName,
  vaccinationDateField,
  vaccines,
  verdicts,
  verdictTexts,
} from "./put-words";

const space: u8 = 0x20;
const comma: u8 = 0x2c;
const lineFeed: u8 = 0x0a;
const letterM: u8 = 0x4d;
const letterF: u8 = 0x46;

// Words of a record (`putRecord` in src/publish/record-putter.ts).
const doseSlotWord: usize = 4;
const verdictWord: usize = 8;
const high6Word: usize = 12;
const low6Word: usize = 16;
const personBits: usize = 20;
const birthDayWord: usize = 24;
const doseWord: usize = 28;
const vaccineWord: usize = 32;
const dayWord: usize = 36;
/** 64 bits. */
const lineWords: usize = 40;

const isFemaleBit: i32 = 1;
const isYearOnlyBit: i32 = 2;

// Questions to the host, by number (`questions` in src/publish/record-putter.ts); 0 is none.
const roomQuestion: i32 = 1;
const recordIdQuestion: i32 = 2;
const wordQuestion: i32 = 3;
const nameQuestion: i32 = 4;
const sexQuestion: i32 = 5;
const doseQuestion: i32 = 6;
const vaccineQuestion: i32 = 7;
const cvxQuestion: i32 = 8;
const facilityQuestion: i32 = 9;

// What is done next of a record. A question is followed by the stage that takes its answer.
const begun: i32 = 0;
const blankAnswered: i32 = 1;
const idKnown: i32 = 2;
const nameNext: i32 = 3;
const wordAnswered: i32 = 4;
const nameAnswered: i32 = 5;
const datesNext: i32 = 6;
const doseNext: i32 = 7;
const vaccineNext: i32 = 8;
const cvxNext: i32 = 9;
const facilityNext: i32 = 10;
const facilityAnswered: i32 = 11;

/** Longer names, and longer words, are asked about as a whole. */
const maxNameBytes: usize = 256;
const maxWordBytes: usize = 32;
/** A word whose standard form is more than so many times as long is left to the whole name. */
const wordGrowth: usize = 3;
/** 12 digits, two dates, sex, the columns of an error, all commas. */
const fixedBytes: usize = 64;
/** Columns of a change log's line that a record may have: number, name, two dates, sex. */
const maxChanges: usize = 5;
/** Of dates, number and sex after a change. */
const afterBytes: usize = 64;

/** The record under way, its stage, and the chunk that its row is in. */
let record: i32 = 0;
let stage: i32 = begun;
let columns: i32 = 0;
let shift: i32 = 0;

// Of the record under way.
let words: usize = 0;
let row: i32 = 0;
let verdict: usize = 0;
let output: usize = 0;
let hasOwnId: bool = false;
/** Room that the record needs in its set and in the change log, without what the host answers. */
let lineBound: usize = 0;
let changesBound: usize = 0;

/** Begins with the records at `recordsToPut`, whose rows are in the chunk. */
export function beginRecords(columnCount: i32, textShift: i32): void {
  record = 0;
  stage = begun;
  columns = columnCount;
  shift = textShift;
}

/** The record that a question is about. */
export function recordUnderWay(): i32 {
  return record;
}

/**
 * Puts `count` records together, each into the set of its verdict, and logs the changes of those that are cleaned. Gives
 * 0 when all are put, or what it has to be told: to be called again with the answer.
 */
export function putRecords(count: i32): i32 {
  for (; record < count; record++, stage = begun) {
    words = recordsToPut + <usize>(record * recordToPutWords * 4);
    row = load<i32>(words);
    verdict = load<u32>(verdicts) + <usize>(load<i32>(words, verdictWord) * verdictToPutWords * 4);
    output = outputAt(load<i32>(verdict));
    const question = putRecord();
    if (question !== 0) return question;
  }
  return 0;
}

function putRecord(): i32 {
  if (stage === begun) {
    findBounds();
    if (lacksRoomForRecord(0)) return roomQuestion;
    moveTo(row, load<i32>(ownIdColumn), columns, shift);
    const blank = blankness();
    hasOwnId = blank === 0;
    stage = blank === 2 ? blankAnswered : idKnown;
    if (blank === 2) return recordIdQuestion;
  }
  if (stage === blankAnswered) {
    hasOwnId = load<i32>(answerLength) >= 0;
    stage = idKnown;
  }
  if (stage === idKnown) {
    putLine();
    if (load<i32>(verdict) !== cleanedOutput) {
      endLine();
      return 0;
    }
    putCitizenId();
    stage = nameNext;
  }
  if (stage <= nameAnswered) {
    const question = putName();
    if (question !== 0) return question;
    stage = datesNext;
  }
  return putDose();
}

/** The record's dose slot: 0 of a long row. */
function doseSlot(): i32 {
  return load<i32>(words, doseSlotWord);
}

function lineNumber(): u64 {
  return load<u64>(words, lineWords);
}

/** Number in the file of a column of the record's dose. */
function doseColumn(position: i32): i32 {
  return columnAt(doses + doseSlot() * doseColumns + position);
}

function startOf(column: i32): usize {
  return column < 0 ? 0 : fieldStart(row, column, columns, shift);
}

function endOf(column: i32): usize {
  return column < 0 ? 0 : fieldEnd(row, column, columns, shift);
}

/** Adds up the most bytes that the record can take. The row is in the chunk: none of its parts is longer. */
function findBounds(): void {
  const column = load<i32>(ownIdColumn);
  beginChanges(startOf(column), endOf(column), lineNumber(), doseSlot());
  const delivered = endOf(columns - 1) - startOf(0);
  const name = wordGrowth * min(delivered, maxNameBytes) + 1;
  const change = changeBound();
  lineBound =
    delivered * 2 +
    <usize>columns * (addedQuotes + 1) +
    change +
    load<u32>(verdict, suffixWords + 4) +
    name +
    fixedBytes;
  if (load<i32>(verdict) !== cleanedOutput) return;
  lineBound += load<u32>(vaccineAt(), 4);
  const rules =
    load<u32>(verdict, citizenIdRule + 4) +
    load<u32>(verdict, fullNameRule + 4) +
    load<u32>(verdict, sexRule + 4);
  changesBound = maxChanges * (change + addedQuotes) + rules + delivered * 2 + name + afterBytes;
}

/** Whether the sets or the log lack room for the record and an answer of so many bytes. */
function lacksRoomForRecord(answerBytes: usize): bool {
  if (lacksRoom(load<i32>(verdict), lineBound + answerBytes)) return true;
  return load<i32>(verdict) === cleanedOutput && lacksRoom(changesOutput, changesBound + answerBytes);
}

/** Record id, file and line, the delivered cells but the record id's own, the verdict. */
function putLine(): void {
  const own = load<i32>(ownIdColumn);
  const ordinary = load<i32>(isOrdinary) !== 0;
  let at: usize = load<u32>(output);
  if (!hasOwnId) {
    beginChanges(0, 0, lineNumber(), doseSlot());
    at = putMadeId(at, lineNumber(), doseSlot());
  } else at = putAsDelivered(at, own, ordinary);
  at = putWhole(putPair(at, sourceField), lineNumber());
  if (ordinary) at = putOrdinary(at, own);
  else {
    for (let column = 0; column < columns; column++)
      if (column !== own) at = putAsDelivered(putByte(at, comma), column, false);
  }
  at = putBytes(
    at,
    load<u32>(verdictTexts) + load<u32>(verdict, suffixWords),
    load<u32>(verdict, suffixWords + 4),
  );
  store<u32>(output, <u32>at);
}

function putAsDelivered(to: usize, column: i32, ordinary: bool): usize {
  const start = startOf(column);
  const end = endOf(column);
  return ordinary ? putBytes(to, start, end - start) : putDelivered(to, start, end);
}

/** All cells but the one of column `own`, with a comma before each, as they stand. */
function putOrdinary(to: usize, own: i32): usize {
  const start = startOf(0);
  const end = endOf(columns - 1);
  let at = to;
  if (own !== 0) {
    const length = (own < 0 ? end : startOf(own) - 1) - start;
    at = putBytes(putByte(at, comma), start, length);
    if (own < 0) return at;
  }
  // Begins with the delimiter, or is empty when record_id is the last column.
  return putBytes(at, endOf(own), end - endOf(own));
}

/** The end of a line without standard values. */
function endLine(): void {
  let at: usize = load<u32>(output);
  if (load<i32>(verdict) === errorsOutput) at = putPair(at, errorTail);
  store<u32>(output, <u32>putByte(at, lineFeed));
}

function putCitizenId(): void {
  const from = putByte(load<u32>(output), comma);
  const at = putDigits(putDigits(from, 6, load<u32>(words, high6Word)), 6, load<u32>(words, low6Word));
  store<u32>(output, <u32>at);
  logByVerdict(columnAt(citizenId), citizenIdField, citizenIdRule, from, at);
}

/** The standard name: as delivered where no rule changes it, else word by word, or as the host reads the whole of it. */
function putName(): i32 {
  const column = columnAt(fullName);
  const start = startOf(column);
  const end = endOf(column);
  const from = <usize>load<u32>(output) + 1;
  store<u8>(from - 1, comma);
  if (load<u32>(verdict, fullNameRule + 4) === 0) {
    store<u32>(output, <u32>putAsDelivered(from, column, load<i32>(isOrdinary) !== 0));
    return 0;
  }
  const isRegisters = load<i32>(verdict, takesRegisterName) !== 0;
  const names = changetype<Memo>(memoAt(nameMemo));
  let at: usize = 0;
  if (stage === nameAnswered) {
    const length = load<i32>(answerLength);
    if (lacksRoomForRecord(length)) return roomQuestion;
    if (!isRegisters) addAnswer(names, start, end, load<u32>(answerStart), length);
    at = putPair(from, answerStart);
  } else {
    if (stage === wordAnswered) {
      const wordTexts = changetype<Memo>(memoAt(wordMemo));
      const start = load<u32>(askedStart);
      const end = load<u32>(askedEnd);
      let length = load<i32>(answerLength);
      if (length > <i32>(wordGrowth * (end - start))) length = -1;
      addAnswer(wordTexts, start, end, load<u32>(answerStart), length);
      stage = nameNext;
    }
    if (!isRegisters && end - start <= maxNameBytes) {
      at = putWords(from, start, end);
      if (at === asksWord) {
        stage = wordAnswered;
        return wordQuestion;
      }
    }
    if (at === 0) {
      const known = isRegisters ? -1 : find(names, start, end);
      if (known < 0) {
        stage = nameAnswered;
        return nameQuestion;
      }
      const length = load<u32>(<usize>known);
      if (lacksRoomForRecord(length)) return roomQuestion;
      at = putBytes(from, <usize>known + answerHeadBytes, length);
    }
  }
  store<u32>(output, <u32>at);
  logByVerdict(column, fullNameField, fullNameRule, from, at);
  return 0;
}

/** An address at which nothing is put. */
const asksWord: usize = 1;

/**
 * Puts a name's words in their standard forms, with single spaces; 0 when one of them is no plain name: then only the
 * whole text tells. `asksWord` when a word was not met before.
 */
function putWords(to: usize, start: usize, end: usize): usize {
  const wordTexts = changetype<Memo>(memoAt(wordMemo));
  let written = to;
  let from = start;
  for (let at = start; at <= end; at++) {
    if (at < end && load<u8>(at) !== space) continue;
    if (at > from) {
      if (at - from > maxWordBytes) return 0;
      const known = find(wordTexts, from, at);
      if (known === 0) return 0;
      if (known < 0) {
        store<u32>(askedStart, <u32>from);
        store<u32>(askedEnd, <u32>at);
        return asksWord;
      }
      if (written > to) written = putByte(written, space);
      written = putBytes(written, <usize>known + answerHeadBytes, load<u32>(<usize>known));
    }
    from = at + 1;
  }
  return written;
}

/** Birth date, sex, dose, vaccine, date and facility. */
function putDose(): i32 {
  if (stage === datesNext) {
    putBirthAndSex();
    stage = doseNext;
    const column = columnAt(sex);
    if (load<u32>(verdict, sexRule + 4) === 0 && isNew(sexMemo, column)) return sexQuestion;
  }
  if (stage === doseNext) {
    stage = vaccineNext;
    if (doseSlot() === 0 && isNew(doseMemo, columnAt(doseNumber))) return doseQuestion;
  }
  if (stage === vaccineNext) {
    stage = cvxNext;
    if (isNew(vaccineMemo, doseColumn(0))) return vaccineQuestion;
  }
  if (stage === cvxNext) {
    stage = facilityNext;
    const isTold = vaccineAt() + 8;
    if (load<i32>(isTold) === 0) {
      store<i32>(isTold, 1);
      return cvxQuestion;
    }
  }
  return putVaccination();
}

function putBirthAndSex(): void {
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

/** Address of the three words of the record's vaccine: `,key,cvx,` as address and length, and whether its CVX was told. */
function vaccineAt(): usize {
  return load<u32>(vaccines) + <usize>(load<i32>(words, vaccineWord) * vaccineToPutWords * 4);
}

function putVaccination(): i32 {
  const column = doseColumn(3);
  const start = startOf(column);
  const end = endOf(column);
  const facilityTexts = changetype<Memo>(memoAt(facilityMemo));
  if (stage === facilityNext) {
    const known = find(facilityTexts, start, end);
    if (known < 0) {
      stage = facilityAnswered;
      return facilityQuestion;
    }
    store<u32>(answerStart, <u32>known + <u32>answerHeadBytes);
    store<u32>(answerLength, load<u32>(<usize>known));
  }
  const length = load<u32>(answerLength);
  if (lacksRoomForRecord(length)) return roomQuestion;
  if (stage === facilityAnswered) addAnswer(facilityTexts, start, end, load<u32>(answerStart), length);
  const dayAt = putPair(load<u32>(output), vaccineAt());
  const dayEnd = putIsoDate(dayAt, load<i32>(words, dayWord));
  logDate(doseColumn(1), vaccinationDateField, dayAt, dayEnd);
  store<u32>(output, <u32>putByte(putPair(putByte(dayEnd, comma), answerStart), lineFeed));
  return 0;
}

/** Whether a column's text is met for the first time; it is known from now on. */
function isNew(memo: i32, column: i32): bool {
  const texts = changetype<Memo>(memoAt(memo));
  const start = startOf(column);
  const end = endOf(column);
  if (find(texts, start, end) >= 0) return false;
  add(texts, start, end, 0);
  return true;
}

/** Logs what was written in `[from, to)` in place of a cell as what the verdict's rule did, when it has one. */
function logByVerdict(column: i32, field: usize, rule: usize, from: usize, to: usize): void {
  const length = load<u32>(verdict + rule + 4);
  if (length === 0) return;
  logChange(
    field,
    load<u32>(verdictTexts) + load<u32>(verdict + rule),
    length,
    startOf(column),
    endOf(column),
    from,
    to,
  );
}

/** `dd/mm/yyyy` and `yyyy-mm-dd` are read as the column's own form; anything else is this record's change. */
function logDate(column: i32, field: usize, from: usize, to: usize): void {
  moveTo(row, column, columns, shift);
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
