import { formatMeasure, formatPercent, formatShare } from "../figures.js";
import { nameGate } from "../gate-names.js";
import type { Metrics } from "../metrics.js";
import { cleanliness, percentOf } from "../percentages.js";
import { type Html, html } from "./html.js";
import { type Section, writeParagraph } from "./section.js";
import { writeTable } from "./tables.js";
import { writeBoth, writeCount, writeDay, writeIn } from "./wording.js";

/** The gates, and whether each was passed. */
export function describeGates({ gates }: Metrics): Section {
  return {
    id: "gates",
    title: { vi: "Ngưỡng chất lượng", en: "Quality gates" },
    content: [
      writeTable({
        caption: {
          vi: "Một ngưỡng không đạt thì không công bố kết quả",
          en: "One failed gate and nothing is published",
        },
        columns: [
          { name: { vi: "Ngưỡng", en: "Gate" } },
          { name: { vi: "Giới hạn", en: "Limit" }, isNumber: true },
          { name: { vi: "Giá trị", en: "Value" }, isNumber: true },
          { name: { vi: "Kết quả", en: "Result" } },
        ],
        rows: gates.map(({ name, limit, value, passed }) => ({
          cells: [
            html`${writeBoth(nameGate(name))} <span class="small"><code>${name}</code></span>`,
            writeIn((language) => formatMeasure(limit, language)),
            writeIn((language) => formatMeasure(value, language)),
            passed
              ? writeBoth({ vi: "đạt", en: "passed" })
              : html`<b class="bad">${writeBoth({ vi: "không đạt", en: "failed" })}</b>`,
          ].map((content) => ({ content })),
        })),
      }),
    ],
  };
}

/** What the run was: the same values give the same results. */
export function describeRun({ run }: Metrics): Section {
  const facts: readonly (readonly [string, string, Html])[] = [
    ["Lượt chạy", "Run", html`<code>${run.id}</code>`],
    ["Quy trình", "Pipeline", html`${run.pipeline}`],
    ["Tính đến ngày", "As of", writeDay(run.asOf)],
    ["Chính sách", "Policy", html`${run.policy}`],
    ["Phiên bản quy tắc", "Rules version", html`${run.rulesVersion}`],
    [
      "Phiên bản CSDL dân cư",
      "Register version",
      run.registerVersion === null
        ? writeBoth({ vi: "không có", en: "none" })
        : html`<code>${run.registerVersion}</code>`,
    ],
    ["Số người trong CSDL dân cư", "People in the register", writeCount(run.registerPeople)],
  ];
  return {
    id: "run",
    title: { vi: "Nhận dạng lượt chạy", en: "What this run was" },
    content: [
      writeTable({
        caption: { vi: "Cùng các giá trị này thì cùng kết quả", en: "The same values give the same results" },
        columns: [{ name: { vi: "Mục", en: "Item" } }, { name: { vi: "Giá trị", en: "Value" } }],
        rows: facts.map(([vi, en, content]) => ({
          cells: [{ content: writeBoth({ vi, en }) }, { content }],
        })),
      }),
    ],
  };
}

/** How the number is computed, so that an auditor can do it again from `report/summary.csv`. */
export function describeMethod({ doses }: Metrics): Section {
  const clean = cleanliness(doses);
  const carvedOut = percentOf(doses.records - clean.denominator, doses.records);
  return {
    id: "method",
    title: { vi: "Cách tính", en: "How the number is computed" },
    content: [
      writeParagraph({
        vi: "Tỷ lệ sạch = dữ liệu sạch ÷ (tổng số − ngoại lệ). Ngoại lệ theo Đề án 06 (Quyết định 2491/QĐ-BYT): không có số định danh, số định danh sai định dạng, sai thông tin cá nhân.",
        en: "Cleanliness = cleaned ÷ (records − exceptions). Exceptions of Scheme 06 (Decision 2491/QĐ-BYT): no citizen ID, a citizen ID in the wrong format, wrong personal information.",
      }),
      html`<p>${writeBoth({ vi: "Mũi tiêm của lượt chạy này:", en: "Doses of this run:" })} ${writeIn((language) => `${formatShare(clean, language)} = ${formatPercent(clean, language)}`)}; ${writeBoth({ vi: "ngoại lệ:", en: "exceptions:" })} ${writeIn((language) => `${formatShare(carvedOut, language)} = ${formatPercent(carvedOut, language)}`)}</p>`,
      writeParagraph({
        vi: "Tỷ lệ sạch trên tổng số nhận được (sạch/tổng nhận; coverage trong các tệp) = dữ liệu sạch ÷ tổng số. Tổng số = sạch + lỗi + ngoại lệ, kiểm tra ở mỗi tệp và mỗi tỉnh. Tỷ lệ làm tròn xuống: 100 % nghĩa là tất cả. Mẫu số bằng 0 thì không áp dụng.",
        en: "Clean share of all delivered (clean of all; coverage in the files) = cleaned ÷ records. Records = cleaned + errors + exceptions, checked for every file and province. Percentages are rounded down, so 100 % means all of them. With a denominator of 0 they are not applicable.",
      }),
      writeParagraph({
        vi: "Một người được tính một lần ở tổng số, và một lần ở mỗi nơi có mũi tiêm của họ, theo bản ghi xấu nhất của họ ở đó.",
        en: "A person counts once in the total, and once at every place where they have a dose, by the worst of their records there.",
      }),
      writeParagraph({
        vi: "Tính lại từ report/summary.csv: dòng doses,total có records, cleaned, exceptions của cả lượt; mỗi giá trị của mỗi chiều có một dòng doses và một dòng people.",
        en: "To do it again from report/summary.csv: the line doses,total holds records, cleaned and exceptions of the run; each value of each dimension has one line for doses and one for people.",
      }),
    ],
  };
}
