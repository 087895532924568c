import { stringify } from "csv-stringify/sync";
import { reportDimensions } from "../pipeline/report-dimensions.js";
import { guardCell } from "./guard-cell.js";
import type { Metrics, Tally } from "./metrics.js";
import { cleanliness, countSets, coverage } from "./percentages.js";
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
  const values = reportDimensions.flatMap((dimension) =>
    sortBy(metrics.dimensions[dimension] ?? [], (row) => row.key).map((row) => {
      const { key, label, doses, people } = row;
      return { dimension, key: guardCell(key), label: guardCell(showLabel(label)), doses, people };
    }),
  );
  const rows = units.flatMap((unit) => [
    formatTally(unit, "total", "", "", metrics[unit]),
    ...values.map((row) => formatTally(unit, row.dimension, row.key, row.label, row[unit])),
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

/** `key` and `label` as cells. */
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
    key,
    label,
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
