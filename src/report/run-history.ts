import type { SetCounts } from "./percentages.js";

/**
 * What a run's report tells of the nights before it, stored beside its metrics as `report/history.json`, so that the
 * same page can be made again from the run alone. Counts only.
 */
export interface RunHistory {
  /** Published runs of the same pipeline before this one, oldest first. */
  readonly runs: readonly PastRun[];
  /** Provinces and facilities that sent nothing, or far less than they did as a rule; most missing records first. */
  readonly late: readonly LateDelivery[];
}

export interface PastRun {
  readonly id: string;
  /** `yyyy-mm-dd` */
  readonly asOf: string;
  readonly doses: SetCounts;
  readonly people: SetCounts;
}

export interface LateDelivery {
  readonly dimension: "province" | "facility";
  readonly key: string;
  readonly label: string;
  readonly records: number;
  /** Median over the earlier runs that are compared. */
  readonly usual: number;
}

export const noHistory: RunHistory = { runs: [], late: [] };
