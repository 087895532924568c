import { fold, tidy } from "./cell-text.js";

/** What a citizen ID cell says, by docs/rules.md. */
export interface CellNumber {
  /** 12 digits, just as they are delivered. */
  readonly exact: string | null;
  /** A number of 12 digits that the text may stand for. */
  readonly candidate: string | null;
  /** 8 or 9 digits of an older paper. */
  readonly old: string | null;
  /** It has the form of a telephone's or an insurance's number. */
  readonly isOther: boolean;
}

const none: CellNumber = { exact: null, candidate: null, old: null, isOther: false };

/** Nobody has them: one digit again and again, or the keyboard's order. */
function isNobodys(digits: string): boolean {
  return /^(\d)\1*$/.test(digits) || /^(?:123456789(?:0(?:12)?)?|012345678912)$/.test(digits);
}

/** Reads the cell; a text that holds no number gives none. */
export function readCellNumber(cell: string): CellNumber {
  if (/^\d{12}$/.test(cell) && !isNobodys(cell)) return { ...none, exact: cell };
  const text = tidy(cell);
  if (text === "" || isPlaceholder(text) || isList(text)) return none;
  const compact = text.replace(/[^\p{L}\p{N}|]/gu, "");
  if (/^[A-Z]\d{7,8}$/i.test(compact)) return none;
  if (/^[A-Z]{2}\d{13}$/i.test(compact)) return { ...none, isOther: true };
  const scientific = /^(\d)(?:[.,](\d{1,30}))?e\+?(\d{1,2})$/i.exec(text);
  if (scientific !== null) {
    const [, first = "", rest = "", exponent] = scientific;
    return rest.length === Number(exponent) ? fromDigits(first + rest) : none;
  }
  const float = /^(\d+)[.,]0{1,2}$/.exec(text);
  if (float !== null) return fromDigits(float[1] ?? "");
  if (/^\+84[35789]\d{8}$/.test(text)) return { ...none, isOther: true };
  if (/^\d+$/.test(text))
    return { ...fromDigits(text), isOther: /^(?:0[35789]\d{8}|84[35789]\d{8})$/.test(text) };
  // Eight digits among separators may be a date.
  if (/^\d+$/.test(compact)) return compact.length === 8 ? none : fromDigits(compact);
  const read = [...compact].map((letter) => lookAlikes[letter] ?? letter).join("");
  if (/^\d{12}$/.test(read)) return fromDigits(read);
  const withoutBars = compact.replaceAll("|", "");
  return /^\d{12}$/.test(withoutBars) ? fromDigits(withoutBars) : none;
}

const lookAlikes: Readonly<Record<string, string>> = {
  ...{ O: "0", o: "0", D: "0", Q: "0", l: "1", I: "1", i: "1", "|": "1", Z: "2", z: "2", S: "5", s: "5" },
  B: "8",
};

function fromDigits(digits: string): CellNumber {
  if (digits.length === 8 || digits.length === 9) return { ...none, old: digits };
  if (digits.length < 10 || digits.length > 12) return none;
  const number = digits.padStart(12, "0");
  return isNobodys(number) ? none : { ...none, candidate: number };
}

/** Nothing but several numbers of 12 digits and what stands between them. */
function isList(text: string): boolean {
  if (!/^[;,/\s]*\d{12}(?:[;,/\s]+\d{12})+[;,/\s]*$/.test(text)) return false;
  return new Set((text.match(/\d{12}/g) ?? []).filter((number) => !isNobodys(number))).size > 1;
}

/** The shipped pipeline's words for "no number", squeezed. */
const words = new Set("khongco khong chuaco khongro chuaro khongbiet na null none nil x xx xxx".split(" "));

function isPlaceholder(text: string): boolean {
  const parts = fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  if (parts.length === 0) return /^[\p{Pd}._\s]+$/u.test(text);
  if (isNobodys(parts.join(""))) return true;
  return parts.some((_, at) => words.has(parts.slice(0, at + 1).join("")));
}
