import { codeCatalogue } from "../judge/code-catalogue.js";
import type { Judge } from "../judge/judge-record.js";
import type { Tables } from "../pipeline/tables.js";
import {
  buildColumns,
  type DimensionTable,
  listDimensions,
  type TallyColumns,
} from "../report/dimension-table.js";
import type { Dimension, Metrics, Tally } from "../report/metrics.js";
import { sortBy } from "../report/ranking.js";
import type { DimensionValues } from "./dimensions.js";
import type { RecordGroups } from "./group-records.js";
import type { Reconciliation } from "./reconcile.js";
import type { RunTable } from "./run-table.js";

export interface CountOptions {
  readonly table: RunTable;
  readonly judge: Judge;
  readonly reconciliation: Pick<Reconciliation, "verdicts" | "people">;
  readonly dimensions: readonly DimensionValues[];
}

/** Doses and people by cell, cells in ascending order; a cell is `value * codes + position of the code in the catalogue`. */
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
  const { records } = table;
  const { verdicts, people } = reconciliation;
  const codeByVerdict = Uint8Array.from(judge.verdicts, ({ code }) => codeCatalogue.indexOf(code));
  const badnessByVerdict = Float64Array.from(judge.verdicts, ({ badness }) => badness);
  const byVerdict = new Float64Array(judge.verdicts.length);
  const judged: JudgedRecords = {
    people,
    code: new Uint8Array(records),
    badness: new Float64Array(records),
  };
  for (let record = 0; record < records; record++) {
    const verdict = verdicts[record] as number;
    byVerdict[verdict] = (byVerdict[verdict] as number) + 1;
    judged.code[record] = codeByVerdict[verdict] as number;
    judged.badness[record] = badnessByVerdict[verdict] as number;
  }
  return {
    all: countCells(judged, new Uint8Array(records)),
    dimensions: dimensions.map(({ valuesOf }) => countCells(judged, valuesOf(table))),
    findings: countFindings(judge, byVerdict),
  };
}

interface JudgedRecords {
  readonly people: RecordGroups;
  /** By record: position of its code in the catalogue, and how bad its verdict is. */
  readonly code: Uint8Array;
  readonly badness: Float64Array;
}

/** Doses and people by the value of a dimension and the code. */
function countCells({ people, code, badness }: JudgedRecords, values: Uint32Array | Uint8Array): CellCounts {
  const { groups, starts, members } = people;
  const counter = new CellCounter();
  for (let person = 0; person < groups; person++) {
    const start = starts[person] as number;
    const end = starts[person + 1] as number;
    for (let at = start; at < end; at++) {
      const record = members[at] as number;
      const value = values[record] as number;
      counter.addDose(value * codes + (code[record] as number));
      if (isMet(value, start, at)) continue;
      let worst = record;
      for (let after = at + 1; after < end; after++) {
        const other = members[after] as number;
        if (values[other] === value && (badness[other] as number) > (badness[worst] as number)) worst = other;
      }
      counter.addPerson(value * codes + (code[worst] as number));
    }
  }
  return counter.list();

  /** Whether an earlier record of the person has the value. */
  function isMet(value: number, start: number, at: number): boolean {
    for (let before = start; before < at; before++) {
      if (values[members[before] as number] === value) return true;
    }
    return false;
  }
}

/** Counters by cell: as many as the highest cell needs. */
class CellCounter {
  #doses = new Uint32Array(1024);
  #people = new Uint32Array(1024);

  doses(): Uint32Array {
    return this.#doses;
  }

  people(): Uint32Array {
    return this.#people;
  }

  addDose(cell: number): void {
    if (cell >= this.#doses.length) this.#grow(cell);
    this.#doses[cell] = (this.#doses[cell] as number) + 1;
  }

  addPerson(cell: number): void {
    if (cell >= this.#people.length) this.#grow(cell);
    this.#people[cell] = (this.#people[cell] as number) + 1;
  }

  add({ cells, doses, people }: CellCounts): void {
    const highest = cells.at(-1) ?? 0;
    if (highest >= this.#doses.length) this.#grow(highest);
    for (let at = 0; at < cells.length; at++) {
      const cell = cells[at] as number;
      this.#doses[cell] = (this.#doses[cell] as number) + (doses[at] as number);
      this.#people[cell] = (this.#people[cell] as number) + (people[at] as number);
    }
  }

  /** The cells that hold something, in ascending order. A person is counted where a dose of theirs is. */
  list(): CellCounts {
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

/** Adds up what the parts of a run counted, in any order. */
export class RunCounts {
  readonly #all = new CellCounter();
  readonly #dimensions: readonly { readonly named: DimensionValues; readonly totals: CellCounter }[];
  readonly #findings = new Map<string, number>();

  constructor(dimensions: readonly DimensionValues[]) {
    this.#dimensions = dimensions.map((named) => ({ named, totals: new CellCounter() }));
  }

  /** Adds the counts of people who are in no other part. */
  add({ all, dimensions, findings }: TableCounts): void {
    this.#all.add(all);
    for (const [position, counts] of dimensions.entries()) {
      this.#dimensions[position]?.totals.add(counts);
    }
    for (const [id, count] of Object.entries(findings)) {
      this.#findings.set(id, (this.#findings.get(id) ?? 0) + count);
    }
  }

  /** Everything added so far, by name. */
  describe(tables: Tables): Counts {
    const dimensions: Partial<Record<Dimension, DimensionTable>> = {};
    for (const { named, totals } of this.#dimensions) {
      dimensions[named.dimension] = describeTable(named, totals, tables);
    }
    return {
      doses: tallyValue(this.#all.doses(), 0),
      people: tallyValue(this.#all.people(), 0),
      dimensions: listDimensions(dimensions),
      findings: Object.fromEntries([...this.#findings].sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  }
}

function describeTable(named: DimensionValues, totals: CellCounter, tables: Tables): DimensionTable {
  const values = [...new Set(Array.from(totals.list().cells, (cell) => Math.floor(cell / codes)))]
    .map((value) => ({ value, ...named.describe(value, tables) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const columnsOf = (counts: Uint32Array): TallyColumns =>
    buildColumns(values.length, (row, put) => {
      const first = (values[row] as { readonly value: number }).value * codes;
      let records = 0;
      for (const [position, { cell }] of sortedCodes.entries()) {
        const count = counts[first + cell] ?? 0;
        if (count > 0) put(position, count);
        records += count;
      }
      return records;
    });
  return {
    keys: values.map(({ key }) => key),
    labels: values.map(({ label }) => label),
    codes: sortedCodes.map(({ code }) => code),
    doses: columnsOf(totals.doses()),
    people: columnsOf(totals.people()),
  };
}

/** Every code with its position in the catalogue, which is that of its cell among a value's. */
const sortedCodes = sortBy(
  codeCatalogue.map(({ code }, cell) => ({ code, cell })),
  ({ code }) => code,
);

function tallyValue(counts: Uint32Array, value: number): Tally {
  const byCode: Record<string, number> = {};
  let records = 0;
  for (const [position, { code }] of codeCatalogue.entries()) {
    const count = counts[value * codes + position] ?? 0;
    if (count > 0) byCode[code] = count;
    records += count;
  }
  return { records, byCode };
}
