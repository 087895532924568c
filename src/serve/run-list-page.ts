import type { LedgerRun } from "../job/ledger.js";
import { type Html, html } from "../report/page/html.js";
import { languageSwitch } from "../report/page/language-switch.js";
import { pageStyle } from "../report/page/style.js";
import { writeTable } from "../report/page/tables.js";
import { type Both, writeBoth, writeCount, writeDay, writePercent } from "../report/page/wording.js";
import { percentOf } from "../report/percentages.js";

/** A run as the list shows it. */
export type ListedRun = Pick<LedgerRun, "id" | "pipeline" | "asOf" | "state" | "counts"> & {
  /** Whether there is a page to go to. */
  readonly hasReport: boolean;
};

const states: Readonly<Record<LedgerRun["state"], Both>> = {
  running: { vi: "đang chạy", en: "running" },
  published: { vi: "đã công bố", en: "published" },
  withheld: { vi: "bị giữ lại", en: "withheld" },
  failed: { vi: "hỏng", en: "failed" },
  stopped: { vi: "đã dừng", en: "stopped" },
};

/** The page with all runs of an output folder, in the order given; links are relative to the page's own address. */
export function renderRunList(runs: readonly ListedRun[]): string {
  return html`<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>Các lượt chạy · Runs</title>
<style>${{ markup: pageStyle }}</style>
</head>
<body>
${languageSwitch}
<header>
<h1>${writeBoth({ vi: "Các lượt chạy", en: "All runs" })}</h1>
<p>${writeBoth({
    vi: "Chỉ xem, chỉ trên máy này. Không có dữ liệu cá nhân.",
    en: "To look at only, and on this machine only. No personal data.",
  })}</p>
</header>
<main>
${runs.length === 0 ? html`<p>${writeBoth({ vi: "Chưa có lượt chạy nào.", en: "No runs yet." })}</p>` : tabulate(runs)}
</main>
</body>
</html>
`.markup;
}

function tabulate(runs: readonly ListedRun[]): Html {
  return writeTable({
    caption: { vi: "Mới nhất trước", en: "Newest first" },
    columns: [
      { name: { vi: "Lượt chạy", en: "Run" } },
      { name: { vi: "Quy trình", en: "Pipeline" } },
      { name: { vi: "Tính đến ngày", en: "As of" } },
      { name: { vi: "Trạng thái", en: "State" } },
      { name: { vi: "Bản ghi", en: "Records" }, isNumber: true },
      { name: { vi: "Sạch", en: "Cleaned" }, isNumber: true },
      { name: { vi: "Lỗi", en: "Errors" }, isNumber: true },
      { name: { vi: "Ngoại lệ", en: "Exceptions" }, isNumber: true },
      { name: { vi: "Tỷ lệ sạch", en: "Cleanliness" }, isNumber: true },
      { name: { vi: "Tải về", en: "Download" } },
    ],
    rows: runs.map(({ id, pipeline, asOf, state, counts, hasReport }) => {
      const { records, cleaned, errors, exceptions } = counts;
      const isCounted = records !== undefined && cleaned !== undefined && exceptions !== undefined;
      const cells = [
        hasReport ? html`<a href="${id}/"><code>${id}</code></a>` : html`<code>${id}</code>`,
        html`${pipeline}`,
        writeDay(asOf),
        writeBoth(states[state]),
        ...[records, cleaned, errors, exceptions].map((count) =>
          count === undefined ? html`–` : writeCount(count),
        ),
        isCounted ? writePercent(percentOf(cleaned, records - exceptions)) : html`–`,
        hasReport
          ? html`<a href="${id}/summary.xlsx">Excel</a> · <a href="${id}/summary.csv">CSV</a>`
          : html`–`,
      ];
      return { cells: cells.map((content) => ({ content })) };
    }),
  });
}
