import { formatDay } from "../figures.js";
import type { ReportInput } from "../report-input.js";
import { describeAccuracy } from "./accuracy.js";
import { describeDeepPlaces, describeDoses, describeFairness, describeFiles } from "./breakdowns.js";
import { describeCarveOuts, describeErrors } from "./codes.js";
import { describeFlow } from "./flow.js";
import { writeHeadline } from "./headline.js";
import { html, joinHtml } from "./html.js";
import { languageSwitch } from "./language-switch.js";
import { describeGates, describeMethod, describeRun } from "./method.js";
import { describeNextSteps } from "./next-steps.js";
import { describeTrend } from "./nights.js";
import { describeProvinces, encodePlaces } from "./places.js";
import { pagePolicy } from "./policy.js";
import { pageScript } from "./script.js";
import { type Section, writeSection } from "./section.js";
import { pageStyle } from "./style.js";
import { describeTimeliness } from "./timeliness.js";
import { writeWarnings } from "./warnings.js";
import { writeBoth, writeDay } from "./wording.js";

/**
 * `report/index.html`: one self-contained page for the manager, in Vietnamese and English, that fetches nothing and
 * runs only its own script. It holds counts, places, facilities, vaccines and file names, nothing about a person; the
 * same input gives the same bytes.
 */
export function renderReport(input: ReportInput): string {
  const { metrics } = input;
  const { run } = metrics;
  const sections = listSections(input);
  const page = html`<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${{ markup: pagePolicy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>Kết quả làm sạch dữ liệu · ${run.pipeline} · ${formatDay(run.asOf, "vi")}</title>
<style>${{ markup: pageStyle }}</style>
</head>
<body>
${languageSwitch}
<header>
<h1>${writeBoth({ vi: "Kết quả làm sạch dữ liệu tiêm chủng", en: "Results of cleaning the vaccination data" })}</h1>
<p class="soft">${run.pipeline} · ${writeBoth({ vi: "tính đến ngày", en: "as of" })} ${writeDay(run.asOf)} · ${writeBoth({ vi: "lượt chạy", en: "run" })} <code>${run.id}</code></p>
</header>
<main>
${joinHtml(writeWarnings(metrics))}
${writeHeadline(input)}
<nav aria-label="Mục lục / Contents"><ul>
${joinHtml(sections.map(({ id, title }) => html`<li><a href="#${id}">${writeBoth(title)}</a></li>`))}
</ul></nav>
${joinHtml(sections.map(writeSection))}
</main>
<script type="application/json" id="places">${{ markup: encodePlaces(metrics) }}</script>
<script>${{ markup: pageScript }}</script>
</body>
</html>
`;
  return page.markup;
}

/** What the page says after its headline, top down. */
function listSections(input: ReportInput): Section[] {
  const { metrics, audit } = input;
  return [
    describeFlow(metrics),
    describeNextSteps(metrics),
    ...describeProvinces(metrics),
    describeCarveOuts(metrics),
    describeErrors(metrics),
    ...describeDoses(metrics),
    describeTimeliness(input.history),
    describeTrend(input),
    describeAccuracy(audit),
    ...describeFairness(metrics),
    ...describeDeepPlaces(metrics),
    describeFiles(metrics),
    describeGates(metrics),
    describeRun(metrics),
    describeMethod(metrics),
  ];
}
