import { scannedText, specialOffsets } from "./layout";

const quote: i8 = 0x22;
const tab: i8 = 0x09;
const firstPrintable: i8 = 0x20;
const stepBytes: i32 = 16;
const offsetBytes: usize = 4;

/**
 * Lists the offsets of delimiters, quotes and control characters other than tab (line breaks are among them) in the first
 * `length` bytes of the scanned text, in order: how many. The host has filled the text up to a multiple of 16 with 0xff.
 */
export function listSpecialBytes(length: i32, delimiter: i32): i32 {
  const delimiters = i8x16.splat(<i8>delimiter);
  const quotes = i8x16.splat(quote);
  const tabs = i8x16.splat(tab);
  const printable = i8x16.splat(firstPrintable);
  let to = specialOffsets;
  for (let at: i32 = 0; at < length; at += stepBytes) {
    const text = v128.load(scannedText + at);
    const controls = v128.andnot(i8x16.lt_u(text, printable), i8x16.eq(text, tabs));
    const structure = v128.or(i8x16.eq(text, delimiters), i8x16.eq(text, quotes));
    let bits = i8x16.bitmask(v128.or(structure, controls));
    while (bits !== 0) {
      store<i32>(to, at + ctz(bits));
      to += offsetBytes;
      bits &= bits - 1;
    }
  }
  return <i32>((to - specialOffsets) / offsetBytes);
}
