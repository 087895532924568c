import { codeCatalogue } from "../judge/code-catalogue.js";
import type { Judge } from "../judge/judge-record.js";
import type { Tables } from "../pipeline/tables.js";
import type { Dimension, DimensionRow, Metrics, Tally } from "../report/metrics.js";
import type { DimensionValues } from "./dimensions.js";
import type { Reconciliation } from "./reconcile.js";
import type { RunTable } from "./run-table.js";

export interface CountOptions {
  readonly table: RunTable;
  readonly judge: Judge;
  readonly reconciliation: Pick<Reconciliation, "verdicts" | "people">;
  readonly dimensions: readonly DimensionValues[];
}

/** Doses and people by cell; a cell is `value * codes + position of the code in the catalogue`. */
export interface CellCounts {
  readonly cells: Uint32Array;
  readonly doses: Uint32Array;
  readonly people: Uint32Array;
}

/** What one table adds to a run: numbers only, to be added up with those of the run's other people. */
export interface TableCounts {
  /** Of everything; its one value is 0. */
  readonly all: CellCounts;
  /** In the order of the dimensions asked for. */
  readonly dimensions: readonly CellCounts[];
  readonly findings: Readonly<Record<string, number>>;
}

const codes = codeCatalogue.length;

/**
 * Counts records and people by code, in all and for each value of each dimension. A person's code is the worst of
 * their records' (for a value: of their records with that value), so each person is in exactly one code.
 */
export function countTable({ table, judge, reconciliation, dimensions }: CountOptions): TableCounts {
  const codeOf = Uint8Array.from(judge.verdicts, ({ code }) => codeCatalogue.indexOf(code));
  const badnessOf = Float64Array.from(judge.verdicts, ({ badness }) => badness);
  const { verdicts, people } = reconciliation;
  const { groups, starts, members } = people;
  const all = new CellCounter();
  const counters = dimensions.map(() => new CellCounter());
  const columns = dimensions.map(({ valuesOf }) => valuesOf(table));
  const byVerdict = new Float64Array(judge.verdicts.length);
  const group: number[] = [];
  const values: number[] = [];
  for (let person = 0; person < groups; person++) {
    group.length = 0;
    const end = starts[person + 1] as number;
    for (let at = starts[person] as number; at < end; at++) group.push(members[at] as number);
    let worst = -1;
    for (const record of group) {
      const verdict = verdicts[record] as number;
      byVerdict[verdict] = (byVerdict[verdict] as number) + 1;
      all.addDose(codeOf[verdict] as number);
      worst = worseOf(worst, verdict, badnessOf);
    }
    all.addPerson(codeOf[worst] as number);

    for (let position = 0; position < columns.length; position++) {
      const valueAt = columns[position] as (record: number) => number;
      const counter = counters[position] as CellCounter;
      values.length = 0;
      for (const record of group) values.push(valueAt(record));
      for (let member = 0; member < values.length; member++) {
        const value = values[member] as number;
        counter.addDose(value * codes + (codeOf[verdicts[group[member] as number] as number] as number));
        if (values.indexOf(value) < member) continue;
        let worstHere = -1;
        for (let other = member; other < values.length; other++) {
          if (values[other] === value)
            worstHere = worseOf(worstHere, verdicts[group[other] as number] as number, badnessOf);
        }
        counter.addPerson(value * codes + (codeOf[worstHere] as number));
      }
    }
  }
  return {
    all: all.list(),
    dimensions: counters.map((counter) => counter.list()),
    findings: countFindings(judge, byVerdict),
  };
}

/** Counters by cell: as many as the highest cell needs. */
class CellCounter {
  #doses = new Uint32Array(1024);
  #people = new Uint32Array(1024);

