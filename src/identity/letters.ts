/** Vietnamese letters as numbers, so that names can be compared on their bytes. */

/** Marks that make another letter (ă â ơ đ), as a small number. */
const qualityByMark = new Map([
  ["\u0306", 1], // breve
  ["\u0302", 2], // circumflex
  ["\u031b", 3], // horn
]);
const strokeQuality = 4; // đ, which has no decomposition

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

/** What a code point is: 0 anything else, 1 a letter a-z with Vietnamese marks or none, 2 a foreign letter, 3 a combining mark. */
export const letterKind = new Uint8Array(letterTableSize);
export const letterKinds = { vietnamese: 1, foreign: 2, combining: 3 } as const;

/** Bits 0-4 the base letter (a = 1), bits 5-7 its quality; for combining marks the quality alone. */
export const letterCode = new Uint8Array(letterTableSize);
export const baseMask = 31;
export const qualityShift = 5;

/** 1-5 when the code point carries a tone. */
export const letterTone = new Uint8Array(letterTableSize);

/** 1 when the code point is an upper-case letter. */
export const letterIsUpper = new Uint8Array(letterTableSize);

/** Foreign letters: their lower-case code point, and the base letter a-z (as 1-26) or the code point again. */
export const foreignCode = new Uint16Array(letterTableSize);
export const foreignBase = new Uint16Array(letterTableSize);

for (let point = 0x41; point < letterTableSize; point++) {
  const text = String.fromCodePoint(point);
  if (/^\p{L}$/u.test(text)) describeLetter(point, text);
}
for (const [mark, quality] of qualityByMark) describeMark(mark, quality << qualityShift, 0);
for (const [mark, tone] of toneByMark) describeMark(mark, 0, tone);

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
