import { isAscii } from "./text-traits.js";

/**
 * Lower case, marks stripped, đ as d, invisible characters out, spaces collapsed and trimmed: how codings, aliases and
 * headers are compared. Idempotent; never for deciding whether two names are the same.
 */
export function foldText(text: string): string {
  const lower = text.toLowerCase();
  const folded = isAscii(lower) ? lower : stripMarksAndInvisible(lower);
  return folded.replace(/[\s\p{Cc}]+/gu, " ").trim();
}

function stripMarksAndInvisible(lower: string): string {
  return lower
    .normalize("NFD")
    .replace(/[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]+/gu, "")
    .replace(/đ/g, "d"); // has no decomposition
}

/** `foldText` with everything but letters and digits removed. Idempotent. */
export function squeezeText(text: string): string {
  return foldText(text).replace(/[^\p{L}\p{N}]+/gu, "");
}

/** Without the white space, controls and invisible characters around it, compatibility forms (full-width digits) resolved. */
export function trimText(text: string): string {
  const whole = isAscii(text) ? text : text.normalize("NFKC");
  let start = 0;
  let end = whole.length;
  // Two scans and no regular expression: `\s+$` takes quadratic time on a long run of inner spaces.
  while (start < end && isBlank(whole, start)) start++;
  while (end > start && isBlank(whole, end - 1)) end--;
  return whole.slice(start, end);
}

const blankCharacter = /[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u;

function isBlank(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit <= 0x20 || (unit >= 0x7f && blankCharacter.test(text.charAt(at)));
}
