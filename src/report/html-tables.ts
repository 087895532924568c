import { formatCount, formatPercent, formatShare } from "./figures.js";
import { type Html, html, joinHtml } from "./html-text.js";
import type { Percentage } from "./percentages.js";

/** A text in both languages, Vietnamese first. */
export interface Both {
  readonly vi: string;
  readonly en: string;
}

export interface Column extends Both {
  readonly isNumber?: boolean;
}

/** Vietnamese with the English beside it. */
export function writeBoth({ vi, en }: Both): Html {
  return html`${vi} <span class="en" lang="en">${en}</span>`;
}

/** Vietnamese with the English on the next line. */
export function stackBoth({ vi, en }: Both): Html {
  return html`${vi} <span class="en below" lang="en">${en}</span>`;
}

/** A whole number with its thousands separated the Vietnamese way. */
export function writeCount(count: number): Html {
  return html`${formatCount(count, "vi")}`;
}

/** A percentage with its numerator and denominator under it. */
export function writeShare(share: Percentage): Html {
  return html`${formatPercent(share, "vi")} <span class="en below">${formatShare(share, "vi")}</span>`;
}

/** A bar as long as the share; decoration only, the number stands beside it. */
export function drawBar({ numerator, denominator }: Percentage): Html {
  const hundredths = denominator > 0 ? Math.floor((numerator * 10_000) / denominator) : 0;
  return html`<span class="bar" aria-hidden="true"><span style="width:${String(hundredths / 100)}%"></span></span>`;
}

/** A table with a caption; the first cell of each row is that row's header. */
export function writeTable({
  caption,
  columns,
  rows,
}: {
  readonly caption: Both;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Html[])[];
}): Html {
  const heads = columns.map((column) => html`<th scope="col"${classOf(column)}>${stackBoth(column)}</th>`);
  const bodies = rows.map((row) => {
    const cells = row.map((cell, index) => {
      const column = columns[index];
      return index === 0
        ? html`<th scope="row"${classOf(column)}>${cell}</th>`
        : html`<td${classOf(column)}>${cell}</td>`;
    });
    return html`<tr>${joinInline(cells)}</tr>`;
  });
  return html`<div class="scroll"><table>
<caption>${writeBoth(caption)}</caption>
<thead><tr>${joinInline(heads)}</tr></thead>
<tbody>
${joinHtml(bodies)}
</tbody>
</table></div>`;
}

function classOf(column: Column | undefined): Html {
  return column?.isNumber ? html` class="number"` : html``;
}

function joinInline(pieces: readonly Html[]): Html {
  return { markup: pieces.map(({ markup }) => markup).join("") };
}
