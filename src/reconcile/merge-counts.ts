import { codeCatalogue } from "../judge/code-catalogue.js";
import type { Dimension, DimensionRow, Tally } from "../report/metrics.js";
import type { Counts } from "./count-metrics.js";

/** Adds up the counts of disjoint parts of a run's people: the counts of the whole, in the same order of everything. */
export function mergeCounts(parts: readonly Counts[], dimensions: readonly Dimension[]): Counts {
  return {
    doses: addTallies(parts.map(({ doses }) => doses)),
    people: addTallies(parts.map(({ people }) => people)),
    dimensions: Object.fromEntries(
      dimensions.map((dimension) => [
        dimension,
        mergeRows(parts.map(({ dimensions: rows }) => rows[dimension] ?? [])),
      ]),
    ),
    findings: mergeFindings(parts.map(({ findings }) => findings)),
  };
}

function mergeRows(parts: readonly (readonly DimensionRow[])[]): DimensionRow[] {
  const byKey = new Map<string, DimensionRow[]>();
  for (const rows of parts) {
    for (const row of rows) {
      const known = byKey.get(row.key);
      if (known === undefined) byKey.set(row.key, [row]);
      else known.push(row);
    }
  }
  return [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, rows]) => ({
      key,
      label: (rows[0] as DimensionRow).label,
      doses: addTallies(rows.map(({ doses }) => doses)),
      people: addTallies(rows.map(({ people }) => people)),
    }));
}

function addTallies(tallies: readonly Tally[]): Tally {
  const [only] = tallies;
  if (tallies.length === 1 && only !== undefined) return only;
  const sums = new Map<string, number>();
  let records = 0;
  for (const tally of tallies) {
    records += tally.records;
    for (const code in tally.byCode) {
      sums.set(code, (sums.get(code) ?? 0) + (tally.byCode[code] as number));
    }
  }
  const byCode: Record<string, number> = {};
  for (const { code } of codeCatalogue) {
    const count = sums.get(code);
    if (count !== undefined) byCode[code] = count;
  }
  return { records, byCode };
}

function mergeFindings(parts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const part of parts) {
    for (const [id, count] of Object.entries(part)) sums.set(id, (sums.get(id) ?? 0) + count);
  }
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}
