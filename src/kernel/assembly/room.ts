import { addedQuotes } from "./bytes";
import { beginChanges, changeBound } from "./change-log";
import {
  changesOutput,
  citizenIdRule,
  cleanedOutput,
  fullNameRule,
  lacksRoom,
  ownIdColumn,
  sexRule,
  suffixWords,
} from "./put-words";
import { columns, doseSlot, endOf, lineNumber, startOf, vaccineAt, verdict } from "./record";

/** Longer names are asked about as a whole. */
export const maxNameBytes: usize = 256;
/** A word whose standard form is more than so many times as long is left to the whole name. */
export const wordGrowth: usize = 3;
/** 12 digits, two dates, sex, the columns of an error, all commas. */
const fixedBytes: usize = 64;
/** Columns of a change log's line that a record may have: number, name, two dates, sex. */
const maxChanges: usize = 5;
/** Of dates, number and sex after a change. */
const afterBytes: usize = 64;

/** Room that the record needs in its set and in the change log, without what the host answers. */
let lineBound: usize = 0;
let changesBound: usize = 0;

/** Adds up the most bytes that the record can take. The row is in the chunk: none of its parts is longer. */
export function findBounds(): void {
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
export function lacksRoomForRecord(answerBytes: usize): bool {
  if (lacksRoom(load<i32>(verdict), lineBound + answerBytes)) return true;
  return load<i32>(verdict) === cleanedOutput && lacksRoom(changesOutput, changesBound + answerBytes);
}
