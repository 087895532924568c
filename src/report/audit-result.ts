/**
 * What people found who checked a sample of a run's cleaned records: counts by stratum, from which the share of truly
 * right records follows with its error bar. Nothing of a record.
 */
export interface AuditResult {
  /** Cleaned records of the run: what the share is of. */
  readonly population: number;
  /** `yyyy-mm-dd` of the latest answer. */
  readonly checkedOn: string;
  readonly strata: readonly AuditStratum[];
  /** Shares of the population, 0 to 1: the estimate and the ends of its 95 % interval. */
  readonly right: number;
  readonly low: number;
  readonly high: number;
}

export interface AuditStratum {
  /** Code of the records, such as C1. */
  readonly code: string;
  readonly population: number;
  readonly drawn: number;
  readonly checked: number;
  readonly right: number;
}
