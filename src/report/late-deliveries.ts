import { tabulate } from "./dimension-table.js";
import type { Metrics } from "./metrics.js";
import { sortBy } from "./ranking.js";
import type { LateDelivery } from "./run-history.js";

/** Who sends records: the dimensions whose silence somebody has to hear about. */
export const senderDimensions = ["province", "facility"] as const;
export type SenderDimension = (typeof senderDimensions)[number];

/** What one sender sent in one run. */
export interface Sent {
  readonly label: string;
  readonly records: number;
}

/** What every sender sent in one run, by key; a dimension that the run did not count is not there. */
export type SentRecords = Readonly<Partial<Record<SenderDimension, ReadonlyMap<string, Sent>>>>;

/** How many earlier runs say what is usual, and how few say nothing. */
export const comparedRuns = 7;
export const fewestRuns = 3;
/** Who sends fewer than this has no custom: half of 9 is a day's chance. */
export const leastUsual = 10;
/** Of each dimension; a page cannot show more, and the gates stop a night in which half of everything is missing. */
export const mostListed = 200;

/** Keys of what was not given, and of what no table knows: nobody sends those. */
const nobody: readonly string[] = ["", "?"];

/**
 * How many of the earlier runs this one can be held against: those that counted the dimension too; 0 where this run does
 * not count it. What cannot be read is not among `earlier`, so this, and not how many runs there were, says whether
 * silence would have been seen.
 */
export function countCompared(
  { dimensions }: Pick<Metrics, "dimensions">,
  earlier: readonly SentRecords[],
): Record<SenderDimension, number> {
  const count = (dimension: SenderDimension): number =>
    tabulate(dimensions, dimension) === null ? 0 : pickCounted(dimension, earlier).length;
  return { province: count("province"), facility: count("facility") };
}

/**
 * Provinces and facilities that sent nothing in this run, or under half of what they usually send: the median of their
 * records over `earlier` (oldest first; 0 where they sent nothing), at least 3 runs and 10 records. At most 200 of each,
 * most missing records first, then by dimension and key.
 */
export function findLate(
  { dimensions }: Pick<Metrics, "dimensions">,
  earlier: readonly SentRecords[],
): LateDelivery[] {
  const late = senderDimensions.flatMap((dimension) => {
    const table = tabulate(dimensions, dimension);
    const counted = pickCounted(dimension, earlier);
    if (table === null || counted.length < fewestRuns) return [];
    const now = new Map(table.keys.map((key, row) => [key, table.doses.records[row] as number]));
    const found = listSenders(counted).flatMap(([key, label]): LateDelivery[] => {
      const usual = median(counted.map((sent) => sent.get(key)?.records ?? 0));
      const records = now.get(key) ?? 0;
      return usual >= leastUsual && records * 2 < usual ? [{ dimension, key, label, records, usual }] : [];
    });
    return rankByMissing(found).slice(0, mostListed);
  });
  return rankByMissing(late);
}

function pickCounted(
  dimension: SenderDimension,
  earlier: readonly SentRecords[],
): ReadonlyMap<string, Sent>[] {
  return earlier.flatMap((sent) => sent[dimension] ?? []);
}

/** Every sender with its latest label. */
function listSenders(
  counted: readonly ReadonlyMap<string, Sent>[],
): (readonly [key: string, label: string])[] {
  const labels = new Map<string, string>();
  for (const sent of counted) for (const [key, { label }] of sent) labels.set(key, label);
  return [...labels].filter(([key]) => !nobody.includes(key));
}

/** Of an even number of counts, the whole part of the mean of the middle two. */
function median(counts: readonly number[]): number {
  const sorted = [...counts].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] as number;
  const lower = sorted[(sorted.length - 1) >> 1] as number;
  return Math.floor((lower + upper) / 2);
}

function rankByMissing(late: readonly LateDelivery[]): LateDelivery[] {
  // "province" stands before "facility": whose province is silent need not ask the stations first.
  const order = (dimension: SenderDimension): number => senderDimensions.indexOf(dimension);
  return sortBy(late, ({ key }) => key).sort(
    (left, right) =>
      right.usual - right.records - (left.usual - left.records) ||
      order(left.dimension) - order(right.dimension),
  );
}
