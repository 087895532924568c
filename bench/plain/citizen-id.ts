import { fold, squeeze, tidy } from "./text.js";

/** A citizen ID cell: a 12-digit number as delivered, or a code and the number a repair would give. */
export interface IdCell {
  number: string | null;
  code: string | null;
  /** 12 digits to look up, or an old number. */
  candidate: string | null;
  oldNumber: string | null;
}

const placeholders = new Set(
  "không có|không|chưa có|không rõ|chưa rõ|không biết|n/a|na|null|none|nil|x|xx|xxx".split("|").map(squeeze),
);
const sequences = new Set(["123456789", "1234567890", "123456789012", "012345678912"]);
const lookAlikes: Record<string, string> = {
  ...{ O: "0", o: "0", D: "0", Q: "0", l: "1", I: "1", i: "1", "|": "1" },
  ...{ Z: "2", z: "2", S: "5", s: "5", B: "8" },
};

/** Reads the cell by the table in docs/rules.md; the note may hold two numbers when the cell holds none. */
export function readCitizenId(cell: string, note: string, nationality: string): IdCell {
  if (/^\d{12}$/.test(cell) && !isPlaceholderNumber(cell))
    return { number: cell, code: null, candidate: null, oldNumber: null };
  const text = tidy(cell);
  if (text === "" || isPlaceholder(text)) {
    if (new Set(note.match(/(?<!\d)\d{12}(?!\d)/g)).size > 1) return give("E60");
    if (isForeign(nationality)) return give("X13");
    return give(text === "" ? "X10" : "X11");
  }
  if (/^[;,/\s]*\d{12}(?:[;,/\s]+\d{12})+[;,/\s]*$/.test(text) && new Set(text.match(/\d{12}/g)).size > 1)
    return give("E60");

  const compact = text.replace(/[^\p{L}\p{N}|]+/gu, "");
  if (/^[A-Za-z]\d{7,8}$/.test(compact)) return give("X13");
  if (/^[A-Za-z]{2}\d{13}$/.test(compact)) return give("X23");
  const scientific = /^(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})$/.exec(text);
  if (scientific) {
    const [, first = "", fraction = "", exponent] = scientific;
    return give("X24", fraction.length === Number(exponent) ? first + fraction : "");
  }
  const float = /^(\d+)[.,]0{1,2}$/.exec(text);
  if (float) return give("X24", float[1]);
  if (/^\+?84[35789]\d{8}$/.test(text)) return give("X23", text.startsWith("+") ? "" : text);
  if (/^\d+$/.test(text)) {
    if (text.length === 12) return give("X21", text);
    if (text.length === 8 || text.length === 9) return give("X12", text);
    return give(/^0[35789]\d{8}$/.test(text) ? "X23" : "X20", text);
  }
  if (/^\d+$/.test(compact)) return give("X21", compact.length === 8 ? "" : compact);
  const digits = compact.replace(/\D/gu, (letter) => lookAlikes[letter] ?? "?");
  if (/^\d{12}$/.test(digits)) return give("X21", digits);
  const unbarred = compact.replaceAll("|", "");
  return give("X21", /^\d{12}$/.test(unbarred) ? unbarred : "");
}

function give(code: string, digits = ""): IdCell {
  const isOld = digits.length === 8 || digits.length === 9;
  const number = digits.length >= 10 && digits.length <= 12 ? digits.padStart(12, "0") : null;
  return {
    number: null,
    code,
    candidate: number !== null && !isPlaceholderNumber(number) ? number : null,
    oldNumber: isOld ? digits : null,
  };
}

function isPlaceholderNumber(digits: string): boolean {
  return /^(\d)\1*$/.test(digits) || sequences.has(digits);
}

function isPlaceholder(text: string): boolean {
  if (/^[\p{Pd}._\s]+$/u.test(text)) return true;
  const words = fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  let start = "";
  for (const word of words) {
    start += word;
    if (placeholders.has(start)) return true;
  }
  return isPlaceholderNumber(start);
}

const peoples =
  "kinh|tay|thai|muong|khmer|hoa|nung|hmong|mong|dao|giarai|ede|bana|xodang|sanchay|coho|cham|sandiu|hre";
const homes = new Set([..."vietnam|vn|vnm|vietnamese|viet".split("|"), ...peoples.split("|")]);

function isForeign(nationality: string): boolean {
  const name = squeeze(nationality);
  return /\p{L}/u.test(name) && !homes.has(name) && !placeholders.has(name) && name !== "khac";
}
