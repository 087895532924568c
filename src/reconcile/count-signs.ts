import { findingIds } from "../judge/findings.js";
import type { Judge } from "../judge/judge-record.js";
import { readSigns } from "../judge/signs.js";
import type { DimensionValues } from "./dimensions.js";
import type { RunTable } from "./run-table.js";

/** Signs, and after them one place for all records. */
export const signPlaces = findingIds.length + 1;
/** The place where every record is counted: `held` are those that are not clean. */
export const anyRecord = findingIds.length;

/**
 * Records by the value of a dimension and the sign they show (`readSigns`), cells in ascending order; a cell is
 * `value * signPlaces + bit of the finding`, or `+ anyRecord`. `held`: those that the sign alone keeps from being clean.
 */
export interface SignCounts {
  readonly cells: Uint32Array;
  readonly found: Uint32Array;
  readonly held: Uint32Array;
}

export interface CountSignsOptions {
  readonly table: RunTable;
  readonly judge: Judge;
  /** By record: position in `judge.verdicts`. */
  readonly verdicts: Uint32Array;
  readonly dimensions: readonly DimensionValues[];
}

/** Counts the signs that records show at each value of each dimension, in the dimensions' order. */
export function countSigns({ table, judge, verdicts, dimensions }: CountSignsOptions): SignCounts[] {
  const signs = judge.verdicts.map((verdict) => [
    { bit: anyRecord, isHeld: verdict.code.set !== "cleaned" },
    ...readSigns(verdict),
  ]);
  return dimensions.map(({ valuesOf }) => {
    const values = valuesOf(table);
    let highest = -1;
    for (let record = 0; record < table.records; record++) {
      if ((values[record] as number) > highest) highest = values[record] as number;
    }
    const found = new Uint32Array((highest + 1) * signPlaces);
    const held = new Uint32Array(found.length);
    for (let record = 0; record < table.records; record++) {
      const first = (values[record] as number) * signPlaces;
      for (const { bit, isHeld } of signs[verdicts[record] as number] as (typeof signs)[number]) {
        found[first + bit] = (found[first + bit] as number) + 1;
        if (isHeld) held[first + bit] = (held[first + bit] as number) + 1;
      }
    }
    return listCells(found, held);
  });
}

function listCells(found: Uint32Array, held: Uint32Array): SignCounts {
  const filled: number[] = [];
  for (let cell = 0; cell < found.length; cell++) if (found[cell] !== 0) filled.push(cell);
  const cells = Uint32Array.from(filled);
  return {
    cells,
    found: cells.map((cell) => found[cell] as number),
    held: cells.map((cell) => held[cell] as number),
  };
}

/** The signs of a whole run at each value of one dimension: what its parts counted, added up in any order. */
export class SignTotals {
  #found = new Uint32Array(signPlaces);
  #held = new Uint32Array(signPlaces);

  /** Values that may have counts are below this. */
  get values(): number {
    return this.#found.length / signPlaces;
  }

  add({ cells, found, held }: SignCounts): void {
    const highest = cells.at(-1) ?? 0;
    if (highest >= this.#found.length) this.#grow(Math.floor(highest / signPlaces) + 1);
    for (let at = 0; at < cells.length; at++) {
      const cell = cells[at] as number;
      this.#found[cell] = (this.#found[cell] as number) + (found[at] as number);
      this.#held[cell] = (this.#held[cell] as number) + (held[at] as number);
    }
  }

  found(value: number, place: number): number {
    return this.#found[value * signPlaces + place] ?? 0;
  }

  held(value: number, place: number): number {
    return this.#held[value * signPlaces + place] ?? 0;
  }

  /** Records of a value, those that show a sign, and those that it alone keeps from being clean. */
  tallyOf(
    value: number,
    bit: number,
  ): { readonly records: number; readonly found: number; readonly held: number } {
    return {
      records: this.found(value, anyRecord),
      found: this.found(value, bit),
      held: this.held(value, bit),
    };
  }

  #grow(values: number): void {
    const size = Math.max(values, this.values * 2) * signPlaces;
    const [found, held] = [this.#found, this.#held];
    this.#found = new Uint32Array(size);
    this.#found.set(found);
    this.#held = new Uint32Array(size);
    this.#held.set(held);
  }
}
