/** Counts of records (or people) by code; each one is in exactly one code. */
export interface Tally {
  readonly records: number;
  readonly byCode: Readonly<Record<string, number>>;
}

export type Dimension = "province" | "district" | "ward" | "facility" | "vaccine" | "month" | "dose" | "file";

/** One value of a dimension. A person counts at every value where they have a record; doses add up, people need not. */
export interface DimensionRow {
  readonly key: string;
  readonly label: string;
  readonly doses: Tally;
  readonly people: Tally;
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
  }[];
  readonly gates: readonly {
    readonly name: string;
    readonly limit: number;
    readonly value: number | null;
    readonly passed: boolean;
  }[];
}
