import { findCode } from "../judge/code-catalogue.js";
import { reportDimensions } from "../pipeline/report-dimensions.js";
import type { Dimension, DimensionRow, Metrics, Tally } from "./metrics.js";
import type { SetCounts } from "./percentages.js";
import { sortBy } from "./ranking.js";

/** Doses or people of each row, as columns in memory that threads share. */
export interface TallyColumns {
  readonly records: Float64Array;
  /** Row `r` has the entries from `starts[r]` to before `starts[r + 1]`. */
  readonly starts: Uint32Array;
  /** By entry, ascending within a row: position of the code in `codes` of the table. */
  readonly codes: Uint16Array;
  readonly counts: Float64Array;
}

/**
 * The rows of a dimension as columns, in the order of their keys (code units). Tens of thousands of rows, each with objects
 * of its own codes, cost a report more time and memory than everything it says of them, and most to pass from thread to
 * thread.
 */
export interface DimensionTable {
  readonly keys: readonly string[];
  readonly labels: readonly string[];
  /** The codes that rows have, in code units' order. */
  readonly codes: readonly string[];
  readonly doses: TallyColumns;
  readonly people: TallyColumns;
}

export type DimensionTables = Readonly<Partial<Record<Dimension, DimensionTable>>>;

/** What a row counts. */
export type Unit = "doses" | "people";

/** Tables by the dimensions that they are of. */
const known = new WeakMap<Metrics["dimensions"], Partial<Record<Dimension, DimensionTable>>>();

/** A dimension as a table, made when it is first asked for; null when it was not counted. */
export function tabulate(dimensions: Metrics["dimensions"], dimension: Dimension): DimensionTable | null {
  const tables = known.get(dimensions) ?? {};
  known.set(dimensions, tables);
  const table = tables[dimension] ?? tabulateRows(dimensions[dimension] ?? null);
  if (table !== null) tables[dimension] = table;
  return table;
}

/** Every dimension that was counted, as tables. */
export function tabulateAll(dimensions: Metrics["dimensions"]): DimensionTables {
  return Object.fromEntries(
    reportDimensions.flatMap((dimension) => {
      const table = tabulate(dimensions, dimension);
      return table === null ? [] : [[dimension, table]];
    }),
  );
}

/** The reverse of `tabulateAll`: the rows of a dimension are made when they are first asked for. */
export function listDimensions(tables: DimensionTables): Metrics["dimensions"] {
  const dimensions: Metrics["dimensions"] = {};
  for (const [dimension, table] of Object.entries(tables)) {
    let rows: readonly DimensionRow[] | undefined;
    const get = (): readonly DimensionRow[] => {
      rows ??= listRows(table);
      return rows;
    };
    Object.defineProperty(dimensions, dimension, { enumerable: true, get });
  }
  known.set(dimensions, { ...tables });
  return dimensions;
}

/** The rows, in the order of their keys. */
export function listRows(table: DimensionTable): DimensionRow[] {
  return table.keys.map((_, row) => rowAt(table, row));
}

/** A row with its tallies. */
export function rowAt(table: DimensionTable, row: number): DimensionRow {
  return {
    key: table.keys[row] as string,
    label: table.labels[row] as string,
    doses: tallyAt(table, "doses", row),
    people: tallyAt(table, "people", row),
  };
}

/** A row's tally, its codes in code units' order. */
export function tallyAt(table: DimensionTable, unit: Unit, row: number): Tally {
  const { records, starts, codes, counts } = table[unit];
  const byCode: Record<string, number> = {};
  const end = starts[row + 1] as number;
  for (let entry = starts[row] as number; entry < end; entry++) {
    byCode[table.codes[codes[entry] as number] as string] = counts[entry] as number;
  }
  return { records: records[row] as number, byCode };
}

/** What counts the sets of a table's rows, each as `countSets` does a tally's. */
export function countRowSets(table: DimensionTable, unit: Unit): (row: number) => SetCounts {
  const { records, starts, codes, counts } = table[unit];
  const setOf = Int8Array.from(table.codes, (code) => setOrder.indexOf(findCode(code)?.set ?? null));
  return (row) => {
    let cleaned = 0;
    let errors = 0;
    let exceptions = 0;
    const end = starts[row + 1] as number;
    for (let entry = starts[row] as number; entry < end; entry++) {
      const count = counts[entry] as number;
      const set = setOf[codes[entry] as number];
      if (set === 0) cleaned += count;
      else if (set === 1) errors += count;
      else if (set === 2) exceptions += count;
    }
    return { records: records[row] as number, cleaned, errors, exceptions };
  };
}

