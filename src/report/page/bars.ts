import type { SetCounts } from "../percentages.js";
import { percentOf } from "../percentages.js";
import { type Html, html } from "./html.js";

/** The three sets as one bar, as wide as the cell; decoration, the numbers stand beside it. */
export function drawSets({ records, cleaned, errors, exceptions }: SetCounts): Html {
  const clean = widthOf(cleaned, records);
  const wrong = widthOf(errors, records);
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="8"/><rect class="cleaned" width="${clean}" height="8"/><rect class="errors" x="${clean}" width="${wrong}" height="8"/><rect class="exceptions" x="${round(clean + wrong)}" width="${widthOf(exceptions, records)}" height="8"/></svg>`;
}

/** Hundredths of the bar's 100 units, rounded down. */
function widthOf(part: number, whole: number): number {
  return round(percentOf(part, whole).percent ?? 0);
}

function round(width: number): number {
  return Math.floor(width * 100) / 100;
}
