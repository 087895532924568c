/**
 * A number of 12 digits is two halves of six digits, each below 2^20. Three Feistel rounds map the 2^40 pairs of
 * halves one to one onto themselves, so that numbers of one province and year spread evenly over the index. The mixed
 * high half decides the order first. Part of the register's format: changing it makes every stored index invalid.
 */
const mask20 = 0xfffff;

function scramble(half: number, key: number): number {
  let h = Math.imul(half ^ key, 0x9e3779b1);
  h ^= h >>> 15;
  h = Math.imul(h, 0x85ebca6b);
  return h >>> 12;
}

/** Lower 20 bits of the mixed number; `high` and `low` are below 2^20. */
export function mixLow(high: number, low: number): number {
  return low ^ scramble(high ^ scramble(low, 0x3c6ef372), 0x1f83d9ab);
}

/** Upper 20 bits of the mixed number, given `mixLow` of the same halves. */
export function mixHigh(high: number, low: number, mixedLow: number): number {
  return high ^ scramble(low, 0x3c6ef372) ^ scramble(mixedLow, 0x5be0cd19);
}

/** The halves that were mixed; the proof that no two numbers share a place in the order. */
export function unmix(mixedHigh: number, mixedLow: number): { high: number; low: number } {
  const middle = mixedHigh ^ scramble(mixedLow, 0x5be0cd19);
  const low = mixedLow ^ scramble(middle, 0x1f83d9ab);
  return { high: (middle ^ scramble(low, 0x3c6ef372)) & mask20, low };
}

/** Bucket of a mixed number: its top `bits` bits (at most 31). */
export function mixedBucket(mixedHigh: number, mixedLow: number, bits: number): number {
  return bits <= 20 ? mixedHigh >>> (20 - bits) : (mixedHigh << (bits - 20)) | (mixedLow >>> (40 - bits));
}