/** Counted by number: naming the set of each count takes most of the time. */
const setOrder: readonly (string | null)[] = ["cleaned", "errors", "exceptions"];

/** Rows by how many of their doses are not clean, most first; equals by key. */
export function rankTable(table: DimensionTable): readonly number[] {
  const known = ranks.get(table);
  if (known !== undefined) return known;
  const setsOf = countRowSets(table, "doses");
  const unclean = Float64Array.from(table.keys, (_, row) => {
    const { records, cleaned } = setsOf(row);
    return records - cleaned;
  });
  const ranked = table.keys
    .map((_, row) => row)
    .sort((left, right) => (unclean[right] as number) - (unclean[left] as number));
  ranks.set(table, ranked);
  return ranked;
}

/** A page has the first rows in a table, and all of them in its data. */
const ranks = new WeakMap<DimensionTable, readonly number[]>();

/**
 * Makes the columns of one unit: `listCounts` puts a row's counts, by position of their code and in that order, and gives
 * how many records the row has.
 */
export function buildColumns(
  rows: number,
  listCounts: (row: number, put: (code: number, count: number) => void) => number,
): TallyColumns {
  const records = shareColumn(Float64Array, rows);
  const starts = shareColumn(Uint32Array, rows + 1);
  let codes = new Uint16Array(rows * 8 + 64);
  let counts = new Float64Array(codes.length);
  let entries = 0;
  const put = (code: number, count: number): void => {
    if (entries === codes.length) {
      codes = growColumn(Uint16Array, codes);
      counts = growColumn(Float64Array, counts);
    }
    codes[entries] = code;
    counts[entries++] = count;
  };
  for (let row = 0; row < rows; row++) {
    records[row] = listCounts(row, put);
    starts[row + 1] = entries;
  }
  return {
    ...{ records, starts },
    codes: shareColumn(Uint16Array, codes.subarray(0, entries)),
    counts: shareColumn(Float64Array, counts.subarray(0, entries)),
  };
}

type ColumnKind<Column> = {
  readonly BYTES_PER_ELEMENT: number;
  new (from: number | SharedArrayBuffer): Column;
};

/** A column of so many entries, or of those given, in memory that threads share: it is not copied from one to the next. */
function shareColumn<Column extends Uint16Array | Uint32Array | Float64Array>(
  kind: ColumnKind<Column>,
  entries: number | Column,
): Column {
  const length = typeof entries === "number" ? entries : entries.length;
  const column = new kind(new SharedArrayBuffer(length * kind.BYTES_PER_ELEMENT));
  if (typeof entries !== "number") column.set(entries);
  return column;
}

function growColumn<Column extends Uint16Array | Float64Array>(
  kind: ColumnKind<Column>,
  column: Column,
): Column {
  const grown = new kind(column.length * 2);
  grown.set(column);
  return grown;
}

function tabulateRows(rows: readonly DimensionRow[] | null): DimensionTable | null {
  if (rows === null) return null;
  const sorted = sortBy(rows, ({ key }) => key);
  const met = new Set<string>();
  for (const { doses, people } of rows) {
    for (const code in doses.byCode) met.add(code);
    for (const code in people.byCode) met.add(code);
  }
  const codes = [...met].sort();
  const columnsOf = (unit: Unit): TallyColumns =>
    buildColumns(sorted.length, (row, put) => {
      const { records, byCode } = (sorted[row] as DimensionRow)[unit];
      for (const [position, code] of codes.entries()) {
        if (Object.hasOwn(byCode, code)) put(position, byCode[code] as number);
      }
      return records;
    });
  return {
    keys: sorted.map(({ key }) => key),
    labels: sorted.map(({ label }) => label),
    ...{ codes, doses: columnsOf("doses"), people: columnsOf("people") },
  };
}
