import { certainG, designEffect, measureG, type SignTally } from "./contrast.js";

/** The records of a group at one time, or in one part of a file. */
export interface Moment extends SignTally {
  /** Day number, or number of the part. */
  readonly at: number;
}

/** The rate since a change, by the rate before it. */
export const leastRise = 3;

/**
 * When a sign became frequent: the moment that splits the moments (in their order) into the two rates that differ most
 * (G-test, as `contrast.ts` asks it), the later one at least `leastRise` times the earlier. Null when it was so all along.
 */
export function findChange(moments: readonly Moment[]): number | null {
  const all = sumTallies(moments);
  let best = { g: 0, position: -1 };
  const before = { records: 0, found: 0, held: 0 };
  for (const [position, moment] of moments.entries()) {
    const after = { records: all.records - before.records, found: all.found - before.found, held: 0 };
    if (before.records > 0 && after.found * before.records >= leastRise * before.found * after.records) {
      // Chance alone may choose among so many moments.
      const g = measureG(after, before) / designEffect - 2 * Math.log(moments.length);
      if (g > best.g) best = { g, position };
    }
    before.records += moment.records;
    before.found += moment.found;
  }
  return best.g < certainG ? null : (moments[best.position] as Moment).at;
}

/** The sum of tallies. */
export function sumTallies(tallies: readonly SignTally[]): SignTally {
  const sum = { records: 0, found: 0, held: 0 };
  for (const { records, found, held } of tallies) {
    sum.records += records;
    sum.found += found;
    sum.held += held;
  }
  return sum;
}
