import { createHash } from "node:crypto";

/** SHA-256 (lower-case hex) of plain data as canonical JSON: keys in code-unit order, no spaces; order of keys and comments do not matter. */
export function fingerprint(content: unknown): string {
  return createHash("sha256").update(toCanonicalJson(content)).digest("hex");
}

/** JSON text that is the same for equal data: keys in code-unit order, no spaces. */
export function toCanonicalJson(content: unknown): string {
  return JSON.stringify(content, (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
