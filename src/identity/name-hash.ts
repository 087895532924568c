import {
  allowedMarks,
  baseMask,
  foreignBase,
  foreignCode,
  letterCode,
  letterIsUpper,
  letterKind,
  letterKinds,
  letterTableSize,
  letterTone,
  qualityShift,
  toneAllowedBit,
} from "./letters.js";

/** What `hashName` says of a name; reuse one object, it is filled in. */
export interface NameHash {
  /** 32 bits of the name without case, with quality marks, and with each syllable's tone wherever it is placed. */
  marked: number;
  /** 32 bits of the same name without any mark. */
  folded: number;
  /** Bits of `nameFlags`. */
  flags: number;
}

/** How the bytes differ from the standard form of a name (`readName`). */
export const nameFlags = {
  /** Not Title Case by syllable. */
  case: 1,
  /** Combining marks where NFC has one letter. */
  unicodeForm: 2,
  /** Leading, trailing or doubled spaces. */
  spaces: 4,
  /** Tone on the other letter of an open oa, oe or uy. */
  tonePlacement: 8,
  /** Anything the byte reader leaves to `readName`: digits, punctuation, other spaces, invisible or foreign characters. The hashes hold only for the standard form. */
  other: 16,
  /** At least one letter carries a mark. */
  marks: 32,
  /** No letter at all. */
  empty: 64,
} as const;

const space = 0x20;
const apostrophe = 0x27;
const hyphen = 0x2d;
const letterO = 15;
const letterA = 1;
const letterE = 5;
const letterU = 21;
const letterY = 25;
const letterQ = 17;

/**
 * Hashes the name in the UTF-8 `bytes` from `start` to `end` (exclusive) without making a string. Two names have the
 * same hashes when `nameKey` calls them the same name; total, never throws.
 */
export function hashName(bytes: Uint8Array, start: number, end: number, out: NameHash): void {
  let marked = 0x2f6b1d4b;
  let folded = 0x6c8e9cf5;
  let flags = 0;
  let pending = 0; // code of the last letter, not yet in the hash: a combining mark may follow
  let pendingTone = 0;
  let previousTone = 0;
  let previous = 0; // code of the letter before it, in this syllable
  let beforePrevious = 0;
  let tones = 0; // of the syllable so far
  let isInSyllable = false;
  let hasLetter = false;
  let separator = 0; // owed to the hash before the next letter
  let wasSpace = true;

  let at = start;
  while (at < end) {
    let point = bytes[at] as number;
    at++;
    if (point >= 0x80) {
      if (point < 0xe0) {
        point = ((point & 31) << 6) | ((bytes[at] as number) & 63);
        at += 1;
      } else if (point < 0xf0) {
        point = ((point & 15) << 12) | (((bytes[at] as number) & 63) << 6) | ((bytes[at + 1] as number) & 63);
        at += 2;
      } else {
        point = letterTableSize;
        at += 3;
      }
    }
    const kind = point < letterTableSize ? letterKind[point] : 0;

    if (kind === letterKinds.vietnamese || kind === letterKinds.foreign) {
      if (pending !== 0) {
        marked = mix(marked, pending);
        folded = mix(folded, pending > 255 ? (foreignBase[pending - 256] as number) : pending & baseMask);
        beforePrevious = previous;
        previous = pending;
        previousTone = pendingTone;
      } else if (separator !== 0 && hasLetter) {
        marked = mix(marked, separator);
        folded = mix(folded, separator);
      }
      separator = 0;
      const isUpper = letterIsUpper[point] === 1;
      if (isUpper === isInSyllable) flags |= nameFlags.case;
      if (kind === letterKinds.vietnamese) {
        pending = letterCode[point] as number;
        pendingTone = letterTone[point] as number;
        if (pending > baseMask || pendingTone !== 0) flags |= nameFlags.marks;
      } else {
        pending = 256 + (foreignCode[point] as number);
        pendingTone = 0;
        flags |= nameFlags.other | nameFlags.marks;
      }
      if (pendingTone !== 0) tones = tones * 6 + pendingTone;
      isInSyllable = true;
      hasLetter = true;
      wasSpace = false;
      continue;
    }

    if (kind === letterKinds.combining && pending !== 0 && pending < 256) {
      flags |= nameFlags.unicodeForm | nameFlags.marks;
      const tone = letterTone[point] as number;
      const allowed = allowedMarks[pending & baseMask] as number;
      if (tone !== 0) {
        // NFC orders two tones on one letter in its own way, and has no tone on a consonant.
        if (pendingTone !== 0 || ((allowed >> toneAllowedBit) & 1) === 0) flags |= nameFlags.other;
        tones = tones * 6 + tone;
        pendingTone = tone;
      } else {
        const quality = (letterCode[point] as number) >> qualityShift;
        if (pending >> qualityShift !== 0 || ((allowed >> quality) & 1) === 0) flags |= nameFlags.other;
        pending |= letterCode[point] as number;
      }
      continue;
    }

    // The end of a syllable, or something for `readName`.
    if (pending !== 0) {
      marked = mix(marked, pending);
      folded = mix(folded, pending > 255 ? (foreignBase[pending - 256] as number) : pending & baseMask);
      // Two tones side by side are no Vietnamese syllable: nobody moves them.
      if (pendingTone !== 0 && previousTone === 0 && isOpenPair(previous, pending, beforePrevious))
        flags |= nameFlags.tonePlacement;
      pending = 0;
    }
    if (tones !== 0) marked = mix(marked, 0x200 + tones);
    tones = 0;
    previous = 0;
    previousTone = 0;
    beforePrevious = 0;
    isInSyllable = false;
    if (point === space) {
      if (separator > 0x100) flags |= nameFlags.other; // an apostrophe or hyphen that joins nothing
      if (wasSpace) flags |= nameFlags.spaces;
      wasSpace = true;
      separator = 0x100;
    } else if (point === apostrophe || point === hyphen) {
      if (separator !== 0 || !hasLetter) flags |= nameFlags.other;
      separator = point === apostrophe ? 0x101 : 0x102;
      wasSpace = false;
    } else {
      // A digit, say, that stays in the standard form is part of the name.
      marked = mix(marked, 0x10000 + point);
      folded = mix(folded, 0x10000 + point);
      flags |= nameFlags.other;
      wasSpace = false;
    }
  }
  if (pending !== 0) {
    marked = mix(marked, pending);
    folded = mix(folded, pending > 255 ? (foreignBase[pending - 256] as number) : pending & baseMask);
    if (pendingTone !== 0 && previousTone === 0 && isOpenPair(previous, pending, beforePrevious))
      flags |= nameFlags.tonePlacement;
  } else if (hasLetter) flags |= wasSpace ? nameFlags.spaces : nameFlags.other;
  if (tones !== 0) marked = mix(marked, 0x200 + tones);
  if (!hasLetter) flags |= nameFlags.empty;
  out.marked = finish(marked);
  out.folded = finish(folded);
  out.flags = flags;
}

/** Two letters that end a syllable as oa, oe or uy, where the tone stands on the first (hòa, hòe, thúy; but quý). */
function isOpenPair(first: number, last: number, before: number): boolean {
  if (first === letterO) return last === letterA || last === letterE;
  return first === letterU && last === letterY && before !== letterQ;
}

function mix(hash: number, code: number): number {
  const next = Math.imul(hash ^ code, 0x9e3779b1);
  return next ^ (next >>> 15);
}

function finish(hash: number): number {
  let next = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  next = Math.imul(next ^ (next >>> 13), 0xc2b2ae35);
  return next ^ (next >>> 16);
}
