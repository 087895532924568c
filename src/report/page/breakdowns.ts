import { reportDimensions } from "../../pipeline/report-dimensions.js";
import { type DimensionTable, listRows, tabulate } from "../dimension-table.js";
import { formatCount } from "../figures.js";
import type { DimensionRow, Metrics } from "../metrics.js";
import { rankCodes, sortBy } from "../ranking.js";
import { chooseMonths, drawMonths } from "./charts.js";
import { type Html, html, joinHtml } from "./html.js";
import { describeDimension, type RowColumn, writeRows } from "./places.js";
import { writeReason } from "./reason.js";
import { type Section, writeFigure, writeParagraph } from "./section.js";
import { writeTable } from "./tables.js";
import { type Both, writeBoth, writeCount } from "./wording.js";

const placeNames: Readonly<Record<string, Both>> = {
  district: { vi: "Quận, huyện", en: "Districts" },
  ward: { vi: "Xã, phường", en: "Wards" },
  facility: { vi: "Cơ sở tiêm chủng", en: "Facilities" },
};

const doseNames: Readonly<Record<string, Both>> = {
  vaccine: { vi: "Vắc xin", en: "Vaccine" },
  month: { vi: "Tháng tiêm", en: "Month of vaccination" },
  dose: { vi: "Mũi thứ", en: "Dose number" },
};

const groupNames: Readonly<Record<string, Both>> = {
  age: { vi: "Nhóm tuổi", en: "Age band" },
  sex: { vi: "Giới tính", en: "Sex" },
  region: { vi: "Vùng", en: "Region" },
  abroad: { vi: "Nơi đăng ký khai sinh", en: "Where the birth was registered" },
};

/** Districts, wards and facilities: those with the most to do; the script opens the others. */
export function describeDeepPlaces({ dimensions }: Metrics): Section[] {
  return pick(dimensions, placeNames).map(([dimension, name, table]) =>
    describeDimension(dimension, name, table),
  );
}

/** By vaccine, month and dose number. */
export function describeDoses({ dimensions }: Metrics): Section[] {
  return pick(dimensions, doseNames).map(([dimension, name, table]) => {
    if (dimension !== "month") return describeDimension(dimension, name, table);
    const inOrder = listRows(table);
    const caption = { vi: "Mũi tiêm theo tháng", en: "Doses by month" };
    return {
      id: dimension,
      title: name,
      content: [
        writeFigure(caption, (language) => drawMonths(inOrder, language)),
        ...sayOutside(inOrder),
        writeRows(dimension, name, inOrder, { order: "key" }),
      ],
    };
  });
}

/** The doses that no month of the drawing holds. */
function sayOutside(rows: readonly DimensionRow[]): Html[] {
  const { outside } = chooseMonths(rows);
  if (outside === 0) return [];
  return [
    writeParagraph({
      vi: `Hình vẽ từ tháng đầu đến tháng cuối có mũi sạch; ${formatCount(outside, "vi")} mũi không ghi ngày hoặc ghi tháng ngoài khoảng đó, bảng dưới đây có đủ.`,
      en: `Drawn from the first to the last month with a clean dose; ${formatCount(outside, "en")} doses have no date, or one outside of these. The table holds them all.`,
    }),
  ];
}

/** Whether the rules treat groups of people alike: the same figures for each group, side by side. */
export function describeFairness({ dimensions }: Metrics): Section[] {
  const groups = pick(dimensions, groupNames);
  if (groups.length === 0) return [];
  return [
    {
      id: "fairness",
      title: { vi: "Công bằng giữa các nhóm", en: "Fairness between groups" },
      content: [
        writeParagraph({
          vi: "Một quy tắc làm một nhóm bị loại nhiều hơn các nhóm khác sẽ lộ ra ở đây. Nhóm không rõ được ghi riêng.",
          en: "A rule that fails one group more than the others shows here. Those whose group is not known stand apart.",
        }),
        ...groups.map(
          ([dimension, name, table]) =>
            html`<h3>${writeBoth(name)}</h3>
${writeRows(dimension, name, listRows(table), { order: "key", more: [reasons] })}`,
        ),
      ],
    },
  ];
}

/** As many reasons as tell one group from another. */
const shownReasons = 3;

/** The codes for which most doses of a group are not clean. */
const reasons: RowColumn = {
  name: { vi: "Lý do chính: mã, mũi", en: "Main reasons: code, doses" },
  write: ({ doses }) =>
    joinHtml(
      [...rankCodes({ doses, people: doses }, "E"), ...rankCodes({ doses, people: doses }, "X")]
        .sort((a, b) => (doses.byCode[b] ?? 0) - (doses.byCode[a] ?? 0))
        .slice(0, shownReasons)
        .map(
          (code) =>
            html`<span class="left"><code>${code}</code> ${writeCount(doses.byCode[code] ?? 0)}</span>`,
        ),
    ),
};

/** The deliveries: the records of each, and how each was read. */
export function describeFiles({ dimensions, files, leftOut }: Metrics): Section {
  const sets = tabulate(dimensions, "file");
  const name = { vi: "Tệp nguồn", en: "Source file" };
  return {
    id: "files",
    title: { vi: "Tệp nhận được", en: "Files delivered" },
    content: [
      ...(sets === null ? [] : describeDimension("file", name, sets).content),
      writeTable({
        caption: { vi: "Từng tệp như đã đọc", en: "Each file as it was read" },
        columns: [
          { name },
          { name: { vi: "Định dạng", en: "Format" } },
          { name: { vi: "Bảng mã", en: "Encoding" } },
          { name: { vi: "Bố cục", en: "Layout" } },
          { name: { vi: "Bản ghi", en: "Records" }, isNumber: true },
          { name: { vi: "Dòng trống", en: "Blank lines" }, isNumber: true },
        ],
        rows: sortBy(files, (file) => file.name).map((file) => ({
          cells: [
            html`<bdi>${file.name}</bdi>`,
            html`${file.format}`,
            html`${file.encoding}`,
            html`${file.layout}`,
            writeCount(file.records),
            writeCount(file.blankLines),
          ].map((content) => ({ content })),
        })),
      }),
      leftOut.length === 0
        ? writeParagraph({ vi: "Không có tệp nào bị từ chối.", en: "No file was refused." })
        : writeTable({
            caption: { vi: "Tệp bị từ chối", en: "Files refused" },
            columns: [{ name }, { name: { vi: "Lý do", en: "Reason" } }],
            rows: leftOut.map((file) => ({
              cells: [{ content: html`<bdi>${file.name}</bdi>` }, { content: writeReason(file) }],
            })),
          }),
    ],
  };
}

function pick(
  dimensions: Metrics["dimensions"],
  names: Readonly<Record<string, Both>>,
): (readonly [string, Both, DimensionTable])[] {
  return reportDimensions.flatMap((dimension) => {
    const [name, table] = [names[dimension], tabulate(dimensions, dimension)];
    return name === undefined || table === null ? [] : [[dimension, name, table] as const];
  });
}
