export const lineFeed = 0x0a;
export const carriageReturn = 0x0d;
const space = 0x20;

/** Bytes of the longest line break. */
export const breakBytes = 2;

/** No offset: the bytes at hand do not hold the answer. */
export const incomplete = -2;

/** Where the line after the break at `i` begins, or `incomplete` when only the bytes to come can tell. */
export function nextLine(bytes: Uint8Array, i: number, isLast: boolean): number {
  if (i === bytes.length) return isLast ? i : incomplete;
  if (bytes[i] === lineFeed) return i + 1;
  if (i + 1 === bytes.length) return isLast ? i + 1 : incomplete;
  return bytes[i + 1] === lineFeed ? i + 2 : i + 1;
}

/** The first line break at or after `from`, else the end of `bytes`. */
export function findLineBreak(bytes: Uint8Array, from: number): number {
  let i = from;
  while (i < bytes.length && bytes[i] !== lineFeed && bytes[i] !== carriageReturn) i++;
  return i;
}

/** Whether a line is empty or holds only spaces. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== space) return false;
  return true;
}
