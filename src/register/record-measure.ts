import { carriageReturn, lineFeed, nextLine } from "../ingest/line-break.js";

const quote = 0x22;
const comma = 0x2c;

/** A record whose quotes are right, however many cells it has. */
export interface MeasuredRecord {
  /** Offset of the next record. */
  readonly next: number;
  /** Line breaks inside its cells. */
  readonly lineFeeds: number;
  /** One cell, and nothing in it. */
  readonly isBlank: boolean;
}

/** Measures the CSV record (RFC 4180, as csv-parse reads it) at `start`; "incomplete" when its end is not in `bytes` and `isLast` is false. */
export function measureRecord(
  bytes: Uint8Array,
  start: number,
  isLast: boolean,
): MeasuredRecord | "malformed" | "incomplete" {
  let at = start;
  let lineFeeds = 0;
  let hasText = false;
  for (;;) {
    if (bytes[at] === quote) {
      for (at++; ; at++) {
        if (at >= bytes.length) return isLast ? "malformed" : "incomplete";
        const byte = bytes[at];
        if (byte === lineFeed || (byte === carriageReturn && bytes[at + 1] !== lineFeed)) lineFeeds++;
        if (byte !== quote) continue;
        if (at + 1 === bytes.length && !isLast) return "incomplete";
        if (bytes[at + 1] !== quote) break;
        at++;
      }
      hasText ||= at > start + 1;
      at++;
    } else {
      for (; at < bytes.length && bytes[at] !== comma && !isBreak(bytes[at]); at++) {
        if (bytes[at] === quote) return "malformed";
        hasText = true;
      }
    }
    if (at >= bytes.length || isBreak(bytes[at])) break;
    if (bytes[at] !== comma) return "malformed";
    hasText = true;
    at++;
  }
  const next = nextLine(bytes, at, isLast);
  return next < 0 ? "incomplete" : { next, lineFeeds, isBlank: !hasText };
}

function isBreak(byte: number | undefined): boolean {
  return byte === lineFeed || byte === carriageReturn;
}
