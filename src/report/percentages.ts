import { findCode } from "../judge/code-catalogue.js";
import type { Tally } from "./metrics.js";

/** Sizes of the three sets; they add up to `records` when every code is known. */
export interface SetCounts {
  readonly records: number;
  readonly cleaned: number;
  readonly errors: number;
  readonly exceptions: number;
}

/** A share with what it was made from; `percent` has at most 4 decimals, rounded down, and is null when not applicable. */
export interface Percentage {
  readonly numerator: number;
  readonly denominator: number;
  readonly percent: number | null;
}

/** Counts a tally's records by set; a code that the catalogue does not hold is in no set (`checkBooks` reports it). */
export function countSets(tally: Tally): SetCounts {
  const sets = { records: tally.records, cleaned: 0, errors: 0, exceptions: 0 };
  for (const code in tally.byCode) {
    const set = findCode(code)?.set;
    if (set !== undefined) sets[set] += tally.byCode[code] as number;
  }
  return sets;
}

/** Cleaned ÷ (records − exceptions): the share of what Scheme 06 asks to be cleaned (Decision 2491/QĐ-BYT). */
export function cleanliness(tally: Tally): Percentage {
  return cleanlinessOf(countSets(tally));
}

/** As `cleanliness`, of sets that are counted. */
export function cleanlinessOf({ records, cleaned, exceptions }: SetCounts): Percentage {
  return percentOf(cleaned, records - exceptions);
}

/** Cleaned ÷ records: the share of everything that was delivered. */
export function coverage(tally: Tally): Percentage {
  return coverageOf(countSets(tally));
}

/** As `coverage`, of sets that are counted. */
export function coverageOf({ records, cleaned }: SetCounts): Percentage {
  return percentOf(cleaned, records);
}

/**
 * Share of a whole in percent, rounded down to 4 decimals so that 100 means all of it; null when the denominator is 0.
 * Exact up to 9,007,199,254 records (the product stays a safe integer).
 */
export function percentOf(numerator: number, denominator: number): Percentage {
  const percent = denominator > 0 ? Math.floor((numerator * 1_000_000) / denominator) / 10_000 : null;
  return { numerator, denominator, percent };
}

/** Records (or people) that are not in `cleaned`: errors and exceptions. */
export function countNotClean(tally: Tally): number {
  return tally.records - countSets(tally).cleaned;
}
