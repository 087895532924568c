/** Chance that a bound is on the wrong side of the truth; two of them make a 95 % interval. */
const tail = 0.025;

/**
 * 95 % bounds of the share of wrong records among those drawn, on average, when `found` of `drawn` were wrong. They hold
 * also when the records are not equally likely to be wrong, as long as each is drawn by chance.
 *
 * The bounds of Clopper and Pearson (Biometrika 26, 1934) for equal chances. With unequal ones the number found is a sum
 * of independent trials (so is a number drawn without replacement), and its tails are no heavier than the binomial's
 * one record and more away from the mean (Hoeffding, Ann. Math. Statist. 27, 1956, theorem 4); nearer to it the bound is
 * set to that distance.
 */
export function boundErrors(found: number, drawn: number): { readonly low: number; readonly high: number } {
  return { low: boundBelow(found, drawn), high: boundAbove(found, drawn) };
}

function boundAbove(found: number, drawn: number): number {
  if (found >= drawn) return 1;
  const exact = bisect((share) => chanceOfAtMost(found, drawn, share) > tail);
  return Math.min(1, Math.max(exact, (found + 1) / drawn));
}

function boundBelow(found: number, drawn: number): number {
  if (found <= 1) return 0;
  const exact = bisect((share) => 1 - chanceOfAtMost(found - 1, drawn, share) < tail);
  return Math.min(exact, (found - 1) / drawn);
}

/** Where `isBelow` turns from true to false between 0 and 1; as near as a number can say. */
function bisect(isBelow: (share: number) => boolean): number {
  let low = 0;
  let high = 1;
  for (let turn = 0; turn < 60; turn++) {
    const middle = (low + high) / 2;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Chance of at most `count` successes in `trials` of chance `share` each, 0 < share < 1. */
function chanceOfAtMost(count: number, trials: number, share: number): number {
  let logTerm = trials * Math.log1p(-share);
  const logOdds = Math.log(share) - Math.log1p(-share);
  let sum = Math.exp(logTerm);
  for (let successes = 1; successes <= count; successes++) {
    logTerm += logOdds + Math.log((trials - successes + 1) / successes);
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}
