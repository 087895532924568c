import { fieldEnds, rowStarts } from "./layout";

const quote: u8 = 0x22;
const space: u8 = 0x20;

/** The cell moved to last: a range of the chunk's text without its quotes and outer spaces. */
export let cellStart: usize = 0;
export let cellEnd: usize = 0;
/** It holds doubled quotes: its bytes are not its text. */
export let isCellEscaped: bool = false;
/** Outer spaces were left out. */
export let isCellPadded: bool = false;

/** Where the ends of the chunk's fields are listed. */
let fieldEndsAt: usize = fieldEnds;

/** Lists of a chunk with many fields stand elsewhere. */
export function placeFieldEnds(address: usize): void {
  fieldEndsAt = address;
}

/** Where a field starts, its quotes included; `shift` leads from the host's offsets to addresses. */
export function fieldStart(row: i32, column: i32, columns: i32, shift: i32): usize {
  return (
    (column === 0
      ? load<i32>(rowStarts + ((<usize>row) << 2))
      : load<i32>(fieldEndsAt + ((<usize>(row * columns + column - 1)) << 2)) + 1) + shift
  );
}

/** Where a field ends, exclusive. */
export function fieldEnd(row: i32, column: i32, columns: i32, shift: i32): usize {
  return load<i32>(fieldEndsAt + ((<usize>(row * columns + column)) << 2)) + shift;
}

/** Moves to a cell; to an empty one for column -1. */
export function moveTo(row: i32, column: i32, columns: i32, shift: i32): void {
  isCellEscaped = false;
  isCellPadded = false;
  if (column < 0) {
    cellStart = cellEnd = 0;
    return;
  }
  let start = fieldStart(row, column, columns, shift);
  let end = fieldEnd(row, column, columns, shift);
  if (start < end && load<u8>(start) === quote) {
    start++;
    end--;
    for (let at = start; at < end; at++) if (load<u8>(at) === quote) isCellEscaped = true;
  }
  let from = start;
  let to = end;
  while (from < to && load<u8>(from) === space) from++;
  while (to > from && load<u8>(to - 1) === space) to--;
  cellStart = from;
  cellEnd = to;
  isCellPadded = from !== start || to !== end;
}

/** Whether the cell moved to is blank: 0 no, 1 yes, 2 when a character outside ASCII decides. */
export function blankness(): i32 {
  for (let at = cellStart; at < cellEnd; at++) {
    const byte = load<u8>(at);
    if (byte === space || (byte >= 0x09 && byte <= 0x0d)) continue;
    return byte < 0x80 ? 0 : 2;
  }
  return 1;
}

/** `length` ASCII digits as a number, at most nine of them; -1 when they are none. */
export function readDigits(start: usize, length: usize): i32 {
  let value: i32 = 0;
  for (let at = start; at < start + length; at++) {
    const digit = <u32>load<u8>(at) - 0x30;
    if (digit > 9) return -1;
    value = value * 10 + <i32>digit;
  }
  return value;
}
