import { quoteField } from "./csv-field.js";
import { countRowSets, tabulateAll, type Unit } from "./dimension-table.js";
import { guardCell } from "./guard-cell.js";
import type { Metrics } from "./metrics.js";
import { cleanlinessOf, countSets, coverageOf, type SetCounts } from "./percentages.js";
import { sortBy } from "./ranking.js";
import { showLabel } from "./visible-text.js";

/** Columns of `report/summary.csv`, one fact a row. */
export const summaryColumns = [
  "unit",
  "dimension",
  "key",
  "label",
  "records",
  "cleaned",
  "errors",
  "exceptions",
  "cleanliness_numerator",
  "cleanliness_denominator",
  "cleanliness_percent",
  "coverage_numerator",
  "coverage_denominator",
  "coverage_percent",
] as const;

const units = ["doses", "people"] as const;

/**
 * The summary as tidy CSV (UTF-8, comma, LF, no BOM): a `total` row, then one row per value of each dimension, for
 * doses and then people; last, rows of the dimension `code` that carry `records` only. A percentage that is not
 * applicable is an empty cell. A line at a time.
 */
export function* formatSummaryCsv(metrics: Metrics): Generator<string> {
  const tables = Object.entries(tabulateAll(metrics.dimensions)).map(([dimension, table]) => ({
    table,
    names: table.keys.map((key, row) => {
      const label = showLabel(table.labels[row] as string);
      return `${dimension},${quoteField(guardCell(key))},${quoteField(guardCell(label))}`;
    }),
  }));
  yield `${summaryColumns.join(",")}\n`;
  for (const unit of units) {
    yield formatTally(unit, "total,,", countSets(metrics[unit]));
    for (const { table, names } of tables) {
      const setsOf = countRowSets(table, unit);
      for (const [row, name] of names.entries()) yield formatTally(unit, name, setsOf(row));
    }
  }
  const rest = ",".repeat(summaryColumns.length - 5);
  for (const unit of units) {
    for (const [code, records] of sortBy(Object.entries(metrics[unit].byCode), ([name]) => name)) {
      yield `${unit},code,${quoteField(code)},,${records}${rest}\n`;
    }
  }
}

/** A row; `name` is its dimension, key and label as they stand in the file. */
function formatTally(unit: Unit, name: string, sets: SetCounts): string {
  const { records, cleaned, errors, exceptions } = sets;
  const clean = cleanlinessOf(sets);
  const covered = coverageOf(sets);
  return `${unit},${name},${records},${cleaned},${errors},${exceptions},${clean.numerator},${clean.denominator},${clean.percent ?? ""},${covered.numerator},${covered.denominator},${covered.percent ?? ""}\n`;
}
