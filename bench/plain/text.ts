/** Lower case, no marks, đ as d, single spaces: how codings and placeholders are compared. */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\p{M}\p{Cf}]+/gu, "")
    .replaceAll("đ", "d")
    .replace(/\s+/g, " ")
    .trim();
}

/** `fold` with letters and digits only. */
export function squeeze(text: string): string {
  return fold(text).replace(/[^\p{L}\p{N}]+/gu, "");
}

/** Compatibility forms resolved, without the blanks and invisible characters around it. */
export function tidy(text: string): string {
  return text.normalize("NFKC").replace(/^[\s\p{Cc}\p{Cf}]+|[\s\p{Cc}\p{Cf}]+$/gu, "");
}
