import type { Vaccine } from "../vaccination/vaccine.js";
import type { JudgedColumns } from "./run-table.js";

/** By a dose's vaccine as records hold it: days until the next one may come; 0 where nothing is said. */
export function listLeastDays(vaccines: readonly Vaccine[]): Int32Array {
  return Int32Array.from({ length: 256 }, (_, vaccine) => vaccines[vaccine]?.minIntervalDays ?? 0);
}

/**
 * Whether the clean ones of `members[start .. end)` are plain to see to be doses of which `checkPersonDoses` says nothing:
 * 1, 2, 3 … one after the other in input order, each on a later day than the one before and no sooner than
 * `leastDays` of its vaccine. False says nothing. No clean one at all is plain too.
 */
export function isPlainSeries(
  { day, dose, vaccine }: Pick<JudgedColumns, "day" | "dose" | "vaccine">,
  isClean: Uint8Array,
  leastDays: Int32Array,
  members: Uint32Array,
  start: number,
  end: number,
): boolean {
  let doses = 0;
  let earliest = Number.NEGATIVE_INFINITY;
  for (let at = start; at < end; at++) {
    const record = members[at] as number;
    if (isClean[record] === 0) continue;
    const given = day[record] as number;
    if (dose[record] !== ++doses || given < earliest) return false;
    earliest = given + Math.max(1, leastDays[vaccine[record] as number] as number);
  }
  return true;
}
