/** A CSV cell, quoted (RFC 4180) only when its text asks for it. */
export function quoteCell(text: string, delimiter: string): string {
  if (text === "") return text;
  const mark = delimiter.charCodeAt(0);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34 || code === 10 || code === 13 || code === mark) {
      return `"${text.replaceAll('"', '""')}"`;
    }
  }
  return text;
}
