import type { reportDimensions } from "../pipeline/report-dimensions.js";

/** Counts of records (or people) by code; each one is in exactly one code. */
export interface Tally {
  readonly records: number;
  readonly byCode: Readonly<Record<string, number>>;
}

export type Dimension = (typeof reportDimensions)[number];

/** One value of a dimension. A person counts at every value where they have a record; doses add up, people need not. */
export interface DimensionRow {
  readonly key: string;
  readonly label: string;
  readonly doses: Tally;
  readonly people: Tally;
}

/** What a root cause looks like; each kind names one thing that one somebody can put right for many rows at once. */
export type CauseKind =
  | "day-month-swapped"
  | "birth-date-filled-in"
  | "columns-shifted"
  | "one-value-for-many"
  | "finding-far-above-the-rest";

/**
 * Errors of one group that point to one fix. Everything is a count or a place in a file; nothing is of one person.
 * Ranked by `saved`.
 */
export interface Cause {
  readonly kind: CauseKind;
  readonly dimension: "province" | "facility" | "file";
  /** Key and label of the value, as in the dimension's rows. */
  readonly key: string;
  readonly label: string;
  /** The finding whose rate gave the cause away. */
  readonly finding: string;
  /**
   * Records in `errors` and `exceptions` that would be clean without the cause: nothing else is wrong with them. What the
   * rest's rate lets expect of the group anyway is taken off.
   */
  readonly saved: number;
  /** Records of the group (since it began), and those that show the finding. */
  readonly records: number;
  readonly withFinding: number;
  /** The same of all other records of the run. */
  readonly restRecords: number;
  readonly restWithFinding: number;
  /** First vaccination day (`yyyy-mm-dd`), and first line of the file, from which it is so; null: all along. */
  readonly sinceDay: string | null;
  readonly sinceLine: number | null;
}

/** Everything the report says, and nothing about any person. Plain data, stored as `report/summary.json`. */
export interface Metrics {
  readonly run: {
    readonly id: string;
    readonly pipeline: string;
    readonly asOf: string;
    readonly policy: string;
    readonly rulesVersion: string;
    readonly registerVersion: string | null;
    readonly registerPeople: number;
  };
  readonly doses: Tally;
  readonly people: Tally;
  readonly dimensions: Readonly<Partial<Record<Dimension, readonly DimensionRow[]>>>;
  /** Records carrying each finding (warnings included), by finding id. */
  readonly findings: Readonly<Record<string, number>>;
  readonly files: readonly {
    readonly name: string;
    readonly format: string;
    readonly encoding: string;
    readonly layout: string;
    readonly records: number;
    readonly blankLines: number;
    /** Its bytes end with a line break; one that does not may have been cut short. */
    readonly isWhole: boolean;
  }[];
  /** Most records saved first; empty when no group stands out. */
  readonly causes: readonly Cause[];
  /** Deliveries that could not be read and that the pipeline lets a run do without. */
  readonly leftOut: readonly LeftOut[];
  readonly gates: readonly {
    readonly name: string;
    readonly limit: number;
    readonly value: number | null;
    readonly passed: boolean;
  }[];
}

/** A delivery that could not be read. */
export interface LeftOut {
  readonly name: string;
  readonly reason: string;
  /** The same in Vietnamese; a run of an older lamsach did not keep it. */
  readonly reasonVi?: string;
}
