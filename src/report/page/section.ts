import type { Language } from "../figures.js";
import { type Html, html, joinHtml } from "./html.js";
import { type Both, writeBoth } from "./wording.js";

/** A part of the page: `id` is its anchor, `title` its heading and its line in the table of contents. */
export interface Section {
  readonly id: string;
  readonly title: Both;
  readonly content: readonly Html[];
}

export function writeSection({ id, title, content }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${writeBoth(title)}</h2>
${joinHtml(content)}
</section>`;
}

export function writeParagraph(text: Both): Html {
  return html`<p>${writeBoth(text)}</p>`;
}

/** A drawing in each language, with its caption under it. The tables of its section hold the same numbers. */
export function writeFigure(caption: Both, draw: (language: Language) => Html): Html {
  return html`<figure><div class="scroll" role="region" aria-label="${caption.vi} / ${caption.en}" tabindex="0"><div class="vi">${draw("vi")}</div><div class="en" lang="en">${draw("en")}</div></div>
<figcaption>${writeBoth(caption)}</figcaption></figure>`;
}
