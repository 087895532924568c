import { formatCount, formatMeasure, formatPercent, formatShare } from "./figures.js";
import { buildFunnel } from "./funnel.js";
import { writeCarveOuts, writeErrors, writeFunnel } from "./html-codes.js";
import { writeDimensions, writeFiles, writeProvinces } from "./html-dimensions.js";
import { reportStyle } from "./html-style.js";
import { writeBoth, writeTable } from "./html-tables.js";
import { type Html, html, joinHtml } from "./html-text.js";
import type { Metrics, Tally } from "./metrics.js";
import { cleanliness, coverage, percentOf } from "./percentages.js";

/**
 * `report/index.html`: one self-contained page for the manager, Vietnamese with English beside it, that runs no script
 * and fetches nothing. It holds counts, places, facilities, vaccines and file names, nothing about a person; the same
 * metrics give the same bytes.
 */
export function renderReport(metrics: Metrics): string {
  const { run } = metrics;
  const page = html`<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Kết quả làm sạch dữ liệu · ${run.pipeline} · ${run.asOf}</title>
<style>${{ markup: reportStyle }}</style>
</head>
<body>
<header>
<h1>Kết quả làm sạch dữ liệu tiêm chủng <span class="en below" lang="en">Results of cleaning the vaccination data</span></h1>
<p>${run.pipeline} · ${writeBoth({ vi: "ngày", en: "as of" })} ${run.asOf} · ${writeBoth({ vi: "lượt chạy", en: "run" })} <code>${run.id}</code></p>
</header>
<main>
${joinHtml([
  ...writeWarnings(metrics),
  writeHeadline(metrics),
  writeFunnel(metrics, buildFunnel(metrics)),
  writeCarveOuts(metrics),
  writeErrors(metrics),
  writeProvinces(metrics),
  ...writeDimensions(metrics),
  writeFiles(metrics),
  writeGates(metrics),
  writeRun(metrics),
  writeMethod(metrics),
])}
</main>
</body>
</html>
`;
  return page.markup;
}

function writeWarnings({ run, gates, doses }: Metrics): Html[] {
  const failed = gates.filter(({ passed }) => !passed).length;
  const warnings: Html[] = [];
  if (failed > 0) {
    warnings.push(
      html`<p class="warn">${writeBoth({
        vi: `${failed} ngưỡng chất lượng không đạt: kết quả không được công bố.`,
        en: `${failed} quality gates failed: the outputs are withheld.`,
      })}</p>`,
    );
  }
  if (run.registerVersion === null) {
    warnings.push(
      html`<p class="warn">${writeBoth({
        vi: "Chưa đối chiếu với CSDL quốc gia về dân cư: không bản ghi nào được xác thực.",
        en: "No population register was given: no record could be authenticated.",
      })}</p>`,
    );
  }
  if (doses.records === 0) {
    warnings.push(
      html`<p class="warn">${writeBoth({ vi: "Không có bản ghi nào.", en: "There are no records." })}</p>`,
    );
  }
  return warnings;
}

function writeHeadline({ doses, people }: Metrics): Html {
  return html`<section class="cards" aria-label="Tỷ lệ sạch / Cleanliness">
${writeCard("Mũi tiêm", "Doses", doses)}
${writeCard("Đối tượng", "People", people)}
</section>`;
}

function writeCard(vi: string, en: string, tally: Tally): Html {
  const clean = cleanliness(tally);
  const covered = coverage(tally);
  return html`<div class="card"><h2>${writeBoth({ vi, en })}</h2>
<p class="big">${formatPercent(clean, "vi")}</p>
<p>${writeBoth({ vi: "sạch trên số phải làm sạch", en: "clean, of those that must be cleaned" })}: ${formatShare(clean, "vi")}</p>
<p>${writeBoth({ vi: "Bao phủ, trên tổng số nhận được", en: "Coverage, of everything delivered" })}: <strong>${formatPercent(covered, "vi")}</strong> = ${formatShare(covered, "vi")}</p></div>`;
}

