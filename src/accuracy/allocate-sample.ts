/** A code with fewer records than this in a sample of many is asked for so many, or for all that it has. */
const leastOfCode = 30;

/**
 * How many records of each code a sample of `size` holds: in proportion to how many there are, but of each code at
 * least 30, or its even share of a smaller sample, or all of them. What remains after whole numbers goes to the largest
 * remainders. Adds up to `size`, or to everything when that is less; `size` is at least the number of codes.
 */
export function allocateSample(
  populations: ReadonlyMap<string, number>,
  size: number,
): ReadonlyMap<string, number> {
  const all = [...populations].sort(([a], [b]) => (a < b ? -1 : 1));
  const records = all.reduce((sum, [, population]) => sum + population, 0);
  if (size >= records) return new Map(all);
  const evenShare = Math.floor(size / all.length);
  const least = (population: number): number => Math.min(population, leastOfCode, evenShare);
  const allocation = new Map<string, number>();
  let open = all;
  let left = size;
  let openRecords = records;
  for (;;) {
    const short = open.filter(([, population]) => (left * population) / openRecords < least(population));
    if (short.length === 0) break;
    for (const [code, population] of short) allocation.set(code, least(population));
    open = open.filter(([code]) => !allocation.has(code));
    left = size - [...allocation.values()].reduce((sum, count) => sum + count, 0);
    openRecords = open.reduce((sum, [, population]) => sum + population, 0);
  }
  shareOut(open, left, openRecords, allocation);
  return allocation;
}

/** In proportion, by largest remainder; equal remainders in the order of the codes. */
function shareOut(
  open: readonly (readonly [code: string, population: number])[],
  size: number,
  records: number,
  allocation: Map<string, number>,
): void {
  const shares = open.map(([code, population]) => {
    const share = (size * population) / records;
    return { code, whole: Math.floor(share), rest: share - Math.floor(share) };
  });
  let spare = size - shares.reduce((sum, { whole }) => sum + whole, 0);
  for (const { code, whole } of [...shares].sort((a, b) => b.rest - a.rest)) {
    allocation.set(code, whole + (spare > 0 ? 1 : 0));
    spare--;
  }
}
