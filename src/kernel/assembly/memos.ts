import { largeMemoBytes, memos, smallMemoBytes } from "./layout";
import { beginMemo } from "./memo";

// The texts of one source that are remembered, by number; the first two are large. What reads rows
// (`plainMemos` in src/assess/plain-rows.ts) and what puts records together never do so at the same time.
export const placeMemo: i32 = 0;
export const facilityMemo: i32 = 1;
export const sexMemo: i32 = 2;
export const groupMemo: i32 = 3;
export const doseMemo: i32 = 4;
export const vaccineMemo: i32 = 5;
/** Of who puts records together, in place of places and priority groups. */
export const wordMemo: i32 = 0;
export const nameMemo: i32 = 3;
const memoCount: i32 = 6;
const largeMemos: i32 = 2;

export function memoAt(number: i32): usize {
  return number < largeMemos
    ? memos + <usize>number * largeMemoBytes
    : memos + <usize>largeMemos * largeMemoBytes + <usize>(number - largeMemos) * smallMemoBytes;
}

/** Forgets every text. */
export function forgetTexts(): void {
  for (let number = 0; number < memoCount; number++) {
    if (number < largeMemos) beginMemo(memoAt(number), largeMemoBytes, 0x10000);
    else beginMemo(memoAt(number), smallMemoBytes, 0x1000);
  }
}
