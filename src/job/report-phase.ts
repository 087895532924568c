import { describeSummary } from "../report/summary-xlsx.js";
import type { PublishedReport, ReportFiles } from "./run-report.js";
import type { WorkerPool } from "./worker-pool.js";

/**
 * Makes the report's files in two threads. The workbook is described here and packed there: a nation's metrics and its
 * workbook do not fit into the heap of one thread. Errors as `formatReport`.
 */
export async function makeReport(
  report: PublishedReport,
  pool: Pick<WorkerPool, "report" | "packWorkbook">,
): Promise<ReportFiles> {
  const [files, workbook] = await Promise.all([
    pool.report(report),
    pool.packWorkbook(describeSummary(report.metrics)),
  ]);
  return { ...files, "report/summary.xlsx": { content: workbook, rows: 0 } };
}