function writeGates({ gates }: Metrics): Html {
  return html`<section><h2>${writeBoth({ vi: "Ngưỡng chất lượng", en: "Quality gates" })}</h2>
${writeTable({
  caption: {
    vi: "Một ngưỡng không đạt thì không công bố kết quả",
    en: "One failed gate and nothing is published",
  },
  columns: [
    { vi: "Ngưỡng", en: "Gate" },
    { vi: "Giới hạn", en: "Limit", isNumber: true },
    { vi: "Giá trị", en: "Value", isNumber: true },
    { vi: "Kết quả", en: "Result" },
  ],
  rows: gates.map(({ name, limit, value, passed }) => [
    html`<code>${name}</code>`,
    html`${formatMeasure(limit, "vi")}`,
    html`${formatMeasure(value, "vi")}`,
    passed
      ? writeBoth({ vi: "đạt", en: "passed" })
      : html`<span class="bad">không đạt</span> <span class="en" lang="en">failed</span>`,
  ]),
})}</section>`;
}

function writeRun({ run }: Metrics): Html {
  const none = { vi: "không có", en: "none" };
  const facts: readonly (readonly [string, string, Html])[] = [
    ["Lượt chạy", "Run", html`<code>${run.id}</code>`],
    ["Quy trình", "Pipeline", html`${run.pipeline}`],
    ["Tính đến ngày", "As of", html`${run.asOf}`],
    ["Chính sách", "Policy", html`${run.policy}`],
    ["Phiên bản quy tắc", "Rules version", html`${run.rulesVersion}`],
    ["Phiên bản CSDL dân cư", "Register version", html`${run.registerVersion ?? writeBoth(none)}`],
    ["Số người trong CSDL dân cư", "People in the register", html`${formatCount(run.registerPeople, "vi")}`],
  ];
  return html`<section><h2>${writeBoth({ vi: "Nhận dạng lượt chạy", en: "What this run was" })}</h2>
${writeTable({
  caption: { vi: "Cùng các giá trị này thì cùng kết quả", en: "The same values give the same results" },
  columns: [
    { vi: "Mục", en: "Item" },
    { vi: "Giá trị", en: "Value" },
  ],
  rows: facts.map(([vi, en, value]) => [writeBoth({ vi, en }), value]),
})}</section>`;
}

function writeMethod({ doses }: Metrics): Html {
  const clean = cleanliness(doses);
  const carvedOut = percentOf(doses.records - clean.denominator, doses.records);
  const formula = `${formatShare(clean, "vi")} = ${formatPercent(clean, "vi")}`;
  return html`<section><h2>${writeBoth({ vi: "Cách tính", en: "How the number is computed" })}</h2>
<p>${writeBoth({
    vi: "Tỷ lệ sạch = dữ liệu sạch ÷ (tổng số − ngoại lệ). Ngoại lệ theo Đề án 06 (Quyết định 2491/QĐ-BYT): không có số định danh, số định danh sai định dạng, sai thông tin cá nhân.",
    en: "Cleanliness = cleaned ÷ (records − exceptions). Exceptions of Scheme 06 (Decision 2491/QĐ-BYT): no citizen ID, ID in the wrong format, wrong personal information.",
  })}</p>
<p>${writeBoth({ vi: "Mũi tiêm của lượt chạy này", en: "Doses of this run" })}: ${formula}; ${writeBoth({ vi: "ngoại lệ", en: "exceptions" })}: ${formatShare(carvedOut, "vi")} = ${formatPercent(carvedOut, "vi")}</p>
<p>${writeBoth({
    vi: "Bao phủ = dữ liệu sạch ÷ tổng số. Tổng số = sạch + lỗi + ngoại lệ, kiểm tra ở mỗi tệp và mỗi tỉnh. Tỷ lệ làm tròn xuống: 100 % nghĩa là tất cả. Mẫu số bằng 0 thì không áp dụng.",
    en: "Coverage = cleaned ÷ records. Records = cleaned + errors + exceptions, checked for every file and province. Percentages are rounded down, so 100 % means all of them. With a denominator of 0 they are not applicable.",
  })}</p>
<p>${writeBoth({
    vi: "Một người được tính một lần ở tổng số, và ở mỗi nơi có mũi tiêm của họ; cách viết số: 1.234,5.",
    en: "A person counts once in the total, and at every place where they have a dose; on this page 1.234,5 is one thousand two hundred and thirty-four and a half.",
  })}</p></section>`;
}
