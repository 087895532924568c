// What writes at `to`, where there is room for it and 16 bytes more, and gives the address after what it wrote.

const quote: u8 = 0x22;
const comma: u8 = 0x2c;
const dash: u8 = 0x2d;
const zero: u32 = 0x30;

/** Puts `length` bytes, 16 a step: what stands behind them is overwritten. */
export function putBytes(to: usize, from: usize, length: usize): usize {
  const end = to + length;
  let source = from;
  for (let at = to; at < end; at += 16, source += 16) v128.store(at, v128.load(source));
  return end;
}

export function putByte(to: usize, byte: u8): usize {
  store<u8>(to, byte);
  return to + 1;
}

/** Puts bytes whose address and length stand at `pair`. */
export function putPair(to: usize, pair: usize): usize {
  return putBytes(to, load<u32>(pair), load<u32>(pair, 4));
}

/** Most bytes that `putDelivered` adds to a field. */
export const addedQuotes: usize = 2;

/** A field as it stands in another delimited file: quoted ones as they are, others quoted when they hold a comma. */
export function putDelivered(to: usize, start: usize, end: usize): usize {
  if (start === end || load<u8>(start) === quote || !hasComma(start, end))
    return putBytes(to, start, end - start);
  return putByte(putBytes(putByte(to, quote), start, end - start), quote);
}

export function hasComma(start: usize, end: usize): bool {
  for (let at = start; at < end; at++) if (load<u8>(at) === comma) return true;
  return false;
}

/** A number below 10^`width` in `width` digits. */
export function putDigits(to: usize, width: usize, value: u32): usize {
  let rest = value;
  for (let at = to + width; at > to; ) {
    const tens = rest / 10;
    store<u8>(--at, <u8>(zero + rest - tens * 10));
    rest = tens;
  }
  return to + width;
}

/** Most bytes of `putWhole`. */
export const wholeBytes: usize = 20;

/** A whole number in decimal digits. */
export function putWhole(to: usize, value: u64): usize {
  if (value > u32.MAX_VALUE) {
    const high = value / 1_000_000_000;
    return putDigits(putWhole(to, high), 9, <u32>(value - high * 1_000_000_000));
  }
  const low = <u32>value;
  let width: usize = 1;
  for (let limit: u64 = 10; limit <= <u64>low; limit *= 10) width++;
  return putDigits(to, width, low);
}

export const isoDateBytes: usize = 10;

const daysOfEra: i32 = 146_097;
const yearsOfEra: i32 = 400;
/** From 1 March of the year -400 to 1970-01-01. */
const daysBefore1970: i32 = 719_468 + 146_097;

/** `yyyy-mm-dd` of a day number (days since 1970-01-01) of the years 0 to 9999. */
export function putIsoDate(to: usize, day: i32): usize {
  // Years that begin in March end with the leap day.
  const days = day + daysBefore1970;
  const era = days / daysOfEra;
  const dayOfEra = days - era * daysOfEra;
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const monthFromMarch = (5 * dayOfYear + 2) / 153;
  const dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + (era - 1) * yearsOfEra + (month <= 2 ? 1 : 0);
  const yearEnd = putByte(putDigits(to, 4, year), dash);
  return putDigits(putByte(putDigits(yearEnd, 2, month), dash), 2, dayOfMonth);
}
