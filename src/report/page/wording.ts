import { formatCount, formatDay, formatPercent, formatShare, type Language } from "../figures.js";
import type { Percentage } from "../percentages.js";
import { type Html, html } from "./html.js";

/** A text in both languages; the page shows one of them, and both to who has no style sheet. */
export interface Both {
  readonly vi: string;
  readonly en: string;
}

/** The text in both languages, of which the style sheet shows the chosen one. */
export function writeBoth({ vi, en }: Both): Html {
  return vi === en ? html`${vi}` : html`<span class="vi">${vi}</span><span class="en" lang="en">${en}</span>`;
}

/** What `write` makes in each language. */
export function writeIn(write: (language: Language) => string): Html {
  return writeBoth({ vi: write("vi"), en: write("en") });
}

/** A whole number, its thousands separated as the language has it. */
export function writeCount(count: number): Html {
  return writeIn((language) => formatCount(count, language));
}

/** A day `yyyy-mm-dd`. */
export function writeDay(day: string): Html {
  return writeIn((language) => formatDay(day, language));
}

/** A percentage alone. */
export function writePercent(share: Percentage): Html {
  return writeIn((language) => formatPercent(share, language));
}

/** `numerator ÷ denominator`. */
export function writeShare(share: Percentage): Html {
  return writeIn((language) => formatShare(share, language));
}
