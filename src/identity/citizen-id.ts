import { foldText, trimText } from "./fold-text.js";

/** What is wrong with the delivered text of a citizen ID. */
export type CitizenIdFinding =
  | "citizen-id.blank"
  | "citizen-id.placeholder"
  | "citizen-id.two-candidates"
  | "citizen-id.passport"
  | "citizen-id.other-number"
  | "citizen-id.spreadsheet-damage"
  | "citizen-id.old-number"
  | "citizen-id.length"
  | "citizen-id.characters";

/** What was done to the delivered text to arrive at a candidate number. */
export type CitizenIdRepair =
  | "citizen-id.separators"
  | "citizen-id.float-suffix"
  | "citizen-id.scientific"
  | "citizen-id.leading-zeros"
  | "citizen-id.look-alikes"
  | "citizen-id.old-number-linked";

/** A number the delivered text may stand for; it counts only when the register proves it. */
export interface CitizenIdCandidate {
  /** 12 digits; the 9 or 8 digits of the old number when `kind` is `old-number`. */
  readonly number: string;
  readonly kind: "citizen-id" | "old-number";
  readonly repairs: readonly CitizenIdRepair[];
}

/** A delivered citizen ID, read. */
export interface CitizenIdReading {
  /** 12 ASCII digits exactly as delivered, else null. */
  readonly number: string | null;
  readonly finding: CitizenIdFinding | null;
  readonly candidates: readonly CitizenIdCandidate[];
}

/**
 * Reads a citizen ID: 12 digits, no check digit (Decree 137/2015/NĐ-CP art. 13); the 9 or 8 digits of older papers are
 * candidates for the register's legacy number. `placeholders` are the pipeline's texts for "no number". Total.
 */
export function readCitizenId(
  text: string,
  { placeholders }: { readonly placeholders: readonly string[] },
): CitizenIdReading {
  if (isTwelveDigits(text) && !isPlaceholderNumber(text))
    return { number: text, finding: null, candidates: [] };

  const trimmed = trimText(text);
  if (trimmed === "") return found("citizen-id.blank");
  const known = squeezePlaceholders(placeholders);
  // Without its separators.
  const compact = isDigits(trimmed) ? trimmed : trimmed.replace(separators, "");
  if (isDigits(compact) ? isPlaceholderDigits(compact, known) : isPlaceholder(trimmed, known))
    return found("citizen-id.placeholder");
  if (isDigits(trimmed)) return readDigits(trimmed);
  if (numberList.test(trimmed) && findCandidateNumbers(trimmed).length > 1)
    return found("citizen-id.two-candidates");

  // Other documents, recognised whatever separators stand in them.
  if (/^[A-Za-z]\d{7,8}$/.test(compact)) return found("citizen-id.passport");
  if (/^[A-Za-z]{2}\d{13}$/.test(compact)) return found("citizen-id.other-number");

  // What a spreadsheet makes of a number.
  const scientific = /^(\d)(?:[.,](\d{1,30}))?[eE]\+?(\d{1,2})$/.exec(trimmed);
  if (scientific) {
    const [, first = "", fraction = "", exponent = ""] = scientific;
    const holdsEveryDigit = fraction.length === Number(exponent);
    return found(
      "citizen-id.spreadsheet-damage",
      holdsEveryDigit ? makeCandidates(first + fraction, ["citizen-id.scientific"]) : [],
    );
  }
  const float = /^(\d+)[.,]0{1,2}$/.exec(trimmed);
  if (float)
    return found(
      "citizen-id.spreadsheet-damage",
      makeCandidates(float[1] as string, ["citizen-id.float-suffix"]),
    );

  if (/^\+84[35789]\d{8}$/.test(trimmed)) return found("citizen-id.other-number");
  return found("citizen-id.characters", readDamagedDigits(trimmed, compact));
}

/** The distinct 12-digit numbers in a note, in order, placeholders left out. */
export function findCandidateNumbers(note: string): string[] {
  const numbers = note.normalize("NFKC").match(/(?<!\d)\d{12}(?!\d)/g) ?? [];
  return [...new Set(numbers)].filter((number) => !isPlaceholderNumber(number));
}

/** What 12 digits say: place of registration (1-3), sex and century (4), year (5-6); Circular 59/2021/TT-BCA. */
export function describeDigits(number: string): { placeCode: string; sex: "M" | "F"; birthYear: number } {
  const centuryAndSex = Number(number.charAt(3));
  return {
    placeCode: number.slice(0, 3),
    sex: centuryAndSex % 2 === 0 ? "M" : "F",
    birthYear: 1900 + 100 * Math.floor(centuryAndSex / 2) + Number(number.slice(4, 6)),
  };
}

/** Whether the number's first three digits are one of `places` (province and country codes), or 000 for Việt Nam. */
export function isKnownPlace(number: string, places: ReadonlySet<string>): boolean {
  const code = number.slice(0, 3);
  return code === "000" || places.has(code);
}

/** `;079...,`: nothing but 12-digit numbers and what people put between them. */
const numberList = /^[;,/\s]*\d{12}(?:[;,/\s]+\d{12})+[;,/\s]*$/;

/** Everything but letters and digits; `|` stays, it is a look-alike of 1. */
const separators = /[^\p{L}\p{N}|]+/gu;

