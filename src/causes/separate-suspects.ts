import { sumTallies } from "./change-point.js";
import { certainG, compareRates, isFarApart, leastSaved, type SignTally, takeFrom } from "./contrast.js";
import type { Grouping } from "./evidence.js";

/**
 * Of the groups suspected by one finding, those that explain it: a facility's mistake shows in its province and its
 * file too, and a province's in all its facilities. One after the other the group that stands out most is taken (or,
 * when one inside it stands out from it as a cause does, that one), and its records are left aside. `all`: the whole run.
 */
export function separateSuspects(
  suspects: readonly number[],
  groupings: readonly Grouping[],
  all: SignTally,
): number[] {
  const chosen: number[] = [];
  for (;;) {
    const left = groupings.filter(({ groups }) => !groups.some((group) => chosen.includes(group)));
    const gone = sumTallies(groupings.filter((one) => !left.includes(one)).map(({ tally }) => tally));
    const best = pickOutstanding(
      suspects.filter((group) => !chosen.includes(group)),
      left,
      takeFrom(all, gone),
    );
    if (best === null) return chosen;
    chosen.push(best);
  }
}

function pickOutstanding(
  suspects: readonly number[],
  groupings: readonly Grouping[],
  all: SignTally,
): number | null {
  let best: { readonly group: number; readonly g: number } | null = null;
  for (const group of suspects) {
    const own = tallyWithin(group, groupings);
    const { g, saved } = compareRates(own, takeFrom(all, own));
    if (g < certainG || saved < leastSaved || (best !== null && g <= best.g)) continue;
    best = { group, g };
  }
  if (best === null) return null;
  const { group } = best;
  const inside = groupings.filter(({ groups }) => groups.includes(group));
  const others = suspects.filter((other) => other !== group);
  return pickNarrower(others, inside, tallyWithin(group, groupings)) ?? group;
}

/** The group that stands out most among the records of another, as a cause does; null when none. */
function pickNarrower(
  suspects: readonly number[],
  inside: readonly Grouping[],
  all: SignTally,
): number | null {
  let best: { readonly group: number; readonly g: number } | null = null;
  for (const group of suspects) {
    const own = tallyWithin(group, inside);
    const contrast = compareRates(own, takeFrom(all, own));
    if (!isFarApart(contrast) || contrast.saved < leastSaved) continue;
    if (best === null || contrast.g > best.g) best = { group, g: contrast.g };
  }
  if (best === null) return null;
  const { group } = best;
  return (
    pickNarrower(
      suspects.filter((other) => other !== group),
      inside.filter(({ groups }) => groups.includes(group)),
      tallyWithin(group, inside),
    ) ?? group
  );
}

function tallyWithin(group: number, groupings: readonly Grouping[]): SignTally {
  return sumTallies(groupings.filter(({ groups }) => groups.includes(group)).map(({ tally }) => tally));
}
