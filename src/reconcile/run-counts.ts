import { codeCatalogue } from "../judge/code-catalogue.js";
import type { Tables } from "../pipeline/tables.js";
import {
  buildColumns,
  type DimensionTable,
  listDimensions,
  type TallyColumns,
  type Unit,
} from "../report/dimension-table.js";
import type { Dimension, Metrics, Tally } from "../report/metrics.js";
import { sortBy } from "../report/ranking.js";
import { type CellCounts, codes, listCells, type TableCounts } from "./count-metrics.js";
import type { DimensionValues } from "./dimensions.js";

/** Sums by cell: as many as the highest cell needs. */
class CellTotals {
  #counts = new Uint32Array(2048);

  add({ cells, doses, people }: CellCounts): void {
    const length = ((cells.at(-1) ?? 0) + 1) * 2;
    if (length > this.#counts.length) this.#grow(length);
    const counts = this.#counts;
    for (let at = 0; at < cells.length; at++) {
      const cell = (cells[at] as number) * 2;
      counts[cell] = (counts[cell] as number) + (doses[at] as number);
      counts[cell + 1] = (counts[cell + 1] as number) + (people[at] as number);
    }
  }

  /** How many are counted in a cell. */
  count(unit: Unit, cell: number): number {
    return this.#counts[cell * 2 + Number(unit === "people")] ?? 0;
  }

  list(): CellCounts {
    return listCells(this.#counts);
  }

  #grow(length: number): void {
    const counts = this.#counts;
    this.#counts = new Uint32Array(Math.max(counts.length * 2, length));
    this.#counts.set(counts);
  }
}

/** The counted part of the metrics. */
export type Counts = Pick<Metrics, "doses" | "people" | "dimensions" | "findings">;

/** Adds up what the parts of a run counted, in any order. */
export class RunCounts {
  readonly #all = new CellTotals();
  readonly #dimensions: readonly { readonly named: DimensionValues; readonly totals: CellTotals }[];
  readonly #findings = new Map<string, number>();

  constructor(dimensions: readonly DimensionValues[]) {
    this.#dimensions = dimensions.map((named) => ({ named, totals: new CellTotals() }));
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

  /** Of everything added so far: doses and people by code. */
  tally(): Pick<Counts, "doses" | "people"> {
    return { doses: tallyCodes(this.#all, "doses"), people: tallyCodes(this.#all, "people") };
  }

  /** Everything added so far, by name. */
  describe(tables: Tables): Counts {
    const dimensions: Partial<Record<Dimension, DimensionTable>> = {};
    for (const { named, totals } of this.#dimensions) {
      dimensions[named.dimension] = describeTable(named, totals, tables);
    }
    return {
      ...this.tally(),
      dimensions: listDimensions(dimensions),
      findings: Object.fromEntries([...this.#findings].sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  }
}

function describeTable(named: DimensionValues, totals: CellTotals, tables: Tables): DimensionTable {
  const values = [...new Set(Array.from(totals.list().cells, (cell) => Math.floor(cell / codes)))]
    .map((value) => ({ value, ...named.describe(value, tables) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const columnsOf = (unit: Unit): TallyColumns =>
    buildColumns(values.length, (row, put) => {
      const first = (values[row] as { readonly value: number }).value * codes;
      let records = 0;
      for (const [position, { cell }] of sortedCodes.entries()) {
        const count = totals.count(unit, first + cell);
        if (count > 0) put(position, count);
        records += count;
      }
      return records;
    });
  return {
    keys: values.map(({ key }) => key),
    labels: values.map(({ label }) => label),
    codes: sortedCodes.map(({ code }) => code),
    doses: columnsOf("doses"),
    people: columnsOf("people"),
  };
}

/** Every code with its position in the catalogue, which is that of its cell among a value's. */
const sortedCodes = sortBy(
  codeCatalogue.map(({ code }, cell) => ({ code, cell })),
  ({ code }) => code,
);

/** What is counted at the value 0, by code. */
function tallyCodes(totals: CellTotals, unit: Unit): Tally {
  const byCode: Record<string, number> = {};
  let records = 0;
  for (const [cell, { code }] of codeCatalogue.entries()) {
    const count = totals.count(unit, cell);
    if (count > 0) byCode[code] = count;
    records += count;
  }
  return { records, byCode };
}
