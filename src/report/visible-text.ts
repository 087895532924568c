// Controls (line and tab too), zero-width and bidirectional marks, line separators, tags and lone surrogates: none of
// them has a place in the name of a place, a vaccine or a file, and all of them can make a text read as another.
const unseen =
  /\p{Cc}|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}|[\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5|[\ufe00-\ufe0f]/gu;

/** Letters as they are typed, signs and spaces of ASCII, line breaks not: nothing to look for in most names. */
const plain = /^[ -~\u00c0-\u024f\u1ea0-\u1ef9]*$/;

/** A label as one line that reads as it is stored: every invisible or direction-changing character becomes `<U+XXXX>`. */
export function showLabel(text: string): string {
  if (plain.test(text)) return text;
  return text.replace(unseen, (character) => {
    const point = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0");
    return `<U+${point}>`;
  });
}

/** Columns that a terminal gives a text (combining marks take none; no wide script is expected here). */
export function countColumns(text: string): number {
  return [...text.normalize("NFC").replace(/\p{Mn}/gu, "")].length;
}
