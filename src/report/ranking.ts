import type { DimensionRow, Metrics, Tally } from "./metrics.js";
import { countNotClean } from "./percentages.js";

/** Rows in the order of a text, by code units: no locale changes it. */
export function sortBy<Row>(rows: readonly Row[], text: (row: Row) => string): Row[] {
  return [...rows].sort((left, right) => {
    const [a, b] = [text(left), text(right)];
    if (a === b) return 0;
    return a < b ? -1 : 1;
  });
}

/** Rows by how many of their doses are not clean, most first; equals by key. */
export function rankByNotClean(rows: readonly DimensionRow[]): DimensionRow[] {
  return sortBy(rows, (row) => row.key).sort(
    (left, right) => countNotClean(right.doses) - countNotClean(left.doses),
  );
}

/** Codes that occur and begin with a prefix, most doses first; equals by code. */
export function rankCodes({ doses, people }: Pick<Metrics, "doses" | "people">, prefix: string): string[] {
  const count = (tally: Tally, code: string): number => tally.byCode[code] ?? 0;
  return [...new Set([...Object.keys(doses.byCode), ...Object.keys(people.byCode)])]
    .filter((code) => code.startsWith(prefix) && count(doses, code) + count(people, code) > 0)
    .sort()
    .sort((left, right) => count(doses, right) - count(doses, left));
}
