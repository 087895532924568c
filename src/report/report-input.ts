import type { AuditResult } from "./audit-result.js";
import type { Metrics } from "./metrics.js";
import type { RunHistory } from "./run-history.js";

/** All that a page is made from: the same input gives the same bytes. */
export interface ReportInput {
  readonly metrics: Metrics;
  readonly history: RunHistory;
  /** Null: not audited. */
  readonly audit: AuditResult | null;
}