const sequences = new Set(["123456789", "1234567890", "123456789012", "012345678912"]);

const digitByLookAlike: Readonly<Record<string, string>> = {
  O: "0",
  o: "0",
  D: "0",
  Q: "0",
  l: "1",
  I: "1",
  i: "1",
  "|": "1",
  Z: "2",
  z: "2",
  S: "5",
  s: "5",
  B: "8",
};

function found(finding: CitizenIdFinding, candidates: readonly CitizenIdCandidate[] = []): CitizenIdReading {
  return { number: null, finding, candidates };
}

/** Digits alone (also after full-width digits and outer spaces were resolved). */
function readDigits(digits: string): CitizenIdReading {
  if (digits.length === 12)
    return found("citizen-id.characters", makeCandidates(digits, ["citizen-id.separators"]));
  if (digits.length === 9 || digits.length === 8)
    return found("citizen-id.old-number", makeCandidates(digits, []));
  // A phone number; 84… may be the number of a woman of Trà Vinh (084) born since 2000 that has lost its leading zero.
  const isPhone = /^(?:0|84)[35789]\d{8}$/.test(digits);
  return found(isPhone ? "citizen-id.other-number" : "citizen-id.length", makeCandidates(digits, []));
}

/** Digits among separators and look-alikes; `compact`: the text without its separators. */
function readDamagedDigits(trimmed: string, compact: string): CitizenIdCandidate[] {
  const separatorRepairs: CitizenIdRepair[] = compact === trimmed ? [] : ["citizen-id.separators"];
  if (isDigits(compact)) {
    // Eight digits among separators could be a date.
    return compact.length === 8 ? [] : makeCandidates(compact, ["citizen-id.separators"]);
  }
  const digits = compact.replace(/[^\d]/gu, (letter) => digitByLookAlike[letter] ?? "?");
  if (isTwelveDigits(digits)) return makeCandidates(digits, [...separatorRepairs, "citizen-id.look-alikes"]);
  const withoutBars = compact.replaceAll("|", "");
  return /^\d{12}$/.test(withoutBars) ? makeCandidates(withoutBars, ["citizen-id.separators"]) : [];
}

/** The number that digits of this length can stand for: 12; 10 or 11 without their zeros; 9 or 8 of an old paper. */
function makeCandidates(digits: string, repairs: readonly CitizenIdRepair[]): CitizenIdCandidate[] {
  const { length } = digits;
  if (length === 9 || length === 8)
    return [{ number: digits, kind: "old-number", repairs: [...repairs, "citizen-id.old-number-linked"] }];
  if (length < 10 || length > 12) return [];
  const number = digits.padStart(12, "0");
  if (isPlaceholderNumber(number)) return [];
  const zeros: CitizenIdRepair[] = length < 12 ? ["citizen-id.leading-zeros"] : [];
  return [{ number, kind: "citizen-id", repairs: [...repairs, ...zeros] }];
}

function isTwelveDigits(text: string): boolean {
  return text.length === 12 && isDigits(text);
}

/** ASCII digits, one or more. */
function isDigits(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x30 || unit > 0x39) return false;
  }
  return text !== "";
}

/** One digit repeated, or the digits in the order of the keyboard. */
function isPlaceholderNumber(digits: string): boolean {
  return isOneDigitRepeated(digits) || sequences.has(digits);
}

function isOneDigitRepeated(text: string): boolean {
  const first = text.charCodeAt(0);
  for (let at = 1; at < text.length; at++) if (text.charCodeAt(at) !== first) return false;
  return first >= 0x30 && first <= 0x39;
}

/** A number nobody has, or one of the list, as a whole. */
function isPlaceholderDigits(digits: string, known: SqueezedPlaceholders): boolean {
  return isPlaceholderNumber(digits) || known.texts.has(digits);
}

/** A word of the list, also when more words follow it ("Không có CCCD"); dashes alone; a number nobody has. */
function isPlaceholder(trimmed: string, known: SqueezedPlaceholders): boolean {
  const words = foldText(trimmed).match(/[\p{L}\p{N}]+/gu);
  if (!words) return /^[\p{Pd}._\s]+$/u.test(trimmed);
  if (isPlaceholderNumber(words.join(""))) return true;
  let start = "";
  for (const [index, word] of words.entries()) {
    start += word;
    if (start.length > known.maxLength) return false;
    if (!known.texts.has(start)) continue;
    // A number of the list ("0") is a placeholder on its own, never the beginning of a longer number.
    if (index === words.length - 1 || !/^\d+$/.test(start)) return true;
  }
  return false;
}

interface SqueezedPlaceholders {
  readonly texts: ReadonlySet<string>;
  readonly maxLength: number;
}

const squeezedByList = new WeakMap<readonly string[], SqueezedPlaceholders>();

function squeezePlaceholders(placeholders: readonly string[]): SqueezedPlaceholders {
  let squeezed = squeezedByList.get(placeholders);
  if (!squeezed) {
    const texts = placeholders.map((text) => (foldText(text).match(/[\p{L}\p{N}]+/gu) ?? []).join(""));
    squeezed = {
      texts: new Set(texts.filter((text) => text !== "")),
      maxLength: texts.reduce((most, text) => Math.max(most, text.length), 0),
    };
    squeezedByList.set(placeholders, squeezed);
  }
  return squeezed;
}
