import type { SetCounts } from "./percentages.js";

/**
 * What a run's report tells of the nights before it, stored beside its metrics as `report/history.json`, so that the
 * same page can be made again from the run alone. Counts only.
 */
export interface RunHistory {
  /** Published runs of the same pipeline before this one, oldest first. */
  readonly runs: readonly PastRun[];
  /** How many of the latest of them each dimension was held against: fewer than there are when a summary cannot be read. */
  readonly compared: Readonly<Record<LateDelivery["dimension"], number>>;
  /** Provinces and facilities that sent nothing, or far less than they did as a rule; most missing records first. */
  readonly late: readonly LateDelivery[];
  /** Provinces of the table that sent nothing, neither in this run nor in any that was compared; by key. */
  readonly neverSent: readonly SilentProvince[];
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

export interface SilentProvince {
  /** Statistics code, as in the dimension `province`. */
  readonly key: string;
  readonly label: string;
}

/** Of a run that tells of no other. */
export const noHistory: RunHistory = {
  runs: [],
  compared: { province: 0, facility: 0 },
  late: [],
  neverSent: [],
};
