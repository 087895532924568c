import { readFileSync } from "node:fs";
import path from "node:path";
import type { Metrics } from "../report/metrics.js";
import { countSets } from "../report/percentages.js";

/** A run in a few numbers: records by set and by code, and people. */
export type RunCounts = Readonly<Record<string, number>>;

/** The few numbers of a run's metrics. */
export function countRun({ doses, people }: Pick<Metrics, "doses" | "people">): RunCounts {
  const { records, cleaned, errors, exceptions } = countSets(doses);
  return { records, cleaned, errors, exceptions, people: people.records, ...doses.byCode };
}

/** The metrics of a published run, from its own summary. */
export function readPublishedMetrics(runDir: string): Metrics {
  return JSON.parse(readFileSync(path.join(runDir, "report/summary.json"), "utf8")) as Metrics;
}
