import { countRowSets, type DimensionTable, rankTable, rowAt, tabulate } from "../dimension-table.js";
import { formatCount } from "../figures.js";
import type { Dimension, DimensionRow, Metrics } from "../metrics.js";
import { cleanliness, countNotClean, countSets, coverage } from "../percentages.js";
import { rankByNotClean } from "../ranking.js";
import { showLabel } from "../visible-text.js";
import { drawSets } from "./bars.js";
import { drawProvinces } from "./charts.js";
import { type Html, html } from "./html.js";
import { type Section, writeFigure, writeParagraph } from "./section.js";
import { type Cell, type Column, writeTable } from "./tables.js";
import { nameValue } from "./value-names.js";
import { type Both, writeBoth, writeCount, writePercent, writeShare } from "./wording.js";

/** Rows that a long dimension shows; the others are counted under the table. */
const shownRows = 50;

/** Every province, most doses that are not clean first, and the way down to its wards. */
export function describeProvinces({ dimensions }: Metrics): Section[] {
  const rows = dimensions.province;
  if (rows === undefined) return [];
  return [
    {
      id: "provinces",
      title: { vi: "Theo tỉnh, thành phố", en: "By province" },
      content: [
        writeFigure(
          {
            vi: "Các tỉnh có nhiều mũi chưa sạch nhất: lỗi và ngoại lệ",
            en: "Provinces with the most doses that are not clean: errors and exceptions",
          },
          (language) => drawProvinces(rows, language),
        ),
        writeRows("province", { vi: "Tỉnh, thành phố", en: "Province" }, rankByNotClean(rows)),
      ],
    },
  ];
}

/** A dimension with the values that hold the most doses that are not clean. */
export function describeDimension(dimension: string, name: Both, table: DimensionTable): Section {
  const ranked = rankTable(table);
  const shown = ranked.slice(0, shownRows).map((row) => rowAt(table, row));
  return {
    id: dimension,
    title: name,
    content: [writeRows(dimension, name, shown), ...countRest(table, ranked.slice(shownRows))],
  };
}

/** In which order a table's rows stand when it is opened. */
const orders = {
  worst: {
    vi: "Xếp theo số mũi chưa sạch, nhiều nhất trước",
    en: "By the number of doses that are not clean, most first",
  },
  key: { vi: "Xếp theo thứ tự của nhóm", en: "In the order of the groups" },
} as const satisfies Readonly<Record<string, Both>>;

export interface RowOptions {
  /** What the rows are in the order of; by how many doses are not clean unless said. */
  readonly order?: keyof typeof orders;
  /** Columns beside those that every dimension has. */
  readonly more?: readonly RowColumn[];
}

/** Table of a dimension's values in the order given. */
export function writeRows(
  dimension: string,
  name: Both,
  rows: readonly DimensionRow[],
  { order = "worst", more = [] }: RowOptions = {},
): Html {
  return writeTable({
    id: `${dimension}-table`,
    isSortable: true,
    caption: orders[order],
    columns: [{ name }, ...countColumns, ...more],
    rows: rows.map((row) => ({
      key: row.key,
      cells: [
        { content: writeValue(dimension, row) },
        ...writeCounts(row),
        ...more.map(({ write }) => ({ content: write(row) })),
      ],
    })),
  });
}

/** A column and what stands in it for a value. */
export interface RowColumn extends Column {
  readonly write: (row: DimensionRow) => Html;
}

const countColumns: readonly Column[] = [
  { name: { vi: "Chưa sạch", en: "Not clean" }, isNumber: true },
  { name: { vi: "Lỗi", en: "Errors" }, isNumber: true },
  { name: { vi: "Ngoại lệ", en: "Exceptions" }, isNumber: true },
  { name: { vi: "Tổng số mũi", en: "All doses" }, isNumber: true },
  { name: { vi: "Tỷ lệ sạch", en: "Cleanliness" }, isNumber: true },
  { name: { vi: "Sạch/tổng nhận", en: "Clean of all" }, isNumber: true },
  { name: { vi: "Người", en: "People" }, isNumber: true },
  { name: { vi: "Tỷ lệ sạch (người)", en: "Cleanliness (people)" }, isNumber: true },
];

