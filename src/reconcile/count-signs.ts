import { findingIds } from "../judge/findings.js";
import type { Judge } from "../judge/judge-record.js";
import { readSigns } from "../judge/signs.js";
import type { DimensionValues } from "./dimensions.js";
import { findHighest } from "./look-up.js";
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

/** Counts the signs that records show at each value of each dimension and adds them to `totals`, in the dimensions' order. */
export function countSigns(
  { table, judge, verdicts, dimensions }: CountSignsOptions,
  totals: readonly SignTotals[],
): void {
  const signs = listSigns(judge);
  for (const [position, { valuesOf }] of dimensions.entries()) {
    const values = valuesOf(table);
    const { found, held } = (totals[position] as SignTotals).upTo(findHighest(values) + 1);
    addSigns(values, verdicts, signs, found, held);
  }
}

/** The signs of all verdicts in one list, `bit * 2`, one more when the record is held: verdict v has `starts[v] .. starts[v + 1]`. */
interface VerdictSigns {
  readonly starts: Uint32Array;
  readonly signs: Uint8Array;
}

function listSigns({ verdicts }: Judge): VerdictSigns {
  const starts = new Uint32Array(verdicts.length + 1);
  const signs: number[] = [];
  for (const [position, verdict] of verdicts.entries()) {
    const any = { bit: anyRecord, isHeld: verdict.code.set !== "cleaned" };
    for (const { bit, isHeld } of [any, ...readSigns(verdict)]) signs.push(bit * 2 + Number(isHeld));
    starts[position + 1] = signs.length;
  }
  return { starts, signs: Uint8Array.from(signs) };
}

function addSigns(
  values: Uint32Array,
  verdicts: Uint32Array,
  { starts, signs }: VerdictSigns,
  found: Uint32Array,
  held: Uint32Array,
): void {
  for (let record = 0; record < verdicts.length; record++) {
    const first = (values[record] as number) * signPlaces;
    const verdict = verdicts[record] as number;
    const end = starts[verdict + 1] as number;
    for (let at = starts[verdict] as number; at < end; at++) {
      const sign = signs[at] as number;
      const cell = first + (sign >> 1);
      found[cell] = (found[cell] as number) + 1;
      held[cell] = (held[cell] as number) + (sign & 1);
    }
  }
}

/** The signs of a run, or of a part of it, at each value of one dimension, added up in any order. */
export class SignTotals {
  #found = new Uint32Array(signPlaces);
  #held = new Uint32Array(signPlaces);

  /** Values that may have counts are below this. */
  get values(): number {
    return this.#found.length / signPlaces;
  }

  /** The sums themselves, to be added to: `signPlaces` of each of so many values. Valid until the next call. */
  upTo(values: number): { readonly found: Uint32Array; readonly held: Uint32Array } {
    if (values > this.values) this.#grow(values);
    return { found: this.#found, held: this.#held };
  }

  add({ cells, found, held }: SignCounts): void {
    const { found: allFound, held: allHeld } = this.upTo(Math.floor((cells.at(-1) ?? 0) / signPlaces) + 1);
    for (let at = 0; at < cells.length; at++) {
      const cell = cells[at] as number;
      allFound[cell] = (allFound[cell] as number) + (found[at] as number);
      allHeld[cell] = (allHeld[cell] as number) + (held[at] as number);
    }
  }

  /** The cells that hold something. */
  list(): SignCounts {
    const filled: number[] = [];
    for (let cell = 0; cell < this.#found.length; cell++) if (this.#found[cell] !== 0) filled.push(cell);
    const cells = Uint32Array.from(filled);
    return {
      cells,
      found: cells.map((cell) => this.#found[cell] as number),
      held: cells.map((cell) => this.#held[cell] as number),
    };
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
    const size = Math.max(values, Math.ceil(this.values * 1.25)) * signPlaces;
    const [found, held] = [this.#found, this.#held];
    this.#found = new Uint32Array(size);
    this.#found.set(found);
    this.#held = new Uint32Array(size);
    this.#held.set(held);
  }
}
