import { createHash } from "node:crypto";
import { pageScript } from "./script.js";
import { chartStyle, pageStyle } from "./style.js";

/** What a page may do, as its Content-Security-Policy: only its own style and script, by their hashes, and an icon of its own. */
export const pagePolicy = `${allow([pageStyle])}; img-src data:`;

/** The same for pages and drawings that are served, as a header. */
export const servedPolicy = `${allow([pageStyle, chartStyle])}; img-src 'self' data:; frame-ancestors 'none'`;

function allow(styles: readonly string[]): string {
  const known = styles.map((style) => `'${digest(style)}'`).join(" ");
  return `default-src 'none'; style-src ${known}; script-src '${digest(pageScript)}'; base-uri 'none'; form-action 'none'`;
}

function digest(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
