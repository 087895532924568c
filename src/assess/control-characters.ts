let viewed: ArrayBufferLike | null = null;
let words: Int32Array = new Int32Array(0);

/**
 * Whether `bytes[start, end)` holds an ASCII control character other than tab and line breaks. Reads four bytes at
 * once: it runs over every row.
 */
export function hasControlCharacters(bytes: Uint8Array, start: number, end: number): boolean {
  if (viewed !== bytes.buffer) {
    viewed = bytes.buffer;
    words = new Int32Array(viewed, 0, viewed.byteLength >> 2);
  }
  const from = bytes.byteOffset + start;
  const to = bytes.byteOffset + end;
  const firstWord = (from + 3) >> 2;
  const lastWord = to >> 2;
  for (let at = firstWord; at < lastWord; at++) {
    const word = words[at] as number;
    // Some byte of the word is below 0x20.
    if (((word - 0x20202020) & ~word & 0x80808080) !== 0) return hasControlByte(bytes, start, end);
  }
  if (firstWord > lastWord) return hasControlByte(bytes, start, end);
  return (
    hasControlByte(bytes, start, firstWord * 4 - bytes.byteOffset) ||
    hasControlByte(bytes, lastWord * 4 - bytes.byteOffset, end)
  );
}

function hasControlByte(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return true;
  }
  return false;
}
