import { findingIds } from "../judge/findings.js";
import { anyRecord, type SignTotals } from "../reconcile/count-signs.js";
import { type CauseGroup, causeDimensions, type Suspect, type Suspicion } from "./cause-groups.js";
import { sumTallies } from "./change-point.js";
import { certainG, compareRates, leastSaved, type SignTally, takeFrom } from "./contrast.js";

/** What has begun lately is a small share of all: these odds are asked of the whole, `contrast.ts` has those of the cause. */
const suspiciousOdds = 1.5;
/** Most saved first, the others are left: bounds the second look. */
const mostSuspects = 128;

/**
 * Compares each group's signs with those of everybody else and names the pairs that chance does not explain.
 * `totals`: by dimension, in the order of `causeDimensions`; `isNamed`: whether a value names a place, a facility or a
 * file, so that there is somebody to ask.
 */
export function findSuspects(
  totals: readonly SignTotals[],
  isNamed: (group: CauseGroup) => boolean,
): Suspicion {
  const all = findingIds.map((_, bit) => sumSigns(totals[0] as SignTotals, bit));
  const found: { readonly group: CauseGroup; readonly bit: number; readonly saved: number }[] = [];
  for (const [position, dimension] of causeDimensions.entries()) {
    const table = totals[position] as SignTotals;
    for (let value = 0; value < table.values; value++) {
      if (table.held(value, anyRecord) < leastSaved || !isNamed({ dimension, value })) continue;
      for (let bit = 0; bit < findingIds.length; bit++) {
        const group = table.tallyOf(value, bit);
        if (group.held < leastSaved) continue;
        const rest = restOf(all[bit] as SignTally, group, bit);
        const { oddsRatio, g, saved } = compareRates(group, rest);
        if (oddsRatio < suspiciousOdds || g < certainG || saved < leastSaved) continue;
        found.push({ group: { dimension, value }, bit, saved });
      }
    }
  }
  // A stable sort: equals stay by dimension, value and finding.
  return numberGroups(found.sort((a, b) => b.saved - a.saved).slice(0, mostSuspects));
}

/** A row is shifted by a mistake or not at all: with nobody to compare with, none is expected. */
function restOf(all: SignTally, group: SignTally, bit: number): SignTally {
  const rest = takeFrom(all, group);
  const isAlone = rest.records === 0 && findingIds[bit] === "row.shifted";
  return isAlone ? { records: group.records, found: 0, held: 0 } : rest;
}

/** Of the whole run. */
export function sumSigns(table: SignTotals, bit: number): SignTally {
  return sumTallies(Array.from({ length: table.values }, (_, value) => table.tallyOf(value, bit)));
}

function numberGroups(found: readonly { readonly group: CauseGroup; readonly bit: number }[]): Suspicion {
  const groups: CauseGroup[] = [];
  const numbers = new Map<string, number>();
  const suspects: Suspect[] = found.map(({ group, bit }) => {
    const key = `${group.dimension} ${group.value}`;
    let number = numbers.get(key);
    if (number === undefined) {
      number = groups.push(group) - 1;
      numbers.set(key, number);
    }
    return { group: number, finding: findingIds[bit] as Suspect["finding"] };
  });
  return { groups, suspects };
}
