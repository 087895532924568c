import {
  allowedMarks,
  foreignBase,
  foreignCode,
  letterCode,
  letterIsUpper,
  letterKind,
  letterTableSize,
  letterTone,
} from "./layout";

const baseMask: i32 = 31;
const qualityShift: i32 = 5;
const toneAllowedBit: i32 = 7;
const vietnamese: i32 = 1;
const foreign: i32 = 2;
const combining: i32 = 3;

// `nameFlags` in src/identity/name-hash.ts.
const flagCase: i32 = 1;
const flagUnicodeForm: i32 = 2;
const flagSpaces: i32 = 4;
const flagTonePlacement: i32 = 8;
const flagOther: i32 = 16;
const flagMarks: i32 = 32;
const flagEmpty: i32 = 64;
const flagBareSyllable: i32 = 128;

const space: i32 = 0x20;
const apostrophe: i32 = 0x27;
const hyphen: i32 = 0x2d;
const letterA: i32 = 1;
const letterE: i32 = 5;
const letterO: i32 = 15;
const letterQ: i32 = 17;
const letterU: i32 = 21;
const letterY: i32 = 25;

/**
 * Hashes the name in the UTF-8 text from `start` to `end` (exclusive) and stores its hash with marks, its hash without
 * them, and its flags at `out`. Two names have the same hashes when `nameKey` (src/identity/person-name.ts) calls them
 * the same name.
 */
