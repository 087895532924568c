import { fieldEnd, fieldStart } from "../ingest/read-field.js";
import type { Batch } from "../ingest/scanner.js";

const quote = 0x22;
const slash = 0x2f;
const dash = 0x2d;

/** One cell of a batch as a byte range, without its quotes and outer spaces; moved from cell to cell, never copied. */
export class Cell {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** The cell holds doubled quotes: its bytes are not its text. */
  isEscaped = false;
  /** Outer spaces were left out. */
  isPadded = false;

  /** Moves to a cell; to an empty one for column -1. */
  moveTo(batch: Batch, row: number, column: number): void {
    this.bytes = batch.bytes;
    this.isEscaped = false;
    this.isPadded = false;
    if (column < 0) {
      this.start = this.end = 0;
      return;
    }
    let start = fieldStart(batch, row, column);
    let end = fieldEnd(batch, row, column);
    const { bytes } = batch;
    if (start < end && bytes[start] === quote) {
      start++;
      end--;
      for (let at = start; at < end; at++) if (bytes[at] === quote) this.isEscaped = true;
    }
    this.start = start;
    this.end = end;
    while (this.start < end && bytes[this.start] === 0x20) this.start++;
    while (this.end > this.start && bytes[this.end - 1] === 0x20) this.end--;
    this.isPadded = this.start !== start || this.end !== end;
  }

  /** Nothing but Unicode spaces, as `trim` sees them. */
  get isBlank(): boolean {
    return this.start === this.end || isBlankText(this.bytes, this.start, this.end);
  }

  get length(): number {
    return this.end - this.start;
  }

  /** The cell as text, outer spaces left out. */
  text(): string {
    const { bytes } = this;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset + this.start, this.end - this.start);
    const text = buffer.toString("utf8");
    return this.isEscaped ? text.replaceAll('""', '"') : text;
  }
}

/** Whether UTF-8 holds no character but those that `String.prototype.trim` removes. */
export function isBlankText(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)) continue;
    if (byte < 0x80) return false;
    const width = spaceWidth(bytes, at, end);
    if (width === 0) return false;
    at += width - 1;
  }
  return true;
}

/** Bytes of the space outside ASCII that begins here; 0 when it is none. */
function spaceWidth(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at];
  const second = at + 1 < end ? (bytes[at + 1] as number) : 0;
  if (first === 0xc2) return second === 0xa0 ? 2 : 0; // U+00A0
  const third = at + 2 < end ? (bytes[at + 2] as number) : 0;
  if (first === 0xe1) return second === 0x9a && third === 0x80 ? 3 : 0; // U+1680
  if (first === 0xe3) return second === 0x80 && third === 0x80 ? 3 : 0; // U+3000
  if (first === 0xef) return second === 0xbb && third === 0xbf ? 3 : 0; // U+FEFF
  if (first !== 0xe2) return 0;
  if (second === 0x81) return third === 0x9f ? 3 : 0; // U+205F
  // U+2000-200A, 2028, 2029, 202F
  const isSpace = (third >= 0x80 && third <= 0x8a) || third === 0xa8 || third === 0xa9 || third === 0xaf;
  return second === 0x80 && isSpace ? 3 : 0;
}

/** `length` ASCII digits from `start` as a number, or -1. At most nine digits. */
export function readDigits(bytes: Uint8Array, start: number, length: number): number {
  let value = 0;
  for (let at = start; at < start + length; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Whether a cell that was read as a date is written `dd/mm/yyyy` or `yyyy-mm-dd`. */
export function isPlainDate({ bytes, start, end }: Cell): boolean {
  if (end - start !== 10) return false;
  if (bytes[start + 2] === slash) return bytes[start + 5] === slash;
  return bytes[start + 4] === dash && bytes[start + 7] === dash;
}

/** Whether a cell that `readPlainDate` has read is 1 January. */
export function isFirstOfJanuary({ bytes, start }: Cell): boolean {
  const from = bytes[start + 2] === slash ? start : start + 5;
  return readDigits(bytes, from, 2) === 1 && readDigits(bytes, from + 3, 2) === 1;
}

const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/**
 * Day number of a cell that is exactly `dd/mm/yyyy` or `yyyy-mm-dd` and a real date of 1800 to 2199; `null` means:
 * ask the rule that knows every form.
 */
export function readPlainDate({ bytes, start, end }: Cell): number | null {
  if (end - start !== 10) return null;
  let year: number;
  let month: number;
  let day: number;
  if (bytes[start + 2] === slash && bytes[start + 5] === slash) {
    day = readDigits(bytes, start, 2);
    month = readDigits(bytes, start + 3, 2);
    year = readDigits(bytes, start + 6, 4);
  } else if (bytes[start + 4] === dash && bytes[start + 7] === dash) {
    year = readDigits(bytes, start, 4);
    month = readDigits(bytes, start + 5, 2);
    day = readDigits(bytes, start + 8, 2);
  } else return null;
  if (year < 1800 || year > 2199 || month < 1 || month > 12 || day < 1) return null;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days =
    month === 2 ? (isLeap ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  if (day > days) return null;
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const dayOfYear = (daysBeforeMonth[month - 1] as number) + day + (isLeap && month > 2 ? 1 : 0);
  return before * 365 + leapDays + dayOfYear - 719_163;
}
