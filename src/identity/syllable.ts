import { letterKind, letterTableSize } from "./letters.js";
import { remember } from "./remembered.js";

/** The combining marks of the five written tones: huyền, sắc, hỏi, ngã, nặng. */
const toneMarks = /[\u0300\u0301\u0309\u0303\u0323]/g;

/** ñ decomposes like a letter with ngã, but no consonant carries a tone. */
const toneOnConsonant = /(?<![aeiouy]|\u0302|\u0306|\u031b|\u0323)(?:\u0300|\u0301|\u0309|\u0303|\u0323)/i;

/** A syllable without its tones, and the tones (combining marks, in order) wherever they stood. NFC. */
export function splitTone(syllable: string): { letters: string; tones: string } {
  const decomposed = syllable.normalize("NFD");
  return {
    letters: decomposed.replace(toneMarks, "").normalize("NFC"),
    tones: (decomposed.match(toneMarks) ?? []).join(""),
  };
}

/** Without any mark, đ as d. */
export function stripMarks(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .replace(/đ/g, "d")
    .replace(/Đ/g, "D");
}

/**
 * The usual place for the tone of a syllable that ends in open oa, oe or uy (hoà → hòa, hoè → hòe, thuý → thúy; not
 * after q: quý); anything else as it is. NFC in, NFC out; idempotent.
 */
export function placeTone(syllable: string): string {
  const characters = [...syllable];
  const last = characters.pop();
  const first = characters.pop();
  if (first === undefined || last === undefined) return syllable;
  const { letters, tones } = splitTone(last);
  const pair = (first + letters).toLowerCase();
  // Two tones are no Vietnamese syllable: left for a person to see.
  if (tones.length !== 1 || (pair !== "oa" && pair !== "oe" && pair !== "uy")) return syllable;
  if (pair === "uy" && characters.at(-1)?.toLowerCase() === "q") return syllable;
  return characters.join("") + (first + tones).normalize("NFC") + letters;
}

/** Whether a lower-case NFC syllable is spelt as Vietnamese syllables are: one onset, one rhyme, at most one tone. */
export function isVietnameseSyllable(syllable: string): boolean {
  if (toneOnConsonant.test(syllable.normalize("NFD"))) return false;
  const { letters, tones } = splitTone(syllable);
  if (tones.length > 1) return false;
  const onset = onsetPattern.exec(letters)?.[0] ?? "";
  if (rhymes.has(letters.slice(onset.length))) return true;
  // In gi, gin, giêng the i belongs to the rhyme as well.
  return onset === "gi" && rhymes.has(letters.slice(1));
}

/** Whether every word of a text is spelt as Vietnamese syllables are. */
export function isSpeltAsVietnamese(text: string): boolean {
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && !isBetweenWords(text.charCodeAt(at))) continue;
    if (at > start && !isVietnameseWord(text.slice(start, at))) return false;
    start = at + 1;
  }
  return true;
}

/** Of a word in any case and form; what stands between words is the same in NFC and lower case. */
const isVietnameseWord = remember((word) => isVietnameseSyllable(word.normalize("NFC").toLowerCase()));

function isBetweenWords(unit: number): boolean {
  if (unit < 0x80) return isBetweenWordsByAscii[unit] === 1;
  const isLetter = unit < letterTableSize && letterKind[unit] !== 0;
  return !isLetter && betweenWords.test(String.fromCharCode(unit));
}

/** U+037E is the semicolon that NFC makes of it. */
const betweenWords = /[\s.,;\u037e:'’\-_()]/u;
const isBetweenWordsByAscii = Uint8Array.from({ length: 0x80 }, (_, unit) =>
  Number(betweenWords.test(String.fromCharCode(unit))),
);

const onsetPattern = /^(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnprstvx])/;

const rhymes: ReadonlySet<string> = new Set(
  [
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây",
    "e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu",
    "i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu",
    "o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot",
    "ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt",
    "u ua uân uâng uât uây uc uê uêch uên uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut uy uya uych uyên uyêt uynh uyt uyu",
    "ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu",
    "y ych yêm yên yêng yêt yêu ynh yt",
  ].flatMap((line) => line.split(" ")),
);
