import { boundErrors } from "./error-bounds.js";

/** What people said of the records of one code that were drawn. */
export interface CheckedStratum {
  /** Cleaned records with the code. */
  readonly population: number;
  readonly right: number;
  readonly wrong: number;
  /** Of which nobody could say whether they are right. */
  readonly unsure: number;
}

/** Shares of all cleaned records, 0 to 1. */
export interface Accuracy {
  readonly right: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The share of cleaned records that are truly right, with its 95 % interval, from a sample drawn code by code. A record
 * of which nobody could say counts as wrong in the estimate and in the lower end, and as right in the upper end.
 *
 * The estimate weighs each code by its records. The interval is that of all records drawn (`boundErrors`), stretched by
 * how far the weights are from equal: a code's weight is its records for each that was drawn. So it holds whatever the
 * codes' own shares are, and costs nothing when the sample is in proportion. What was seen is certain: no end is beyond it.
 * Six decimals, rounded away from the estimate, and the estimate down. Each code has at least one record drawn.
 */
export function estimateAccuracy(strata: readonly CheckedStratum[]): Accuracy {
  const records = sumOf(strata, ({ population }) => population);
  const drawn = sumOf(strata, countDrawn);
  const weights = strata.map((stratum) => stratum.population / countDrawn(stratum));
  const wrong = sumOf(strata, (stratum) => stratum.wrong);
  const notRight = wrong + sumOf(strata, ({ unsure }) => unsure);
  const rightSeen = sumOf(strata, ({ right }) => right);

  const mostWrong = boundErrors(notRight, drawn).high * drawn * Math.max(...weights);
  const leastWrong = boundErrors(wrong, drawn).low * drawn * Math.min(...weights);
  const right = sumOf(strata, (stratum) => (stratum.population * stratum.right) / countDrawn(stratum));
  return {
    right: Math.floor((right / records) * scale + rounding) / scale,
    low: Math.floor((Math.max(records - mostWrong, rightSeen) / records) * scale + rounding) / scale,
    high: Math.ceil((Math.min(records - leastWrong, records - wrong) / records) * scale - rounding) / scale,
  };
}

const scale = 1_000_000;
/** Of a product that should be whole. */
const rounding = 1e-6;

function countDrawn({ right, wrong, unsure }: CheckedStratum): number {
  return right + wrong + unsure;
}

function sumOf<Item>(items: readonly Item[], count: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + count(item), 0);
}
