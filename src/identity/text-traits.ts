/** What a text may hold, as bits. A bit that is not set is certain; one that is set only says: look. */
export const textTraits = {
  /** Controls and characters without a shape, white space aside. */
  invisible: 1,
  /** What NFC changes, or may join with the character before it. */
  composing: 2,
  /** White space that is not U+0020. */
  otherSpace: 4,
  /** Punctuation and symbols; also ʼ, a letter that stands for an apostrophe. */
  punctuation: 8,
  /** Letters that look like Đ. */
  foreignStroke: 16,
} as const;

const everyTrait = 31;

/** Below: Latin letters, modifiers and combining marks, one by one. */
const tableSize = 0x400;
/** Latin Extended Additional: precomposed letters, most of them Vietnamese. */
const firstAdditional = 0x1e00;
const lastAdditional = 0x1eff;

/** A control or a character without a shape, no white space. */
export const invisibleCharacter = /[\p{Cf}\p{Default_Ignorable_Code_Point}]|(?![\s\x85])\p{Cc}/u;

const patterns: readonly (readonly [number, RegExp])[] = [
  [textTraits.invisible, invisibleCharacter],
  [textTraits.composing, /\p{M}/u],
  [textTraits.otherSpace, /[^\S ]|\x85/u],
  [textTraits.punctuation, /[\p{P}\p{S}ʼ]/u],
  [textTraits.foreignStroke, /[ÐƉðɖ]/u],
];

const traitsByUnit = Uint8Array.from({ length: tableSize }, (_, unit) => {
  const character = String.fromCharCode(unit);
  const composing = character.normalize("NFC") === character ? 0 : textTraits.composing;
  return patterns.reduce(
    (traits, [trait, pattern]) => traits | (pattern.test(character) ? trait : 0),
    composing,
  );
});

/** Whether a text holds ASCII alone: every normal form of it is itself. */
export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) >= 0x80) return false;
  return true;
}

/** The traits of a text's characters. */
export function traitsOf(text: string): number {
  let traits = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < tableSize) traits |= traitsByUnit[unit] as number;
    else if (unit < firstAdditional || unit > lastAdditional) return everyTrait;
  }
  return traits;
}
