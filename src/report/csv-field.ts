const quote = 0x22;
const comma = 0x2c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** `text` as a CSV field (RFC 4180). */
export function quoteField(text: string): string {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === quote || unit === comma || unit === lineFeed || unit === carriageReturn) {
      return `"${text.replaceAll('"', '""')}"`;
    }
  }
  return text;
}
