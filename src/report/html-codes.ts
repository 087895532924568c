import { type Code, findCode } from "../judge/code-catalogue.js";
import type { CodeCounts, Funnel } from "./funnel.js";
import { type Both, drawBar, stackBoth, writeBoth, writeCount, writeTable } from "./html-tables.js";
import { type Html, html, joinHtml } from "./html-text.js";
import type { Metrics } from "./metrics.js";
import { percentOf } from "./percentages.js";
import { rankCodes } from "./ranking.js";

/** The way from delivered to clean: what is left after each step, and which codes left at it. */
export function writeFunnel({ doses }: Metrics, { steps, cleaned }: Funnel): Html {
  const flow = writeTable({
    caption: { vi: "Sau mỗi bước còn lại bao nhiêu", en: "What is left after each step" },
    columns: [
      { vi: "Bước", en: "Step" },
      { vi: "Còn lại (mũi)", en: "Left (doses)", isNumber: true },
      { vi: "Còn lại (người)", en: "Left (people)", isNumber: true },
      { vi: "Tỷ lệ mũi", en: "Share of doses" },
      { vi: "Bị loại ở bước này", en: "Taken out at this step" },
    ],
    rows: steps.map(({ vi, en, left, remaining }) => [
      stackBoth({ vi, en }),
      writeCount(remaining.doses),
      writeCount(remaining.people),
      drawBar(percentOf(remaining.doses, doses.records)),
      listLeft(left),
    ]),
  });
  const authenticated = writeTable({
    caption: { vi: "Dữ liệu sạch, theo cách xác thực", en: "Clean data, by how it was authenticated" },
    columns: codeColumns,
    rows: cleaned.map((counts) => writeCounts(counts)),
  });
  return html`<section><h2>${writeBoth({ vi: "Từ dữ liệu nhận được đến dữ liệu sạch", en: "From delivered to clean" })}</h2>
${flow}
${authenticated}</section>`;
}

/** The exceptions of Scheme 06, apart from the errors: they leave the denominator, and somebody still has to act. */
export function writeCarveOuts(metrics: Metrics): Html {
  return html`<section><h2>${writeBoth({ vi: "Ngoại lệ theo Đề án 06", en: "Carve-outs of Scheme 06" })}</h2>
<p>${writeBoth({
    vi: "Không xác thực được vì một trong ba lý do của Quyết định 2491/QĐ-BYT; không tính là lỗi và không nằm trong mẫu số.",
    en: "Not authenticated for one of the three reasons of Decision 2491/QĐ-BYT; not an error, and not in the denominator.",
  })}</p>
${writeCodes(metrics, "X", { vi: "Nhiều mũi nhất trước", en: "Most doses first" })}</section>`;
}

/** The errors, each with who repairs it. */
export function writeErrors(metrics: Metrics): Html {
  return html`<section><h2>${writeBoth({ vi: "Lỗi cần sửa", en: "Errors to repair" })}</h2>
${writeCodes(metrics, "E", { vi: "Nhiều mũi nhất trước", en: "Most doses first" })}</section>`;
}

const actorNames: Readonly<Record<Code["actor"], Both>> = {
  station: { vi: "Trạm y tế", en: "health station" },
  police: { vi: "Công an cấp xã", en: "commune police" },
  platform: { vi: "Nền tảng tiêm chủng", en: "vaccination platform" },
  engineer: { vi: "Bộ phận kỹ thuật", en: "data engineer" },
  nobody: { vi: "Không ai", en: "nobody" },
};

const codeColumns = [
  { vi: "Mã", en: "Code" },
  { vi: "Ý nghĩa", en: "Meaning" },
  { vi: "Mũi", en: "Doses", isNumber: true },
  { vi: "Người", en: "People", isNumber: true },
] as const;

function writeCodes(metrics: Metrics, prefix: string, caption: Both): Html {
  const codes = rankCodes(metrics, prefix);
  if (codes.length === 0) return html`<p>${writeBoth({ vi: "Không có.", en: "None." })}</p>`;
  return writeTable({
    caption,
    columns: [
      ...codeColumns,
      { vi: "Ai làm tiếp", en: "Who acts next" },
      { vi: "Việc cần làm", en: "What to do" },
    ],
    rows: codes.map((code) => {
      const counts = {
        code,
        doses: metrics.doses.byCode[code] ?? 0,
        people: metrics.people.byCode[code] ?? 0,
      };
      const entry = findCode(code);
      const [who, what] =
        entry === undefined
          ? [html``, html``]
          : [stackBoth(actorNames[entry.actor]), stackBoth({ vi: entry.todoVi, en: entry.todoEn })];
      return [...writeCounts(counts), who, what];
    }),
  });
}

function writeCounts({ code, doses, people }: CodeCounts): Html[] {
  const entry = findCode(code);
  return [
    html`<code>${code}</code>`,
    entry === undefined ? html`` : stackBoth({ vi: entry.vi, en: entry.en }),
    writeCount(doses),
    writeCount(people),
  ];
}

function listLeft(left: readonly CodeCounts[]): Html {
  return joinHtml(
    left.map(
      ({ code, doses, people }) =>
        html`<code>${code}</code> ${writeCount(doses)} <span class="en">(${writeCount(people)})</span><br>`,
    ),
  );
}
