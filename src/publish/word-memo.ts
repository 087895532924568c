import { ByteMemo } from "../assess/byte-memo.js";

/** Syllables are a few thousand, in three cases; when so many words are known, all are forgotten. */
const maxWords = 1 << 14;
/** Longer is no syllable, and is not remembered. */
const maxWordBytes = 32;

/**
 * `read` for words in UTF-8, which makes a string of each different one only once. For pure functions only, and for
 * texts that consist of a few thousand words.
 */
export function rememberWords<Result>(
  read: (word: string) => Result,
): (bytes: Uint8Array, start: number, end: number) => Result {
  let memo = new ByteMemo(maxWords);
  let results: Result[] = [];
  return (bytes, start, end) => {
    if (end - start > maxWordBytes) return read(decode(bytes, start, end));
    if (results.length === maxWords) {
      memo = new ByteMemo(maxWords);
      results = [];
    }
    let known = memo.find(bytes, start, end);
    if (known < 0) {
      known = results.push(read(decode(bytes, start, end))) - 1;
      memo.add(bytes, start, end, known);
    }
    return results[known] as Result;
  };
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
}
