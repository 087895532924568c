import type { Cell, Sheet } from "write-excel-file/node";
import { showLabel } from "./visible-text.js";

export interface SheetColumn {
  readonly vi: string;
  readonly en: string;
  /** In characters. */
  readonly width: number;
}

export type SheetCell = string | number | boolean | null;

/** Numbers that follow the cells of each row under the header. */
export interface SheetNumbers {
  readonly columns: number;
  /** Row by row; NaN is an empty cell. */
  readonly cells: Float64Array;
}

/** What an .xlsx workbook is made of: nothing of it is an image. */
export interface WorkbookSheet extends Sheet<never> {
  readonly numbers?: SheetNumbers;
}

/** Excel opens no workbook with a longer text in a cell. */
const longestText = 32_767;
/** A nation has 17,700 facilities; more values than this only a broken delivery has. */
const mostRows = 50_000;

/**
 * A sheet with its header in bold and frozen, as are its first `frozen` columns. Texts are text cells whatever they
 * begin with, numbers are numbers; what cannot be seen in a text is shown as `<U+XXXX>`. Rows beyond 50,000 are counted
 * in a last one. `name` is both languages, 31 characters at most. `columns` are those of `rows`, then those of `numbers`.
 */
export function makeSheet({
  name,
  columns,
  rows,
  numbers,
  frozen = 0,
}: {
  readonly name: string;
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly (readonly SheetCell[])[];
  readonly numbers?: SheetNumbers;
  readonly frozen?: number;
}): WorkbookSheet {
  const header = columns.map(
    ({ vi, en }): Cell => ({ value: `${vi}\n${en}`, fontWeight: "bold", wrap: true }),
  );
  const rest = rows.length - mostRows;
  const more = rest > 0 ? [[`… và ${rest} dòng khác / and ${rest} more: summary.csv`]] : [];
  return {
    sheet: name,
    data: [header, ...rows.slice(0, mostRows).map((row) => row.map(toCell)), ...more],
    columns: columns.map(({ width }) => ({ width })),
    stickyRowsCount: 1,
    ...(numbers === undefined ? {} : { numbers: cutNumbers(numbers) }),
    ...(frozen === 0 ? {} : { stickyColumnsCount: frozen }),
  };
}

function cutNumbers({ columns, cells }: SheetNumbers): SheetNumbers {
  return { columns, cells: cells.subarray(0, mostRows * columns) };
}

function toCell(cell: SheetCell): Cell {
  if (typeof cell === "boolean") return cell ? "có / yes" : "không / no";
  return typeof cell === "string" ? guardText(showLabel(cell).slice(0, longestText)) : cell;
}

/**
 * The library numbers its texts in a plain object, in which `constructor` is never new: such a word would break the
 * workbook, so it gets an apostrophe in front, as formulas do in `summary.csv`. And `_x0041_` is how a workbook writes an
 * A: the underscore itself has to be written so (ECMA-376 part 1, 22.9.2.19).
 */
function guardText(text: string): string {
  if (text in Object.prototype) return `'${text}`;
  return text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_");
}
