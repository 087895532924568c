/**
 * What may stand before a formula and not keep a spreadsheet, or whoever pastes the cell, from running it: spaces, control
 * and format characters, what is not shown at all, and quotes.
 */
const prefix = String.raw`[\s\p{Cc}\p{Cf}\p{DI}\p{Pi}\p{Pf}"'\u0060\u00b4\u201a\u201e\uff02\uff07]*`;
const formula = new RegExp(`^${prefix}[=+\\-@＝＋－＠]`, "u");
/** These are signs of a new cell, row or text to some programs. Quotes before them: see `guardCell`. */
const separator = /^["']*[\t\r\n\0]/u;

/**
 * A delivered text for a file that gets opened in a spreadsheet: one that would run as a formula there gets an
 * apostrophe in front. So does one that has the apostrophe already: two texts never become the same, and taking one
 * away from what is guarded gives what was delivered.
 */
export function guardCell(text: string): string {
  return formula.test(text) || separator.test(text) ? `'${text}` : text;
}
