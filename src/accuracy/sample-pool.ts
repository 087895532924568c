import { createHash } from "node:crypto";

/** What makes a record of a run one of its kind: a template's row has several, told apart by their record_id. */
export interface RecordPlace {
  readonly sourceFile: string;
  readonly sourceLine: string;
  readonly recordId: string;
}

/**
 * Where a record stands in the order in which a sample takes records: 64 hexadecimal digits that follow from run, seed
 * and record alone, so that neither the order of the files nor how a run was cut changes a sample.
 */
export function rankRecord(run: string, seed: number, place: RecordPlace): string {
  const { sourceFile, sourceLine, recordId } = place;
  const text = [run, String(seed), sourceFile, sourceLine, recordId].join("\0");
  return createHash("sha256").update(text).digest("hex");
}

export interface Candidate<Row> {
  readonly rank: string;
  readonly row: Row;
}

interface Stratum<Row> {
  population: number;
  candidates: Candidate<Row>[];
  /** From this rank on a record is too late. */
  limit: string;
}

/**
 * Owner of the records that may come into a sample of at most `size` of each code, while all pass by once: those of the
 * lowest ranks. Ranks are as good as random, so each set of records of a code is equally likely (a simple random sample
 * without replacement). Holds at most twice `size` rows of each code.
 */
export class SamplePool<Row> {
  readonly #size: number;
  readonly #strata = new Map<string, Stratum<Row>>();

  constructor(size: number) {
    this.#size = size;
  }

  /** Counts a record, and keeps it when its rank is low enough; `read` is asked for the row only then. */
  offer(code: string, rank: string, read: () => Row): void {
    let stratum = this.#strata.get(code);
    if (stratum === undefined) {
      stratum = { population: 0, candidates: [], limit: afterAllRanks };
      this.#strata.set(code, stratum);
    }
    stratum.population++;
    if (rank >= stratum.limit) return;
    stratum.candidates.push({ rank, row: read() });
    if (stratum.candidates.length >= 2 * this.#size) this.#trim(stratum);
  }

  /** Records that passed by, by code. */
  get populations(): ReadonlyMap<string, number> {
    return new Map([...this.#strata].map(([code, { population }]) => [code, population]));
  }

  /** The `count` records of a code with the lowest ranks; at most as many as the pool's size. */
  take(code: string, count: number): readonly Candidate<Row>[] {
    const stratum = this.#strata.get(code);
    if (stratum === undefined) return [];
    this.#trim(stratum);
    return stratum.candidates.slice(0, count);
  }

  #trim(stratum: Stratum<Row>): void {
    stratum.candidates.sort((a, b) => (a.rank < b.rank ? -1 : 1));
    stratum.candidates.length = Math.min(stratum.candidates.length, this.#size);
    if (stratum.candidates.length === this.#size) stratum.limit = stratum.candidates.at(-1)?.rank ?? "";
  }
}

const afterAllRanks = "g";
