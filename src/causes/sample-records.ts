/** A record whose cells may be read again. */
export interface SampledRecord {
  /** Position in the run. */
  readonly record: number;
  /** Position in the run's list of sources, and where the row begins in the source's bytes. */
  readonly source: number;
  readonly offset: number;
  /** Column group of a wide row (1-4), 0 for a long one. */
  readonly doseSlot: number;
}

/** Records of one suspect whose cells are read again. */
export const sampleSize = 1024;

/**
 * Adds a record to a sample: the `sampleSize` records whose positions have the smallest hashes, whatever the order in
 * which they come. A sample may be twice as large until `closeSample`.
 */
export function addSample(sample: SampledRecord[], record: SampledRecord): void {
  sample.push(record);
  if (sample.length >= 2 * sampleSize) sample.splice(0, sample.length, ...closeSample(sample));
}

/** The sample, in the order of its hashes. */
export function closeSample(sample: readonly SampledRecord[]): SampledRecord[] {
  return [...sample]
    .sort((a, b) => hashOf(a.record) - hashOf(b.record) || a.record - b.record)
    .slice(0, sampleSize);
}

/** Murmur3's finaliser: a bijection of 32 bits. */
function hashOf(record: number): number {
  let hash = Math.imul(record ^ (record >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
