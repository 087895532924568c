import { type Code, findCode } from "../../judge/code-catalogue.js";
import { countCarveOuts } from "../carve-outs.js";
import type { CodeCounts, UnitCounts } from "../funnel.js";
import type { Metrics } from "../metrics.js";
import { rankCodes } from "../ranking.js";
import { type Html, html } from "./html.js";
import { type Section, writeParagraph } from "./section.js";
import { type Cell, type Column, writeTable } from "./tables.js";
import { type Both, writeBoth, writeCount } from "./wording.js";

/** The exceptions of Scheme 06, apart from the errors: they leave the denominator, and somebody still has to act. */
export function describeCarveOuts(metrics: Metrics): Section {
  return {
    id: "carve-outs",
    title: { vi: "Ngoại lệ theo Đề án 06", en: "Carve-outs of Scheme 06" },
    content: [
      writeParagraph({
        vi: "Không xác thực được vì một trong ba lý do của Quyết định 2491/QĐ-BYT: không có số định danh, số định danh sai định dạng, sai thông tin cá nhân. Không tính là lỗi và không nằm trong mẫu số.",
        en: "Not authenticated for one of the three reasons of Decision 2491/QĐ-BYT: no citizen ID, a citizen ID in the wrong format, wrong personal information. Not an error, and not in the denominator.",
      }),
      writeReasons(metrics),
      writeCodes(metrics, "X"),
    ],
  };
}

function writeReasons(metrics: Metrics): Html {
  return writeTable({
    id: "reason-table",
    caption: { vi: "Theo lý do của Quyết định 2491/QĐ-BYT", en: "By the reasons of Decision 2491/QĐ-BYT" },
    columns: [{ name: { vi: "Lý do", en: "Reason" } }, ...countColumns],
    rows: countCarveOuts(metrics).map(({ family, vi, en, doses, people }) => ({
      cells: [
        { content: html`${writeBoth({ vi, en })} <span class="small"><code>${family}x</code></span>` },
        ...writeUnits({ doses, people }),
      ],
    })),
  });
}

/** The errors, each with who repairs it. */
export function describeErrors(metrics: Metrics): Section {
  return {
    id: "errors",
    title: { vi: "Lỗi cần sửa", en: "Errors to repair" },
    content: [writeCodes(metrics, "E")],
  };
}

export const actorNames: Readonly<Record<Code["actor"], Both>> = {
  station: { vi: "Trạm y tế", en: "health station" },
  police: { vi: "Công an cấp xã", en: "commune police" },
  platform: { vi: "Nền tảng tiêm chủng", en: "vaccination platform" },
  engineer: { vi: "Bộ phận kỹ thuật", en: "data engineer" },
  nobody: { vi: "Không ai", en: "nobody" },
};

/** Columns of `writeUnits`. */
const countColumns: readonly Column[] = [
  { name: { vi: "Mũi", en: "Doses" }, isNumber: true },
  { name: { vi: "Người", en: "People" }, isNumber: true },
];

function writeUnits({ doses, people }: UnitCounts): Cell[] {
  return [
    { content: writeCount(doses), value: doses },
    { content: writeCount(people), value: people },
  ];
}

/** Columns of `writeCodeCells`. */
export const codeColumns: readonly Column[] = [
  { name: { vi: "Mã", en: "Code" } },
  { name: { vi: "Ý nghĩa", en: "Meaning" }, isText: true },
  ...countColumns,
];

/** A code, what it means, and how many doses and people have it. */
export function writeCodeCells({ code, doses, people }: CodeCounts): Cell[] {
  const entry = findCode(code);
  return [
    { content: html`<code>${code}</code>` },
    { content: entry === undefined ? html`` : writeBoth(entry) },
    ...writeUnits({ doses, people }),
  ];
}

function writeCodes(metrics: Metrics, prefix: string): Html {
  const codes = rankCodes(metrics, prefix);
  if (codes.length === 0) return writeParagraph({ vi: "Không có.", en: "None." });
  return writeTable({
    caption: { vi: "Nhiều mũi nhất trước", en: "Most doses first" },
    isSortable: true,
    columns: [
      ...codeColumns,
      { name: { vi: "Ai làm tiếp", en: "Who acts next" } },
      { name: { vi: "Việc cần làm", en: "What to do" }, isText: true },
    ],
    rows: codes.map((code) => {
      const doses = metrics.doses.byCode[code] ?? 0;
      const people = metrics.people.byCode[code] ?? 0;
      const entry = findCode(code);
      const next =
        entry === undefined
          ? [html``, html``]
          : [writeBoth(actorNames[entry.actor]), writeBoth({ vi: entry.todoVi, en: entry.todoEn })];
      return {
        cells: [...writeCodeCells({ code, doses, people }), ...next.map((content) => ({ content }))],
      };
    }),
  });
}
