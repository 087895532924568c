import { readFileSync } from "node:fs";
import path from "node:path";
import { renderReport } from "../report/html-page.js";
import type { Metrics } from "../report/metrics.js";
import { checkBooks, countSets } from "../report/percentages.js";
import { formatSummaryCsv } from "../report/summary-csv.js";
import { formatSummaryJson } from "../report/summary-json.js";

/** A run in a few numbers: records by set and by code, and people. */
export type RunCounts = Readonly<Record<string, number>>;

/** The report's files, by path below the run's folder; `rows` are data rows of a CSV file. */
export type ReportFiles = Readonly<Record<string, { readonly text: string; readonly rows: number }>>;

/**
 * Checks the books of a run and writes its report. Books that do not balance are a bug of lamsach: it throws, and
 * nothing is published.
 */
export function formatReport(metrics: Metrics): ReportFiles {
  const problems = checkBooks(metrics);
  if (problems.length > 0) throw new Error(`the books do not balance: ${problems.join("; ")}`);
  const summary = formatSummaryCsv(metrics);
  return {
    "report/index.html": { text: renderReport(metrics), rows: 0 },
    "report/summary.csv": { text: summary, rows: summary.split("\n").length - 2 },
    "report/summary.json": { text: formatSummaryJson(metrics), rows: 0 },
  };
}

/** The few numbers of a run's metrics. */
export function countRun({ doses, people }: Pick<Metrics, "doses" | "people">): RunCounts {
  const { records, cleaned, errors, exceptions } = countSets(doses);
  return { records, cleaned, errors, exceptions, people: people.records, ...doses.byCode };
}

/** The metrics of a published run, from its own summary. */
export function readPublishedMetrics(runDir: string): Metrics {
  return JSON.parse(readFileSync(path.join(runDir, "report/summary.json"), "utf8")) as Metrics;
}
