import { isoDate } from "../identity/calendar.js";

/*
 * The loops of publishing: each writes at `at` into `out`, where the caller has made room, and gives the offset after
 * what it wrote.
 */

const quote = 0x22;
const comma = 0x2c;
const zero = 0x30;

/** From so many bytes on, a call into the engine costs less than a loop. */
const longBytes = 40;

/** Puts `bytes[start, end)`. */
export function putBytes(out: Uint8Array, at: number, bytes: Uint8Array, start: number, end: number): number {
  if (end - start >= longBytes) {
    // A Buffer's own views cost more.
    out.set(new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start), at);
    return at + end - start;
  }
  let to = at;
  for (let from = start; from < end; from++) out[to++] = bytes[from] as number;
  return to;
}

/** Puts all of `bytes`. */
export function putAll(out: Uint8Array, at: number, bytes: Uint8Array): number {
  const { length } = bytes;
  if (length >= longBytes) out.set(bytes, at);
  else for (let from = 0; from < length; from++) out[at + from] = bytes[from] as number;
  return at + length;
}

/** Most bytes that `putDelivered` adds to a field. */
export const addedQuotes = 2;

/** A field as it stands in another delimited file: quoted ones as they are, others quoted when they hold a comma. */
export function putDelivered(
  out: Uint8Array,
  at: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  if (start === end || bytes[start] === quote || !hasComma(bytes, start, end))
    return putBytes(out, at, bytes, start, end);
  out[at] = quote;
  const to = putBytes(out, at + 1, bytes, start, end);
  out[to] = quote;
  return to + 1;
}

/** Whether a comma stands in `bytes[start, end)`. */
export function hasComma(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === comma) return true;
  return false;
}

/** Three digits of each number below 1000. */
const triples = new Uint8Array(3000);
for (let value = 0; value < 1000; value++) {
  triples[value * 3] = zero + Math.floor(value / 100);
  triples[value * 3 + 1] = zero + (Math.floor(value / 10) % 10);
  triples[value * 3 + 2] = zero + (value % 10);
}

/** A whole number below 10^12 as 12 digits. */
export function putTwelveDigits(out: Uint8Array, at: number, value: number): number {
  const high = Math.floor(value / 1_000_000);
  const low = value - high * 1_000_000;
  putSixDigits(out, at, high);
  putSixDigits(out, at + 6, low);
  return at + 12;
}

function putSixDigits(out: Uint8Array, at: number, value: number): void {
  const thousands = (value / 1000) | 0;
  const high = thousands * 3;
  const low = (value - thousands * 1000) * 3;
  out[at] = triples[high] as number;
  out[at + 1] = triples[high + 1] as number;
  out[at + 2] = triples[high + 2] as number;
  out[at + 3] = triples[low] as number;
  out[at + 4] = triples[low + 1] as number;
  out[at + 5] = triples[low + 2] as number;
}

/** Most bytes of `putWhole`. */
export const wholeBytes = 16;

/** A whole number below 2^53, not negative, in decimal digits. */
export function putWhole(out: Uint8Array, at: number, value: number): number {
  if (value < 10) {
    out[at] = zero + value;
    return at + 1;
  }
  let width = 1;
  for (let limit = 10; value >= limit; limit *= 10) width++;
  if (value <= 0x7fff_ffff) {
    let rest = value | 0;
    for (let to = at + width - 1; to >= at; to--) {
      const tens = (rest / 10) | 0;
      out[to] = zero + (rest - tens * 10);
      rest = tens;
    }
    return at + width;
  }
  let rest = value;
  for (let to = at + width - 1; to >= at; to--) {
    const tens = Math.floor(rest / 10);
    out[to] = zero + (rest - tens * 10);
    rest = tens;
  }
  return at + width;
}

/** Days that are kept as text once they were written: 1850-01-01 to 2199-12-31. */
const firstDay = -43_829;
const lastDay = 84_005;
export const isoDateBytes = 10;
const isoDates = new Uint8Array((lastDay - firstDay + 1) * isoDateBytes);

/** `yyyy-mm-dd` of a day number (days since 1970-01-01) of the years 0 to 9999. */
export function putIsoDate(out: Uint8Array, at: number, day: number): number {
  if (day < firstDay || day > lastDay) return writeIsoDate(out, at, day);
  const from = (day - firstDay) * isoDateBytes;
  if (isoDates[from] === 0) writeIsoDate(isoDates, from, day);
  for (let index = 0; index < isoDateBytes; index++) out[at + index] = isoDates[from + index] as number;
  return at + isoDateBytes;
}

function writeIsoDate(out: Uint8Array, at: number, day: number): number {
  const text = isoDate(day);
  for (let index = 0; index < text.length; index++) out[at + index] = text.charCodeAt(index);
  return at + text.length;
}