  addDose(cell: number): void {
    if (cell >= this.#doses.length) this.#grow(cell);
    this.#doses[cell] = (this.#doses[cell] as number) + 1;
  }

  addPerson(cell: number): void {
    if (cell >= this.#people.length) this.#grow(cell);
    this.#people[cell] = (this.#people[cell] as number) + 1;
  }

  list(): CellCounts {
    // A person is counted where a dose of theirs is.
    const filled: number[] = [];
    for (let cell = 0; cell < this.#doses.length; cell++) if (this.#doses[cell] !== 0) filled.push(cell);
    const cells = Uint32Array.from(filled);
    return {
      cells,
      doses: cells.map((cell) => this.#doses[cell] as number),
      people: cells.map((cell) => this.#people[cell] as number),
    };
  }

  #grow(cell: number): void {
    const size = Math.max(this.#doses.length * 2, cell + 1);
    const [doses, people] = [this.#doses, this.#people];
    this.#doses = new Uint32Array(size);
    this.#doses.set(doses);
    this.#people = new Uint32Array(size);
    this.#people.set(people);
  }
}

function worseOf(verdict: number, other: number, badnessOf: Float64Array): number {
  return verdict < 0 || (badnessOf[other] as number) > (badnessOf[verdict] as number) ? other : verdict;
}

function countFindings({ verdicts }: Judge, byVerdict: Float64Array): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { index, findings } of verdicts) {
    const count = byVerdict[index] as number;
    if (count > 0) for (const id of findings) counts[id] = (counts[id] ?? 0) + count;
  }
  return counts;
}

/** The counted part of the metrics. */
export type Counts = Pick<Metrics, "doses" | "people" | "dimensions" | "findings">;

interface Totals {
  readonly doses: Map<number, number>;
  readonly people: Map<number, number>;
}

/** Adds up what the parts of a run counted, in any order. */
export class RunCounts {
  readonly #all: Totals = { doses: new Map(), people: new Map() };
  readonly #dimensions: readonly { readonly named: DimensionValues; readonly totals: Totals }[];
  readonly #findings = new Map<string, number>();

  constructor(dimensions: readonly DimensionValues[]) {
    this.#dimensions = dimensions.map((named) => ({
      named,
      totals: { doses: new Map(), people: new Map() },
    }));
  }

  /** Adds the counts of people who are in no other part. */
  add({ all, dimensions, findings }: TableCounts): void {
    addCells(this.#all, all);
    for (const [position, counts] of dimensions.entries()) {
      addCells((this.#dimensions[position] as { totals: Totals }).totals, counts);
    }
    for (const [id, count] of Object.entries(findings)) {
      this.#findings.set(id, (this.#findings.get(id) ?? 0) + count);
    }
  }

  /** Everything added so far, by name. */
  describe(tables: Tables): Counts {
    const dimensions: Partial<Record<Dimension, DimensionRow[]>> = {};
    for (const { named, totals } of this.#dimensions) {
      dimensions[named.dimension] = describeRows(named, totals, tables);
    }
    return {
      doses: tallyValue(this.#all.doses, 0),
      people: tallyValue(this.#all.people, 0),
      dimensions,
      findings: Object.fromEntries([...this.#findings].sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  }
}

function addCells({ doses, people }: Totals, counts: CellCounts): void {
  for (let at = 0; at < counts.cells.length; at++) {
    const cell = counts.cells[at] as number;
    doses.set(cell, (doses.get(cell) ?? 0) + (counts.doses[at] as number));
    people.set(cell, (people.get(cell) ?? 0) + (counts.people[at] as number));
  }
}

function describeRows(named: DimensionValues, totals: Totals, tables: Tables): DimensionRow[] {
  const values = new Set([...totals.doses.keys()].map((cell) => Math.floor(cell / codes)));
  return [...values]
    .map((value) => ({
      ...named.describe(value, tables),
      doses: tallyValue(totals.doses, value),
      people: tallyValue(totals.people, value),
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function tallyValue(counts: ReadonlyMap<number, number>, value: number): Tally {
  const byCode: Record<string, number> = {};
  let records = 0;
  for (const [position, { code }] of codeCatalogue.entries()) {
    const count = counts.get(value * codes + position) ?? 0;
    if (count > 0) byCode[code] = count;
    records += count;
  }
  return { records, byCode };
}