export function hashName(start: usize, end: usize, out: usize): void {
  let marked: i32 = 0x2f6b1d4b;
  let folded: i32 = 0x6c8e9cf5;
  let flags: i32 = 0;
  let pending: i32 = 0; // code of the last letter, not yet in the hash: a combining mark may follow
  let pendingTone: i32 = 0;
  let previousTone: i32 = 0;
  let previous: i32 = 0; // code of the letter before it, in this syllable
  let beforePrevious: i32 = 0;
  let tones: f64 = 0; // of the syllable so far
  let isInSyllable = false;
  let isMarked = false; // the syllable so far
  let hasLetter = false;
  let separator: i32 = 0; // owed to the hash before the next letter
  let wasSpace = true;

  let at = start;
  while (at < end) {
    let point: i32 = load<u8>(at);
    at++;
    if (point >= 0x80) {
      if (point < 0xe0) {
        point = ((point & 31) << 6) | (load<u8>(at) & 63);
        at += 1;
      } else if (point < 0xf0) {
        point = ((point & 15) << 12) | ((load<u8>(at) & 63) << 6) | (load<u8>(at + 1) & 63);
        at += 2;
      } else {
        point = letterTableSize;
        at += 3;
      }
    }
    const kind: i32 = point < letterTableSize ? load<u8>(letterKind + point) : 0;

    if (kind === vietnamese || kind === foreign) {
      if (pending !== 0) {
        marked = mix(marked, pending);
        folded = mix(folded, baseOf(pending));
        beforePrevious = previous;
        previous = pending;
        previousTone = pendingTone;
      } else if (separator !== 0 && hasLetter) {
        marked = mix(marked, separator);
        folded = mix(folded, separator);
      }
      separator = 0;
      const isUpper = load<u8>(letterIsUpper + point) === 1;
      if (isUpper === isInSyllable) flags |= flagCase;
      if (kind === vietnamese) {
        pending = load<u8>(letterCode + point);
        pendingTone = load<u8>(letterTone + point);
        if (pending > baseMask || pendingTone !== 0) isMarked = true;
      } else {
        pending = 256 + load<u16>(foreignCode + (point << 1));
        pendingTone = 0;
        flags |= flagOther;
        isMarked = true;
      }
      if (pendingTone !== 0) tones = tones * 6 + pendingTone;
      isInSyllable = true;
      hasLetter = true;
      wasSpace = false;
      continue;
    }

    if (kind === combining && pending !== 0 && pending < 256) {
      flags |= flagUnicodeForm;
      isMarked = true;
      const tone: i32 = load<u8>(letterTone + point);
      const allowed: i32 = load<u8>(allowedMarks + (pending & baseMask));
      if (tone !== 0) {
        // NFC orders two tones on one letter in its own way, and has no tone on a consonant.
        if (pendingTone !== 0 || ((allowed >> toneAllowedBit) & 1) === 0) flags |= flagOther;
        tones = tones * 6 + tone;
        pendingTone = tone;
      } else {
        const code: i32 = load<u8>(letterCode + point);
        if (pending >> qualityShift !== 0 || ((allowed >> (code >> qualityShift)) & 1) === 0)
          flags |= flagOther;
        pending |= code;
      }
      continue;
    }

    // The end of a syllable, or something for `readName`.
    if (pending !== 0) {
      marked = mix(marked, pending);
      folded = mix(folded, baseOf(pending));
      // Two tones side by side are no Vietnamese syllable: nobody moves them.
      if (pendingTone !== 0 && previousTone === 0 && isOpenPair(previous, pending, beforePrevious))
        flags |= flagTonePlacement;
      flags |= isMarked ? flagMarks : flagBareSyllable;
      pending = 0;
    }
    if (tones !== 0) marked = mix(marked, lowBits(0x200 + tones));
    tones = 0;
    previous = 0;
    previousTone = 0;
    beforePrevious = 0;
    isInSyllable = false;
    isMarked = false;
    if (point === space) {
      if (separator > 0x100) flags |= flagOther; // an apostrophe or hyphen that joins nothing
      if (wasSpace) flags |= flagSpaces;
      wasSpace = true;
      separator = 0x100;
    } else if (point === apostrophe || point === hyphen) {
      if (separator !== 0 || !hasLetter) flags |= flagOther;
      separator = point === apostrophe ? 0x101 : 0x102;
      wasSpace = false;
    } else {
      // A digit, say, that stays in the standard form is part of the name.
      marked = mix(marked, 0x10000 + point);
      folded = mix(folded, 0x10000 + point);
      flags |= flagOther;
      wasSpace = false;
    }
  }
  if (pending !== 0) {
    marked = mix(marked, pending);
    folded = mix(folded, baseOf(pending));
    if (pendingTone !== 0 && previousTone === 0 && isOpenPair(previous, pending, beforePrevious))
      flags |= flagTonePlacement;
    flags |= isMarked ? flagMarks : flagBareSyllable;
  } else if (hasLetter) flags |= wasSpace ? flagSpaces : flagOther;
  if (tones !== 0) marked = mix(marked, lowBits(0x200 + tones));
  if (!hasLetter) flags |= flagEmpty;
  store<i32>(out, finish(marked));
  store<i32>(out, finish(folded), 4);
  store<i32>(out, flags, 8);
}

/**
 * The low 32 bits of a whole number, as JavaScript's bit operators see them: registers built before the kernel was have
 * these hashes, also of a "syllable" with more tones than 32 bits can count.
 */
function lowBits(value: f64): i32 {
  if (value < 9e18) return <i32>(<i64>value);
  return value === Infinity ? 0 : <i32>(<i64>(value % 4294967296));
}

/** Code of a letter without its marks. */
function baseOf(code: i32): i32 {
  return code > 255 ? load<u16>(foreignBase + ((code - 256) << 1)) : code & baseMask;
}

/** Two letters that end a syllable as oa, oe or uy, where the tone stands on the first (hòa, hòe, thúy; but quý). */
function isOpenPair(first: i32, last: i32, before: i32): bool {
  if (first === letterO) return last === letterA || last === letterE;
  return first === letterU && last === letterY && before !== letterQ;
}

function mix(hash: i32, code: i32): i32 {
  const next = (hash ^ code) * <i32>0x9e3779b1;
  return next ^ (next >>> 15);
}

/** Spreads what a hash knows over all of its bits. */
export function finish(hash: i32): i32 {
  let next = (hash ^ (hash >>> 16)) * <i32>0x85ebca6b;
  next = (next ^ (next >>> 13)) * <i32>0xc2b2ae35;
  return next ^ (next >>> 16);
}