function writeCounts({ doses, people }: DimensionRow): Cell[] {
  const sets = countSets(doses);
  const clean = cleanliness(doses);
  const covered = coverage(doses);
  const cleanPeople = cleanliness(people);
  return [
    countCell(countNotClean(doses)),
    countCell(sets.errors),
    countCell(sets.exceptions),
    countCell(sets.records),
    {
      content: html`${writePercent(clean)}<span class="small">${writeShare(clean)}</span>`,
      value: clean.percent ?? -1,
    },
    { content: html`${writePercent(covered)}${drawSets(sets)}`, value: covered.percent ?? -1 },
    countCell(people.records),
    {
      content: html`${writePercent(cleanPeople)}<span class="small">${writeShare(cleanPeople)}</span>`,
      value: cleanPeople.percent ?? -1,
    },
  ];
}

function countCell(count: number): Cell {
  return { content: writeCount(count), value: count };
}

/** A value by its name, and its key when that says more. */
export function writeValue(dimension: string, row: Pick<DimensionRow, "key" | "label">): Html {
  const { key, label } = row;
  if (key === "" && label === "") return writeBoth({ vi: "(để trống)", en: "(blank)" });
  if (label === "" || label === key) return html`<bdi>${key}</bdi>`;
  return html`<bdi>${writeBoth(nameValue(dimension, row))}</bdi> <span class="small"><bdi>${key}</bdi></span>`;
}

function countRest(table: DimensionTable, rest: readonly number[]): Html[] {
  if (rest.length === 0) return [];
  const sets = rest.map(countRowSets(table, "doses"));
  const all = sets.reduce((sum, { records }) => sum + records, 0);
  const wrong = sets.reduce((sum, { records, cleaned }) => sum + records - cleaned, 0);
  const values = rest.length;
  const write = (language: "vi" | "en") => (count: number) => formatCount(count, language);
  const [vi, en] = [write("vi"), write("en")];
  return [
    writeParagraph({
      vi: `Ngoài ${shownRows} giá trị có nhiều mũi chưa sạch nhất, còn ${vi(values)} giá trị khác: ${vi(all)} mũi, trong đó ${vi(wrong)} chưa sạch; xem report/summary.csv.`,
      en: `Beside the ${shownRows} with the most doses that are not clean, there are ${en(values)} more values: ${en(all)} doses, ${en(wrong)} of them not clean; see report/summary.csv.`,
    }),
  ];
}

/** Levels whose rows the script fetches from the page's own data. */
const deepLevels = ["district", "ward", "facility"] as const satisfies readonly Dimension[];

/**
 * The numbers of all districts, wards and facilities, for the script: key, label, cleaned, errors and exceptions in
 * doses, then in people. Escaped so that no text of theirs can end the element that holds it.
 */
export function encodePlaces({ dimensions }: Metrics): string {
  const levels = deepLevels.flatMap((level) => {
    const table = tabulate(dimensions, level);
    if (table === null) return [];
    const [dosesOf, peopleOf] = [countRowSets(table, "doses"), countRowSets(table, "people")];
    const lines = rankTable(table).map((row) => {
      const texts = [table.keys[row], table.labels[row]].map((text) => showLabel(text as string));
      const name = JSON.stringify(texts).slice(1, -1);
      const [doses, people] = [dosesOf(row), peopleOf(row)];
      return `[${name},${doses.cleaned},${doses.errors},${doses.exceptions},${people.cleaned},${people.errors},${people.exceptions}]`;
    });
    return [`"${level}":[\n${lines.join(",\n")}]`];
  });
  return `{${levels.join(",\n")}}`.replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
