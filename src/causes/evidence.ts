import type { FindingId } from "../judge/findings.js";
import type { Suspicion } from "./cause-groups.js";
import type { Moment } from "./change-point.js";
import type { SignTally } from "./contrast.js";
import { type Examined, groupsOfKey, listFindings } from "./examine-shard.js";
import { addSample, closeSample, type SampledRecord } from "./sample-records.js";

/** Records that are in the same suspicious groups. */
export interface Grouping {
  readonly groups: readonly number[];
  readonly tally: SignTally;
}

/** What a whole run shows of its suspects: the sum of its shards, taken in any order. */
export class Evidence {
  readonly #findings: readonly FindingId[];
  readonly #groupings = new Map<number, Float64Array>();
  readonly #moments: Map<number, Float64Array>[];
  readonly #samples: SampledRecord[][];
  readonly #firsts: Map<number, SampledRecord>[];

  constructor({ groups, suspects }: Suspicion) {
    this.#findings = listFindings(suspects);
    this.#moments = groups.map(() => new Map());
    this.#samples = suspects.map(() => []);
    this.#firsts = suspects.map(() => new Map());
  }

  add({ groupings, moments, samples, firsts }: Examined): void {
    addRows(this.#groupings, groupings);
    for (const [group, rows] of moments.entries()) {
      addRows(this.#moments[group] as Map<number, Float64Array>, rows);
    }
    for (const [suspect, records] of samples.entries()) {
      for (const record of records) addSample(this.#samples[suspect] as SampledRecord[], record);
    }
    for (const [suspect, found] of firsts.entries()) {
      const own = this.#firsts[suspect] as Map<number, SampledRecord>;
      for (const [part, record] of found) {
        const known = own.get(part);
        if (known === undefined || record.record < known.record) own.set(part, record);
      }
    }
  }

  /** By the groups that records are in at once. */
  groupings(finding: FindingId): Grouping[] {
    return [...this.#groupings]
      .sort(([a], [b]) => a - b)
      .map(([key, row]) => ({ groups: groupsOfKey(key), tally: this.#tallyOf(row, finding) }));
  }

  /** A group's records by vaccination day, a file's by part; in their order. */
  moments(group: number, finding: FindingId): Moment[] {
    return [...(this.#moments[group] as Map<number, Float64Array>)]
      .sort(([a], [b]) => a - b)
      .map(([at, row]) => ({ at, ...this.#tallyOf(row, finding) }));
  }

  /** Some of the records found, the same whatever the shards. */
  sample(suspect: number): readonly SampledRecord[] {
    return closeSample(this.#samples[suspect] as SampledRecord[]);
  }

  /** First record found in a part of the file or after it. */
  firstFrom(suspect: number, part: number): SampledRecord | null {
    const later = [...(this.#firsts[suspect] as Map<number, SampledRecord>)].filter(([at]) => at >= part);
    const records = later.map(([, record]) => record).sort((a, b) => a.record - b.record);
    return records[0] ?? null;
  }

  #tallyOf(row: Float64Array, finding: FindingId): SignTally {
    const place = 1 + this.#findings.indexOf(finding);
    return {
      records: row[0] as number,
      found: row[place] as number,
      held: row[place + this.#findings.length] as number,
    };
  }
}

function addRows(sums: Map<number, Float64Array>, rows: ReadonlyMap<number, Float64Array>): void {
  for (const [at, row] of rows) {
    const sum = sums.get(at);
    if (sum === undefined) sums.set(at, row.slice());
    else
      for (let cell = 0; cell < row.length; cell++) sum[cell] = (sum[cell] as number) + (row[cell] as number);
  }
}
