import { isPlainName, standardName } from "../identity/person-name.js";
import type { ByteWriter } from "./byte-writer.js";
import { rememberWords } from "./word-memo.js";

const space = 0x20;

/** A word's standard form; null for one that is no plain name. A thread knows its words in every shard. */
const readWord = rememberWords((word) => (isPlainName(word) ? Buffer.from(standardName(word)) : null));

/**
 * Puts the standard form of the name in `bytes[start, end)`, word by word, each read once; false, and nothing put, when
 * one of them is no plain name: then only the whole text tells.
 */
export function putPlainName(writer: ByteWriter, bytes: Uint8Array, start: number, end: number): boolean {
  const before = writer.length;
  let from = start;
  for (let at = start; at <= end; at++) {
    if (at < end && bytes[at] !== space) continue;
    if (at > from) {
      const standard = readWord(bytes, from, at);
      if (standard === null) {
        writer.moveTo(before);
        return false;
      }
      if (writer.length > before) writer.putByte(space);
      writer.putBytes(standard, 0, standard.length);
    }
    from = at + 1;
  }
  return true;
}
