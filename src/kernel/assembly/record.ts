import { fieldEnd, fieldStart, moveTo } from "./cell";
import { columnAt, doseColumns, doses } from "./columns";
import { recordsToPut, recordToPutWords, vaccineToPutWords, verdictToPutWords } from "./layout";
import { outputAt, vaccines, verdicts } from "./put-words";

// Words of a record (`add` and `describe` in src/publish/record-putter.ts).
const doseSlotWord: usize = 4;
const verdictWord: usize = 8;
export const high6Word: usize = 12;
export const low6Word: usize = 16;
export const personBits: usize = 20;
export const birthDayWord: usize = 24;
export const doseWord: usize = 28;
const vaccineWord: usize = 32;
export const dayWord: usize = 36;
/** 64 bits. */
const lineWords: usize = 40;

/** The chunk that the records' rows are in. */
export let columns: i32 = 0;
let shift: i32 = 0;

// The record that is put together: address of its words, of its verdict's, and of its output's.
export let words: usize = 0;
export let verdict: usize = 0;
export let output: usize = 0;
let row: i32 = 0;

export function beginChunk(columnCount: i32, textShift: i32): void {
  columns = columnCount;
  shift = textShift;
}

export function moveToRecord(record: i32): void {
  words = recordsToPut + <usize>(record * recordToPutWords * 4);
  row = load<i32>(words);
  verdict = load<u32>(verdicts) + <usize>(load<i32>(words, verdictWord) * verdictToPutWords * 4);
  output = outputAt(load<i32>(verdict));
}

/** The record's dose slot: 0 of a long row. */
export function doseSlot(): i32 {
  return load<i32>(words, doseSlotWord);
}

export function lineNumber(): u64 {
  return load<u64>(words, lineWords);
}

/** Address of the three words of the record's vaccine: `,key,cvx,` as address and length, and whether its CVX was told. */
export function vaccineAt(): usize {
  return load<u32>(vaccines) + <usize>(load<i32>(words, vaccineWord) * vaccineToPutWords * 4);
}

/** Number in the file of a column of the record's dose. */
export function doseColumn(position: i32): i32 {
  return columnAt(doses + doseSlot() * doseColumns + position);
}

/** Where the record's field of a column starts; an empty one for column -1. */
export function startOf(column: i32): usize {
  return column < 0 ? 0 : fieldStart(row, column, columns, shift);
}

export function endOf(column: i32): usize {
  return column < 0 ? 0 : fieldEnd(row, column, columns, shift);
}

/** Moves to the record's cell of a column (`cell.ts`). */
export function moveToCell(column: i32): void {
  moveTo(row, column, columns, shift);
}
