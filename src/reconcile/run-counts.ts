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
import { type CellCounts, CellTotals, codes } from "./cell-totals.js";
import type { DimensionValues } from "./dimensions.js";

/** What some of a run's people add to it: numbers only. */
export interface PartCounts {
  /** Of everything; its one value is 0. */
  readonly all: CellCounts;
  /** In the order of the dimensions asked for. */
  readonly dimensions: readonly CellCounts[];
  readonly findings: ReadonlyMap<string, number>;
}

/** The counted part of the metrics. */
export type Counts = Pick<Metrics, "doses" | "people" | "dimensions" | "findings">;

/** Adds up what is counted of a run, or of a part of it, in any order. */
export class RunCounts {
  readonly all = new CellTotals();
  readonly dimensions: readonly { readonly named: DimensionValues; readonly totals: CellTotals }[];
  readonly #findings = new Map<string, number>();

  constructor(dimensions: readonly DimensionValues[]) {
    this.dimensions = dimensions.map((named) => ({ named, totals: new CellTotals() }));
  }

  addFinding(id: string, count: number): void {
    this.#findings.set(id, (this.#findings.get(id) ?? 0) + count);
  }

  /** Adds the counts of people who are in no other part. */
  add({ all, dimensions, findings }: PartCounts): void {
    this.all.add(all);
    for (const [position, counts] of dimensions.entries()) this.dimensions[position]?.totals.add(counts);
    for (const [id, count] of findings) this.addFinding(id, count);
  }

  /** Everything added so far, as numbers. */
  list(): PartCounts {
    return {
      all: this.all.list(),
      dimensions: this.dimensions.map(({ totals }) => totals.list()),
      findings: this.#findings,
    };
  }

  /** Of everything added so far: doses and people by code. */
  tally(): Pick<Counts, "doses" | "people"> {
    return { doses: tallyCodes(this.all, "doses"), people: tallyCodes(this.all, "people") };
  }

  /** Everything added so far, by name. */
  describe(tables: Tables): Counts {
    const dimensions: Partial<Record<Dimension, DimensionTable>> = {};
    for (const { named, totals } of this.dimensions) {
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
