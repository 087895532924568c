import { stringify } from "csv-stringify/sync";
import type { Metrics, Tally } from "./metrics.js";
import { cleanliness, countSets, coverage, dimensionOrder } from "./percentages.js";
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
 * applicable is an empty cell.
 */
export function formatSummaryCsv(metrics: Metrics): string {
  const rows = units.flatMap((unit) => [
    formatTally(unit, "total", "", "", metrics[unit]),
    ...dimensionOrder.flatMap((dimension) =>
      sortBy(metrics.dimensions[dimension] ?? [], (row) => row.key).map((row) =>
        formatTally(unit, dimension, row.key, row.label, row[unit]),
      ),
    ),
  ]);
  const codes = units.flatMap((unit) =>
    sortBy(Object.entries(metrics[unit].byCode), ([code]) => code).map(([code, records]) => [
      unit,
      "code",
      code,
      "",
      records,
      ...Array<string>(summaryColumns.length - 5).fill(""),
    ]),
  );
  return stringify([[...summaryColumns], ...rows, ...codes], {
    record_delimiter: "\n",
    quoted_match: /[\r\n]/,
  });
}

function formatTally(
  unit: string,
  dimension: string,
  key: string,
  label: string,
  tally: Tally,
): (string | number)[] {
  const { records, cleaned, errors, exceptions } = countSets(tally);
  const clean = cleanliness(tally);
  const covered = coverage(tally);
  return [
    unit,
    dimension,
    guardCell(key),
    guardCell(showLabel(label)),
    records,
    cleaned,
    errors,
    exceptions,
    clean.numerator,
    clean.denominator,
    clean.percent ?? "",
    covered.numerator,
    covered.denominator,
    covered.percent ?? "",
  ];
}

/**
 * Keys and labels can be texts that somebody delivered, and this small file does get opened in a spreadsheet: one that
 * would run as a formula there gets an apostrophe in front. `summary.json` holds it as it is.
 */
function guardCell(text: string): string {
  return /^[\s\u0000-\u001f\ufeff]*[=+\-@＝＋－＠]/u.test(text) || /^[\t\r\n]/u.test(text)
    ? `'${text}`
    : text;
}
