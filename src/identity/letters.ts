/** Vietnamese letters as numbers, so that names can be compared on their bytes. */

/** Marks that make another letter (ă â ơ đ), as a small number. */
const qualityByMark = new Map([
  ["\u0306", 1], // breve
  ["\u0302", 2], // circumflex
  ["\u031b", 3], // horn
]);
const strokeQuality = 4; // đ, which has no decomposition

/** The letters Vietnamese has: qualities each base letter may carry; tones stand on vowels only. */
const qualitiesByBase: Readonly<Record<string, readonly number[]>> = {
  a: [0, 1, 2],
  e: [0, 2],
  o: [0, 2, 3],
  u: [0, 3],
  d: [0, strokeQuality],
};
const vowels = "aeiouy";

/** Marks that say a tone, as a small number. */
const toneByMark = new Map([
  ["\u0300", 1], // huyền
  ["\u0301", 2], // sắc
  ["\u0309", 3], // hỏi
  ["\u0303", 4], // ngã
  ["\u0323", 5], // nặng
]);

/** Code points the tables cover: everything below the general punctuation block. */
export const letterTableSize = 0x2000;

export const toneAllowedBit = 7;

/** What a code point is: 0 anything else, 1 a letter a-z with Vietnamese marks or none, 2 a foreign letter, 3 a combining mark. */
export const letterKind = new Uint8Array(letterTableSize);
export const letterKinds = { vietnamese: 1, foreign: 2, combining: 3 } as const;

/** Bits 0-4 the base letter (a = 1), bits 5-7 its quality; for combining marks the quality alone. */
export const letterCode = new Uint8Array(letterTableSize);
export const qualityShift = 5;

/** 1-5 when the code point carries a tone. */
export const letterTone = new Uint8Array(letterTableSize);

/** 1 when the code point is an upper-case letter. */
export const letterIsUpper = new Uint8Array(letterTableSize);

/** Foreign letters: their lower-case code point, and the base letter a-z (as 1-26) or the code point again. */
export const foreignCode = new Uint16Array(letterTableSize);
export const foreignBase = new Uint16Array(letterTableSize);

/** By base letter (1-26): bit q is set when it may carry quality q; bit 7 when it may carry a tone. */
export const allowedMarks = new Uint8Array(27);
for (let base = 1; base <= 26; base++) {
  const letter = String.fromCharCode(base + 0x60);
  for (let quality = 0; quality <= strokeQuality; quality++) {
    if (isVietnameseLetter(letter, quality, 0))
      allowedMarks[base] = (allowedMarks[base] as number) | (1 << quality);
  }
  if (isVietnameseLetter(letter, 0, 1))
    allowedMarks[base] = (allowedMarks[base] as number) | (1 << toneAllowedBit);
}

for (let point = 0x41; point < letterTableSize; point++) {
  const text = String.fromCodePoint(point);
  if (/^\p{L}$/u.test(text)) describeLetter(point, text);
}
for (const [mark, quality] of qualityByMark) describeMark(mark, quality << qualityShift, 0);
for (const [mark, tone] of toneByMark) describeMark(mark, 0, tone);

/** Whether Vietnamese has this letter; others (ñ, ŵ) are foreign, also when they are written with two code points. */
function isVietnameseLetter(base: string, quality: number, tone: number): boolean {
  return (qualitiesByBase[base] ?? [0]).includes(quality) && (tone === 0 || vowels.includes(base));
}

function describeMark(mark: string, code: number, tone: number): void {
  const point = mark.charCodeAt(0);
  letterKind[point] = letterKinds.combining;
  letterCode[point] = code;
  letterTone[point] = tone;
}

function describeLetter(point: number, text: string): void {
  const lower = text.toLowerCase();
  letterIsUpper[point] = lower === text ? 0 : 1;
  const [first = "", ...marks] = lower === "đ" ? ["d"] : lower.normalize("NFD");
  let quality = lower === "đ" ? strokeQuality : 0;
  let tone = 0;
  let isVietnamese = /^[a-z]$/.test(first);
  for (const mark of marks) {
    if (qualityByMark.has(mark) && quality === 0) quality = qualityByMark.get(mark) as number;
    else if (toneByMark.has(mark) && tone === 0) tone = toneByMark.get(mark) as number;
    else isVietnamese = false;
  }
  isVietnamese &&= isVietnameseLetter(first, quality, tone);
  if (isVietnamese) {
    letterKind[point] = letterKinds.vietnamese;
    letterCode[point] = (first.charCodeAt(0) - 0x60) | (quality << qualityShift);
    letterTone[point] = tone;
    return;
  }
  letterKind[point] = letterKinds.foreign;
  foreignCode[point] = lower.codePointAt(0) as number;
  foreignBase[point] = /^[a-z]$/.test(first) ? first.charCodeAt(0) - 0x60 : (foreignCode[point] as number);
}
