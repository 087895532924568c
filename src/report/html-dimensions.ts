import { formatCount } from "./figures.js";
import { type Both, drawBar, writeBoth, writeCount, writeShare, writeTable } from "./html-tables.js";
import { type Html, html } from "./html-text.js";
import type { Dimension, DimensionRow, Metrics } from "./metrics.js";
import { cleanliness, countNotClean, countSets, coverage, dimensionOrder } from "./percentages.js";
import { rankByNotClean, sortBy } from "./ranking.js";

/** Rows that a long dimension shows; the others are counted under the table. */
const shownRows = 50;

const dimensionNames: Readonly<Record<Dimension, Both>> = {
  province: { vi: "Tỉnh, thành phố", en: "Province" },
  district: { vi: "Quận, huyện", en: "District" },
  ward: { vi: "Xã, phường", en: "Ward" },
  facility: { vi: "Cơ sở tiêm", en: "Facility" },
  vaccine: { vi: "Vắc xin", en: "Vaccine" },
  month: { vi: "Tháng tiêm", en: "Month" },
  dose: { vi: "Mũi", en: "Dose" },
  file: { vi: "Tệp nguồn", en: "Source file" },
};

/** Every province, most doses that are not clean first. */
export function writeProvinces({ dimensions }: Metrics): Html {
  if (dimensions.province === undefined) return html``;
  return html`<section><h2>${writeBoth({ vi: "Theo tỉnh, thành phố", en: "By province" })}</h2>
${writeRows("province", rankByNotClean(dimensions.province))}</section>`;
}

/** The other dimensions, each with the values that hold the most doses that are not clean. */
export function writeDimensions({ dimensions }: Metrics): Html[] {
  return dimensionOrder
    .filter((dimension) => dimension !== "province")
    .flatMap((dimension) => {
      const rows = dimensions[dimension];
      if (rows === undefined) return [];
      const name = dimensionNames[dimension];
      return [
        html`<section><h2>${writeBoth(name)}</h2>
${writeRows(dimension, rankByNotClean(rows).slice(0, shownRows))}
${countRest(rows)}</section>`,
      ];
    });
}

/** The files as they were read. */
export function writeFiles({ files }: Metrics): Html {
  return html`<section><h2>${writeBoth({ vi: "Tệp nhận được", en: "Files delivered" })}</h2>
${writeTable({
  caption: { vi: "Từng tệp như đã đọc", en: "Each file as it was read" },
  columns: [
    { vi: "Tệp", en: "File" },
    { vi: "Định dạng", en: "Format" },
    { vi: "Bảng mã", en: "Encoding" },
    { vi: "Bố cục", en: "Layout" },
    { vi: "Bản ghi", en: "Records", isNumber: true },
    { vi: "Dòng trống", en: "Blank lines", isNumber: true },
  ],
  rows: sortBy(files, (file) => file.name).map(({ name, format, encoding, layout, records, blankLines }) => [
    html`<bdi>${name}</bdi>`,
    html`${format}`,
    html`${encoding}`,
    html`${layout}`,
    writeCount(records),
    writeCount(blankLines),
  ]),
})}</section>`;
}

function writeRows(dimension: Dimension, rows: readonly DimensionRow[]): Html {
  return writeTable({
    caption: {
      vi: "Xếp theo số mũi chưa sạch, nhiều nhất trước",
      en: "By the number of doses that are not clean, most first",
    },
    columns: [
      dimensionNames[dimension],
      { vi: "Mũi", en: "Doses", isNumber: true },
      { vi: "Sạch", en: "Cleaned", isNumber: true },
      { vi: "Lỗi", en: "Errors", isNumber: true },
      { vi: "Ngoại lệ", en: "Exceptions", isNumber: true },
      { vi: "Tỷ lệ sạch", en: "Cleanliness", isNumber: true },
      { vi: "Bao phủ", en: "Coverage", isNumber: true },
      { vi: "Bao phủ", en: "Coverage" },
      { vi: "Người", en: "People", isNumber: true },
      { vi: "Tỷ lệ sạch (người)", en: "Cleanliness (people)", isNumber: true },
    ],
    rows: rows.map(({ key, label, doses, people }) => {
      const { records, cleaned, errors, exceptions } = countSets(doses);
      return [
        nameValue(key, label),
        writeCount(records),
        writeCount(cleaned),
        writeCount(errors),
        writeCount(exceptions),
        writeShare(cleanliness(doses)),
        writeShare(coverage(doses)),
        drawBar(coverage(doses)),
        writeCount(people.records),
        writeShare(cleanliness(people)),
      ];
    }),
  });
}

function nameValue(key: string, label: string): Html {
  if (key === "" && label === "") return writeBoth({ vi: "(để trống)", en: "(blank)" });
  if (label === "" || label === key) return html`<bdi>${key}</bdi>`;
  return html`<bdi>${label}</bdi> <span class="en"><bdi>${key}</bdi></span>`;
}

function countRest(rows: readonly DimensionRow[]): Html {
  const rest = rankByNotClean(rows).slice(shownRows);
  if (rest.length === 0) return html``;
  const notClean = rest.reduce((sum, row) => sum + countNotClean(row.doses), 0);
  const records = rest.reduce((sum, row) => sum + row.doses.records, 0);
  const [values, doses, unclean] = [rest.length, records, notClean].map((count) => formatCount(count, "vi"));
  return html`<p>${writeBoth({
    vi: `Còn ${values} giá trị khác: ${doses} mũi, trong đó ${unclean} chưa sạch; xem report/summary.csv.`,
    en: `${values} more values: ${doses} doses, ${unclean} of them not clean; see report/summary.csv.`,
  })}</p>`;
}
