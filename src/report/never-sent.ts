import type { SentRecords } from "./late-deliveries.js";
import type { Metrics } from "./metrics.js";
import { sortBy } from "./ranking.js";
import type { SilentProvince } from "./run-history.js";

/**
 * The provinces of the table that sent nothing in this run nor in any of the earlier ones, by key: they have no custom,
 * so `findLate` cannot miss them. Only for a run in which at least one province of the table stands: a run that does not
 * tell provinces apart says nothing of any.
 */
export function findNeverSent(
  { dimensions }: Pick<Metrics, "dimensions">,
  earlier: readonly SentRecords[],
  provinces: readonly SilentProvince[],
): SilentProvince[] {
  const sent = new Set(dimensions.province?.map(({ key }) => key));
  if (!provinces.some(({ key }) => sent.has(key))) return [];
  for (const { province } of earlier) for (const key of province?.keys() ?? []) sent.add(key);
  return sortBy(
    provinces.filter(({ key }) => !sent.has(key)),
    ({ key }) => key,
  );
}
