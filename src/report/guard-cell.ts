/**
 * A delivered text for a file that gets opened in a spreadsheet: one that would run as a formula there gets an
 * apostrophe in front.
 */
export function guardCell(text: string): string {
  return /^[\s\u0000-\u001f\ufeff]*[=+\-@＝＋－＠]/u.test(text) || /^[\t\r\n]/u.test(text)
    ? `'${text}`
    : text;
}
