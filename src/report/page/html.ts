import { showLabel } from "../visible-text.js";

/** Markup that is safe to put into a page; only `html` and `joinHtml` make it. */
export interface Html {
  readonly markup: string;
}

/**
 * Template for markup: every value is escaped for text and for double-quoted attributes, with invisible and
 * direction-changing characters shown as `<U+XXXX>`; only `Html` values are taken as they are.
 */
export function html(parts: TemplateStringsArray, ...values: readonly (Html | string | number)[]): Html {
  const markup = parts.reduce((text, part, index) => {
    const value = values[index - 1] as Html | string | number;
    return text + (typeof value === "object" ? value.markup : escapeHtml(String(value))) + part;
  });
  return { markup };
}

/** Pieces of markup one under the other. */
export function joinHtml(pieces: readonly Html[]): Html {
  return { markup: pieces.map(({ markup }) => markup).join("\n") };
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return showLabel(text).replace(/[&<>"']/g, (character) => entities[character] as string);
}
