/** Whether a pattern has any of `*`, `?`, `[`; without them it is the name of one file. */
export function isGlob(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/**
 * The expression for one name of a path: `*` any characters, `?` one, `[abc]` and `[!a-z]` one of a set. A name that
 * begins with a dot needs a pattern that does. Unicode forms are compared as NFC.
 */
export function globExpression(pattern: string): RegExp {
  const source = pattern
    .normalize("NFC")
    .replace(/\[(!?)([^\]/]+)\]|[\s\S]/gu, (token, negation: string | undefined, set: string | undefined) => {
      if (set !== undefined) return `[${negation ? "^" : ""}${set.replace(/[\\^[]/g, "\\$&")}]`;
      if (token === "*") return "[\\s\\S]*?";
      if (token === "?") return "[\\s\\S]";
      return token.replace(/[\\^$.|+()[\]{}/]/g, "\\$&");
    });
  return new RegExp(`^${pattern.startsWith(".") ? "" : "(?!\\.)"}${source}$`, "u");
}

/** Whether a base name fits a pattern. */
export function matchesGlob(name: string, pattern: string): boolean {
  return globExpression(pattern).test(name.normalize("NFC"));
}
