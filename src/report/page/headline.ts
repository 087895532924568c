import { formatCount, formatDay, formatPercent } from "../figures.js";
import type { Metrics, Tally } from "../metrics.js";
import { cleanliness, countSets, coverage, percentOf, type SetCounts } from "../percentages.js";
import type { ReportInput } from "../report-input.js";
import type { PastRun } from "../run-history.js";
import { drawSets } from "./bars.js";
import { type Html, html } from "./html.js";
import { type Both, writeBoth, writeCount, writePercent, writeShare } from "./wording.js";

/** The number that the page is opened for: in doses and in people, against all, and since the last night. */
export function writeHeadline({ metrics, history }: Pick<ReportInput, "metrics" | "history">): Html {
  const last = history.runs.at(-1) ?? null;
  return html`<section id="headline" class="cards" aria-label="Tỷ lệ sạch / Cleanliness">
${writeCard(metrics, "doses", last)}
${writeCard(metrics, "people", last)}
</section>`;
}

const units: Readonly<Record<"doses" | "people", Both & { readonly one: Both }>> = {
  doses: { vi: "Mũi tiêm", en: "Doses", one: { vi: "mũi", en: "doses" } },
  people: { vi: "Người", en: "People", one: { vi: "người", en: "people" } },
};

function writeCard(metrics: Metrics, unit: "doses" | "people", last: PastRun | null): Html {
  const tally: Tally = metrics[unit];
  const sets = countSets(tally);
  const clean = cleanliness(tally);
  const { one } = units[unit];
  return html`<div class="card"><h2>${writeBoth(units[unit])}</h2>
<p class="big">${writePercent(clean)}</p>
<p>${writeBoth({ vi: "sạch, trong số phải làm sạch:", en: "clean, of those that must be cleaned:" })} <span class="nowrap">${writeShare(clean)}</span></p>
${drawSets(sets)}
<ul class="key">
<li class="cleaned">${writeBoth({ vi: "sạch", en: "cleaned" })} <b>${writeCount(sets.cleaned)}</b></li>
<li class="errors">${writeBoth({ vi: "lỗi", en: "errors" })} <b>${writeCount(sets.errors)}</b></li>
<li class="exceptions">${writeBoth({ vi: "ngoại lệ", en: "exceptions" })} <b>${writeCount(sets.exceptions)}</b></li>
</ul>
<p>${writeBoth({ vi: `Còn thiếu để đạt mục tiêu 100 %: ${formatCount(sets.errors, "vi")} ${one.vi}.`, en: `Short of the goal of 100 %: ${formatCount(sets.errors, "en")} ${one.en}.` })}</p>
<p>${writeBoth(describeChange(sets, last?.[unit] ?? null, last?.asOf ?? ""))}</p>
<p>${writeBoth({ vi: "Tỷ lệ sạch trên tổng số nhận được:", en: "Clean share of all delivered:" })} ${writePercent(coverage(tally))} = <span class="nowrap">${writeShare(coverage(tally))}</span></p></div>`;
}

/** What changed since an earlier run, in the same two figures that the card leads with. */
function describeChange(now: SetCounts, before: SetCounts | null, asOf: string): Both {
  if (before === null)
    return { vi: "Chưa có lượt chạy trước để so sánh.", en: "There is no earlier night to compare with." };
  const share = (of: SetCounts) => percentOf(of.cleaned, of.records - of.exceptions);
  return {
    vi: `So với ${formatDay(asOf, "vi")}: khi đó ${formatPercent(share(before), "vi")}; số sạch ${signed(now.cleaned - before.cleaned, "vi")}, số lỗi ${signed(now.errors - before.errors, "vi")}.`,
    en: `Since ${asOf}: ${formatPercent(share(before), "en")} then; cleaned ${signed(now.cleaned - before.cleaned, "en")}, errors ${signed(now.errors - before.errors, "en")}.`,
  };
}

function signed(change: number, language: "vi" | "en"): string {
  const size = formatCount(Math.abs(change), language);
  if (change === 0) return "±0";
  return change > 0 ? `+${size}` : `−${size}`;
}
