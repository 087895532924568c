/**
 * The records of CSV text in which nothing is quoted and every record has as many cells as the first; empty lines are
 * none. Null for any other text, which needs a reader of CSV. Lines end in LF or CRLF.
 */
export function splitPlainCsv(text: string): string[][] | null {
  if (text.includes('"')) return null;
  const records = text
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .map((line) => line.split(","));
  return records.every(({ length }) => length === records[0]?.length) ? records : null;
}
