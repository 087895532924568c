import { blankness } from "./cell";
import { columnAt, doseNumber, sex } from "./columns";
import { add, addAnswer, answerHeadBytes, find, Memo } from "./memo";
import { doseMemo, facilityMemo, memoAt, sexMemo, vaccineMemo } from "./memos";
import { endLine, putLine } from "./put-line";
import { putName } from "./put-name";
import { putBirthAndSex, putCitizenId, putVaccination } from "./put-values";
import { answerLength, answerStart, cleanedOutput, ownIdColumn, sexRule } from "./put-words";
import {
  beginChunk,
  doseColumn,
  doseSlot,
  endOf,
  moveToCell,
  moveToRecord,
  startOf,
  vaccineAt,
  verdict,
} from "./record";
import { findBounds, lacksRoomForRecord } from "./room";
import {
  begun,
  cvxNext,
  cvxQuestion,
  datesNext,
  doseNext,
  doseQuestion,
  facilityAnswered,
  facilityNext,
  facilityQuestion,
  goTo,
  idKnown,
  nameAnswered,
  nameNext,
  noQuestion,
  recordIdAnswered,
  recordIdQuestion,
  roomQuestion,
  sexQuestion,
  stage,
  vaccineNext,
  vaccineQuestion,
} from "./stages";

/** The record under way. */
let record: i32 = 0;
let hasOwnId: bool = false;

/** Begins with the records at `recordsToPut`, whose rows are in the chunk. */
export function beginRecords(columns: i32, shift: i32): void {
  record = 0;
  goTo(begun);
  beginChunk(columns, shift);
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
  for (; record < count; record++, goTo(begun)) {
    moveToRecord(record);
    const question = putRecord();
    if (question !== noQuestion) return question;
  }
  return noQuestion;
}

function putRecord(): i32 {
  if (stage === begun) {
    findBounds();
    if (lacksRoomForRecord(0)) return roomQuestion;
    moveToCell(load<i32>(ownIdColumn));
    const blank = blankness();
    hasOwnId = blank === 0;
    goTo(blank === 2 ? recordIdAnswered : idKnown);
    if (blank === 2) return recordIdQuestion;
  }
  if (stage === recordIdAnswered) {
    hasOwnId = load<i32>(answerLength) >= 0;
    goTo(idKnown);
  }
  if (stage === idKnown) {
    putLine(hasOwnId);
    if (load<i32>(verdict) !== cleanedOutput) {
      endLine();
      return noQuestion;
    }
    putCitizenId();
    goTo(nameNext);
  }
  if (stage <= nameAnswered) {
    const question = putName();
    if (question !== noQuestion) return question;
    goTo(datesNext);
  }
  return finishRecord();
}

/** Birth date, sex, dose, vaccine, date and facility. */
function finishRecord(): i32 {
  if (stage === datesNext) {
    putBirthAndSex();
    goTo(doseNext);
    if (load<u32>(verdict, sexRule + 4) === 0 && isNew(sexMemo, columnAt(sex))) return sexQuestion;
  }
  if (stage === doseNext) {
    goTo(vaccineNext);
    if (doseSlot() === 0 && isNew(doseMemo, columnAt(doseNumber))) return doseQuestion;
  }
  if (stage === vaccineNext) {
    goTo(cvxNext);
    if (isNew(vaccineMemo, doseColumn(0))) return vaccineQuestion;
  }
  if (stage === cvxNext) {
    goTo(facilityNext);
    const isTold = vaccineAt() + 8;
    if (load<i32>(isTold) === 0) {
      store<i32>(isTold, 1);
      return cvxQuestion;
    }
  }
  const question = findFacility();
  if (question !== noQuestion) return question;
  putVaccination();
  return noQuestion;
}

/** Finds the facility's field, which stands at `answerStart` then: the one known for the text, or the host's answer. */
function findFacility(): i32 {
  const column = doseColumn(3);
  const start = startOf(column);
  const end = endOf(column);
  const facilityTexts = changetype<Memo>(memoAt(facilityMemo));
  if (stage === facilityNext) {
    const known = find(facilityTexts, start, end);
    if (known < 0) {
      goTo(facilityAnswered);
      return facilityQuestion;
    }
    store<u32>(answerStart, <u32>known + <u32>answerHeadBytes);
    store<u32>(answerLength, load<u32>(<usize>known));
  }
  const length = load<u32>(answerLength);
  if (lacksRoomForRecord(length)) return roomQuestion;
  if (stage === facilityAnswered) addAnswer(facilityTexts, start, end, load<u32>(answerStart), length);
  return noQuestion;
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
