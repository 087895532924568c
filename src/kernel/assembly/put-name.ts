import { putByte, putBytes, putPair } from "./bytes";
import { logByVerdict } from "./change-log";
import { columnAt, fullName } from "./columns";
import { addAnswer, answerHeadBytes, find, Memo } from "./memo";
import { memoAt, nameMemo, wordMemo } from "./memos";
import { putAsDelivered } from "./put-line";
import {
  answerLength,
  answerStart,
  askedEnd,
  askedStart,
  fullNameField,
  fullNameRule,
  isOrdinary,
  takesRegisterName,
} from "./put-words";
import { endOf, output, startOf, verdict } from "./record";
import { lacksRoomForRecord, maxNameBytes, wordGrowth } from "./room";
import {
  goTo,
  nameAnswered,
  nameNext,
  nameQuestion,
  noQuestion,
  roomQuestion,
  stage,
  wordAnswered,
  wordQuestion,
} from "./stages";

const space: u8 = 0x20;
const comma: u8 = 0x2c;
/** A name with a longer word is asked about as a whole. */
const maxWordBytes: usize = 32;

/** The standard name: as delivered where no rule changes it, else word by word, or as the host reads the whole of it. */
export function putName(): i32 {
  const column = columnAt(fullName);
  const start = startOf(column);
  const end = endOf(column);
  const from = <usize>load<u32>(output) + 1;
  store<u8>(from - 1, comma);
  if (load<u32>(verdict, fullNameRule + 4) === 0) {
    store<u32>(output, <u32>putAsDelivered(from, column, load<i32>(isOrdinary) !== 0));
    return noQuestion;
  }
  const isRegisters = load<i32>(verdict, takesRegisterName) !== 0;
  const names = changetype<Memo>(memoAt(nameMemo));
  let at: usize = 0;
  if (stage === nameAnswered) {
    const length = load<i32>(answerLength);
    if (lacksRoomForRecord(length)) return roomQuestion;
    if (!isRegisters) addAnswer(names, start, end, load<u32>(answerStart), length);
    at = putPair(from, answerStart);
  } else {
    if (stage === wordAnswered) {
      const wordTexts = changetype<Memo>(memoAt(wordMemo));
      const start = load<u32>(askedStart);
      const end = load<u32>(askedEnd);
      let length = load<i32>(answerLength);
      if (length > <i32>(wordGrowth * (end - start))) length = -1;
      addAnswer(wordTexts, start, end, load<u32>(answerStart), length);
      goTo(nameNext);
    }
    if (!isRegisters && end - start <= maxNameBytes) {
      at = putWords(from, start, end);
      if (at === asksWord) {
        goTo(wordAnswered);
        return wordQuestion;
      }
    }
    if (at === 0) {
      const known = isRegisters ? -1 : find(names, start, end);
      if (known < 0) {
        goTo(nameAnswered);
        return nameQuestion;
      }
      const length = load<u32>(<usize>known);
      if (lacksRoomForRecord(length)) return roomQuestion;
      at = putBytes(from, <usize>known + answerHeadBytes, length);
    }
  }
  store<u32>(output, <u32>at);
  logByVerdict(column, fullNameField, fullNameRule, from, at);
  return noQuestion;
}

/** An address at which nothing is put. */
const asksWord: usize = 1;

/**
 * Puts a name's words in their standard forms, with single spaces; 0 when one of them is no plain name: then only the
 * whole text tells. `asksWord` when a word was not met before.
 */
function putWords(to: usize, start: usize, end: usize): usize {
  const wordTexts = changetype<Memo>(memoAt(wordMemo));
  let written = to;
  let from = start;
  for (let at = start; at <= end; at++) {
    if (at < end && load<u8>(at) !== space) continue;
    if (at > from) {
      if (at - from > maxWordBytes) return 0;
      const known = find(wordTexts, from, at);
      if (known === 0) return 0;
      if (known < 0) {
        store<u32>(askedStart, <u32>from);
        store<u32>(askedEnd, <u32>at);
        return asksWord;
      }
      if (written > to) written = putByte(written, space);
      written = putBytes(written, <usize>known + answerHeadBytes, load<u32>(<usize>known));
    }
    from = at + 1;
  }
  return written;
}
