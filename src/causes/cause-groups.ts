import type { FindingId } from "../judge/findings.js";

/** Where a cause may lie: somebody can act there. In the order of the numbers below. */
export const causeDimensions = ["province", "facility", "file"] as const;

export type CauseDimension = (typeof causeDimensions)[number];

/** One value of one of these dimensions, by its number in the run. */
export interface CauseGroup {
  readonly dimension: CauseDimension;
  readonly value: number;
}

/** A group whose records show a sign more often than others do. */
export interface Suspect {
  /** Position in the list of groups. */
  readonly group: number;
  readonly finding: FindingId;
}

/** Groups to be looked at, and why. */
export interface Suspicion {
  readonly groups: readonly CauseGroup[];
  readonly suspects: readonly Suspect[];
}
