import { stringify } from "csv-stringify/sync";
import { describeCause } from "./cause-sentence.js";
import { guardCell } from "./guard-cell.js";
import type { Metrics } from "./metrics.js";
import { showLabel } from "./visible-text.js";

/** Columns of `report/causes.csv`, one cause a row. */
export const causeColumns = [
  "rank",
  "kind",
  "dimension",
  "key",
  "label",
  "finding",
  "saved",
  "records",
  "with_finding",
  "rest_records",
  "rest_with_finding",
  "since_day",
  "since_line",
  "cause_vi",
  "cause_en",
  "who_vi",
  "who_en",
] as const;

/** The causes as CSV (UTF-8, comma, LF, no BOM), most records saved first; what is not known is an empty cell. */
export function formatCausesCsv({ causes }: Pick<Metrics, "causes">): string {
  const rows = causes.map((cause, position) => {
    const { vi, en, whoVi, whoEn } = describeCause(cause);
    return [
      position + 1,
      cause.kind,
      cause.dimension,
      guardCell(cause.key),
      guardCell(showLabel(cause.label)),
      cause.finding,
      cause.saved,
      cause.records,
      cause.withFinding,
      cause.restRecords,
      cause.restWithFinding,
      cause.sinceDay ?? "",
      cause.sinceLine ?? "",
      ...[vi, en, whoVi, whoEn].map(guardCell),
    ];
  });
  return stringify([[...causeColumns], ...rows], { record_delimiter: "\n", quoted_match: /[\r\n]/ });
}
