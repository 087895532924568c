import { tabulateAll } from "../report/dimension-table.js";
import type { PublishedReport, ReportFiles } from "./run-report.js";
import type { WorkerPool } from "./worker-pool.js";

/** Makes the report's files in one thread. Errors as `formatReport`. */
export function makeReport(
  { metrics: { dimensions, ...metrics }, history }: PublishedReport,
  pool: Pick<WorkerPool, "report">,
): Promise<ReportFiles> {
  return pool.report({ metrics, tables: tabulateAll(dimensions), history });
}
