import {
  addedQuotes,
  hasComma,
  putByte,
  putBytes,
  putDelivered,
  putPair,
  putWhole,
  wholeBytes,
} from "./bytes";
import { isSame } from "./memo";
import {
  changeCount,
  changesOutput,
  idHead,
  idTail,
  outputAt,
  scope,
  sourceField,
  verdictTexts,
  version,
} from "./put-words";
import { endOf, startOf, verdict } from "./record";

const quote: u8 = 0x22;
const comma: u8 = 0x2c;
const lineFeed: u8 = 0x0a;
const carriageReturn: u8 = 0x0d;
const colon: u8 = 0x3a;

/** Of the longest `,column,`, of `read-date`, and of what separates the fields. */
const fixedBytes: usize = 48;

/** The record whose changes are logged: its own record_id as a delivered field, or none; its line and dose slot. */
let idStart: usize = 0;
let idEnd: usize = 0;
let line: u64 = 0;
let doseSlot: i32 = 0;

export function beginChanges(start: usize, end: usize, sourceLine: u64, slot: i32): void {
  idStart = start;
  idEnd = end;
  line = sourceLine;
  doseSlot = slot;
}

/** Most bytes of one of the record's changes without rule of a verdict, before and after. */
export function changeBound(): usize {
  const id = idEnd - idStart + addedQuotes + load<u32>(idHead, 4) + 2 * wholeBytes + load<u32>(idTail, 4);
  return (
    load<u32>(scope, 4) + id + load<u32>(sourceField, 4) + wholeBytes + load<u32>(version, 4) + fixedBytes
  );
}

/** A record_id that is made of file, line and dose. */
export function putMadeId(to: usize, sourceLine: u64, slot: i32): usize {
  let at = putWhole(putPair(to, idHead), sourceLine);
  if (slot !== 0) at = putWhole(putByte(at, colon), slot);
  return putPair(at, idTail);
}

/**
 * Logs that the column of `columnField` (address and length) was delivered as the field `[start, end)` and is the field
 * `[after, afterEnd)` of the sets; nothing when both are one text.
 */
export function logChange(
  columnField: usize,
  rule: usize,
  ruleLength: usize,
  start: usize,
  end: usize,
  after: usize,
  afterEnd: usize,
): void {
  readField(start, end);
  if (isSameField(after, afterEnd)) return;
  const words = outputAt(changesOutput);
  let at = putPair(load<u32>(words), scope);
  if (idStart === idEnd) at = putMadeId(at, line, doseSlot);
  else {
    readField(idStart, idEnd);
    at = putField(at);
  }
  at = putPair(putWhole(putPair(at, sourceField), line), columnField);
  readField(start, end);
  at = putByte(putField(at), comma);
  at = putByte(putBytes(at, after, afterEnd - after), comma);
  store<u32>(words, <u32>putPair(putBytes(at, rule, ruleLength), version));
  store<i32>(changeCount, load<i32>(changeCount) + 1);
}

/** Logs what was written in `[from, to)` in place of a cell as what the verdict's rule did, when it has one. */
export function logByVerdict(column: i32, field: usize, rule: usize, from: usize, to: usize): void {
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

/** A delivered field as it is written anew, in quotes of its own when wrapped. */
let fieldStart: usize = 0;
let fieldEnd: usize = 0;
let isWrapped: bool = false;

/** Finds the field that RFC 4180 makes of a delivered field's text: quoted only where it must be. */
function readField(start: usize, end: usize): void {
  fieldStart = start;
  fieldEnd = end;
  isWrapped = false;
  if (start === end) return;
  if (load<u8>(start) !== quote) {
    isWrapped = hasComma(start, end);
    return;
  }
  for (let at = start + 1; at < end - 1; at++) {
    const byte = load<u8>(at);
    if (byte === quote || byte === comma || byte === lineFeed || byte === carriageReturn) return;
  }
  fieldStart++;
  fieldEnd--;
}

/** Whether the field read last is the field `[other, otherEnd)`. */
function isSameField(other: usize, otherEnd: usize): bool {
  const length = fieldEnd - fieldStart;
  if (!isWrapped) return length === otherEnd - other && isSame(fieldStart, other, length);
  return (
    length + addedQuotes === otherEnd - other &&
    load<u8>(other) === quote &&
    isSame(fieldStart, other + 1, length)
  );
}

function putField(to: usize): usize {
  return isWrapped ? putDelivered(to, fieldStart, fieldEnd) : putBytes(to, fieldStart, fieldEnd - fieldStart);
}
