import { fieldEnd, fieldStart } from "../ingest/read-field.js";
import type { Batch } from "../ingest/scanner.js";

const quote = 0x22;

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
