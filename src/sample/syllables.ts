import type { Random } from "./random.js";

const tones = "\u0300\u0301\u0303\u0309\u0323";
const qualities = "\u0302\u0306\u031b";
const markPattern = /[\u0300-\u036f]/g;

/** Lower case without marks, the generator's own reading of "the same letters". */
export function foldLetters(text: string): string {
  return text.normalize("NFD").replace(markPattern, "").replace(/[đĐ]/g, "d").toLowerCase();
}

/** Whether a token is one Vietnamese syllable in Title Case. */
export function isTitleSyllable(token: string): boolean {
  if (!/^[a-z]+$/.test(foldLetters(token))) return false;
  const marks = token.normalize("NFD").match(markPattern) ?? [];
  if (!marks.every((mark) => tones.includes(mark) || qualities.includes(mark))) return false;
  return token === token.charAt(0).toUpperCase() + token.slice(1).toLowerCase();
}

/** Whether any letter of the text carries a mark (đ counts). */
export function hasMark(text: string): boolean {
  return /[\u0300-\u036fđĐ]/.test(text.normalize("NFD"));
}

/** The text without any mark: `Đỗ Hòa` → `Do Hoa`. */
export function dropMarks(text: string): string {
  return text.normalize("NFD").replace(markPattern, "").replace(/đ/g, "d").replace(/Đ/g, "D");
}

/** Tone on the first vowel of an open oa, oe, uy (`Hòa`, `Thúy`; `Quý` stays): the usual way. */
export function placeToneUsually(syllable: string): string {
  return syllable
    .normalize("NFD")
    .replace(new RegExp(`([oO])([aeAE])([${tones}])$`), "$1$3$2")
    .replace(new RegExp(`(?<![qQ])([uU])([yY])([${tones}])$`), "$1$3$2")
    .normalize("NFC");
}

/** Tone on the last vowel of an open oa, oe, uy (`Hoà`, `Thuý`); the same text when there is none. */
export function placeToneLast(syllable: string): string {
  return syllable
    .normalize("NFD")
    .replace(new RegExp(`([oO])([${tones}])([aeAE])$`), "$1$3$2")
    .replace(new RegExp(`(?<![qQ])([uU])([${tones}])([yY])$`), "$1$3$2")
    .normalize("NFC");
}

/** The syllable with another mark than its own: the same letters, never a mark less; null when it has no vowel. */
export function changeMark(syllable: string, random: Random): string | null {
  const letters = syllable.normalize("NFD");
  const tone = letters.match(new RegExp(`[${tones}]`))?.[0];
  const allowed = /[cpt]h?$/i.test(letters.replace(markPattern, "")) ? "\u0301\u0323" : tones;
  const others = [...allowed].filter((mark) => mark !== tone);
  const mark = random.pick(others);
  if (tone !== undefined) return letters.replace(tone, mark).normalize("NFC");
  const at = findToneSeat(letters);
  return at < 0 ? null : (letters.slice(0, at) + mark + letters.slice(at)).normalize("NFC");
}

/** Where a tone would be inserted into a syllable of decomposed letters: after its main vowel and that vowel's mark. */
function findToneSeat(letters: string): number {
  const marked = letters.search(new RegExp(`[${qualities}]`));
  if (marked >= 0) return marked + 1;
  const vowels = [...letters.matchAll(/[aeiouy]/gi)].map((match) => match.index);
  const last = vowels.at(-1);
  if (last === undefined) return -1;
  const isOpen = last === letters.length - 1;
  return (isOpen && vowels.length > 1 ? (vowels.at(-2) as number) : last) + 1;
}
