import { recordEnds, recordFieldEnds, recordStarts, recordsEnd, scannedText, specialOffsets } from "./layout";

const quote: u8 = 0x22;
const lineFeed: u8 = 0x0a;
const carriageReturn: u8 = 0x0d;
const tab: i8 = 0x09;
const firstPrintable: i8 = 0x20;
const stepBytes: i32 = 64;
const offsetBytes: usize = 4;

/**
 * A bit for each of the 64 bytes at `at` of the scanned text: delimiter, quote, or control character other than tab. So
 * many at once, since a processor guesses wrong when a loop over the bits ends.
 */
function findSpecialBytes(at: i32, delimiter: i32): u64 {
  return (
    findInSixteen(at, delimiter) |
    (findInSixteen(at + 16, delimiter) << 16) |
    (findInSixteen(at + 32, delimiter) << 32) |
    (findInSixteen(at + 48, delimiter) << 48)
  );
}

function findInSixteen(at: i32, delimiter: i32): u64 {
  const text = v128.load(scannedText + at);
  const controls = v128.andnot(
    i8x16.lt_u(text, i8x16.splat(firstPrintable)),
    i8x16.eq(text, i8x16.splat(tab)),
  );
  const structure = v128.or(
    i8x16.eq(text, i8x16.splat(<i8>delimiter)),
    i8x16.eq(text, i8x16.splat(<i8>quote)),
  );
  return <u64>(<u32>i8x16.bitmask(v128.or(structure, controls)));
}

/**
 * Lists the offsets of delimiters, quotes and control characters other than tab (line breaks are among them) in the first
 * `length` bytes of the scanned text, in order: how many. The host has filled the text up to a multiple of 64 with 0xff.
 */
export function listSpecialBytes(length: i32, delimiter: i32): i32 {
  let to = specialOffsets;
  for (let at: i32 = 0; at < length; at += stepBytes) {
    let bits = findSpecialBytes(at, delimiter);
    while (bits !== 0) {
      store<i32>(to, at + <i32>ctz(bits));
      to += offsetBytes;
      bits &= bits - 1;
    }
  }
  return <i32>((to - specialOffsets) / offsetBytes);
}

/**
 * Reads records of ordinary bytes from `from` on, in the first `length` bytes of the scanned text: `columns` (two or more)
 * fields, quoted as a whole or not at all, no line break and no control character in them, a line break behind, and
 * no more than `maxBytes` bytes. Ends before the first other one, and before one that begins at `limit` or later; at most
 * `maxRecords`. How many: their starts, ends and field ends are stored as offsets to which `base` is added, and at
 * `recordsEnd` where the next one begins, and 1 when only more text can tell what it is.
 */
export function scanRecords(
  from: i32,
  length: i32,
  limit: i32,
  maxRecords: i32,
  columns: i32,
  delimiter: i32,
  maxBytes: i32,
  base: i32,
): i32 {
  const separator = <u8>delimiter;
  let records: i32 = 0;
  let start = from;
  let fieldStart = from;
  let field: i32 = 0;
  let isInQuotes = false;
  let ends = recordFieldEnds;
  /** Special bytes before this offset are read. */
  let next = from;
  store<i32>(recordsEnd, from + base);
  store<i32>(recordsEnd, 0, 4);
  if (start >= limit || maxRecords === 0) return 0;
  for (let block = from & -stepBytes; block < length; block += stepBytes) {
    let bits = findSpecialBytes(block, delimiter);
    while (bits !== 0) {
      const at = block + <i32>ctz(bits);
      bits &= bits - 1;
      if (at < next) continue;
      const byte = load<u8>(scannedText + at);
      if (isInQuotes) {
        if (byte === separator) continue;
        if (byte !== quote) return records;
        if (at + 1 === length) break;
        const after = load<u8>(scannedText + at + 1);
        if (after === quote) next = at + 2;
        else if (after === separator || after === lineFeed || after === carriageReturn) isInQuotes = false;
        else return records;
      } else if (byte === separator) {
        if (field === columns - 1) return records;
        store<i32>(ends + ((<usize>field) << 2), at + base);
        field++;
        fieldStart = at + 1;
      } else if (byte === quote) {
        if (at !== fieldStart) return records;
        isInQuotes = true;
      } else {
        if (byte !== lineFeed && byte !== carriageReturn) return records;
        if (field !== columns - 1 || at - start > maxBytes) return records;
        next = at + 1;
        if (byte === carriageReturn) {
          if (next === length) break;
          if (load<u8>(scannedText + next) === lineFeed) next++;
        }
        store<i32>(ends + ((<usize>field) << 2), at + base);
        store<i32>(recordStarts + ((<usize>records) << 2), start + base);
        store<i32>(recordEnds + ((<usize>records) << 2), at + base);
        store<i32>(recordsEnd, next + base);
        ends += (<usize>columns) << 2;
        records++;
        start = fieldStart = next;
        field = 0;
        if (records === maxRecords || start >= limit) return records;
      }
    }
  }
  store<i32>(recordsEnd, 1, 4);
  return records;
}
