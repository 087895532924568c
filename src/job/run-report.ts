import { readFileSync } from "node:fs";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { renderReport } from "../report/html-page.js";
import type { Metrics } from "../report/metrics.js";
import { countSets } from "../report/percentages.js";
import { formatSummaryCsv } from "../report/summary-csv.js";
import { formatSummaryJson } from "../report/summary-json.js";

/** A run in a few numbers: records by set and by code, and people. */
export type RunCounts = Readonly<Record<string, number>>;

/** The report's files, by path below the run's folder; `rows` are data rows of a CSV file. Lets other work in between. */
export async function formatReport(
  metrics: Metrics,
): Promise<Record<string, { text: string; rows: number }>> {
  const page = renderReport(metrics);
  await setImmediate();
  const summary = formatSummaryCsv(metrics);
  await setImmediate();
  return {
    "report/index.html": { text: page, rows: 0 },
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
