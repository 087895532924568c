import { type Draft, isCleaned } from "./draft.js";

/** A person's record with its place in input order. */
export interface Placed {
  readonly draft: Draft;
  /** Position of the file in input order. */
  readonly file: number;
  /** Position among the person's records of that file. */
  readonly position: number;
}

/**
 * Works out E41 and E50 among one person's records that would otherwise be cleaned ("Across records" in docs/rules.md):
 * of several on one day the first in input order stays; then all that take part in a contradiction of numbers and days.
 */
export function settleRecords(records: readonly Placed[]): void {
  const inOrder = [...records].sort((a, b) => a.file - b.file || a.position - b.position);
  const firstByDay = new Map<number, Draft>();
  for (const { draft } of inOrder) {
    if (!isCleaned(draft)) continue;
    if (firstByDay.has(draft.day)) draft.code = "E41";
    else firstByDay.set(draft.day, draft);
  }
  const kept = [...firstByDay.values()].sort((a, b) => a.day - b.day);
  const contradicted = new Set<Draft>();
  for (const [index, earlier] of kept.entries()) {
    for (const later of kept.slice(index + 1)) {
      if (earlier.doseNo < later.doseNo) continue;
      contradicted.add(earlier);
      contradicted.add(later);
    }
  }
  for (const draft of contradicted) draft.code = "E50";
}
