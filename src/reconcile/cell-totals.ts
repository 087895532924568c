import { codeCatalogue } from "../judge/code-catalogue.js";
import type { Unit } from "../report/dimension-table.js";

/** Doses and people by cell, cells in ascending order; a cell is `value * codes + position of the code in the catalogue`. */
export interface CellCounts {
  readonly cells: Uint32Array;
  readonly doses: Uint32Array;
  readonly people: Uint32Array;
}

/** Cells of one value. */
export const codes = codeCatalogue.length;

/** Sums by cell: as many as the highest cell needs. */
export class CellTotals {
  #counts = new Uint32Array(2 * codes);

  /** The sums themselves, to be added to: doses and, after them, people of each cell of so many values. Valid until the next call. */
  upTo(values: number): Uint32Array {
    const length = 2 * codes * values;
    if (length > this.#counts.length) {
      const counts = this.#counts;
      this.#counts = new Uint32Array(Math.max(Math.ceil(counts.length * 1.25), length));
      this.#counts.set(counts);
    }
    return this.#counts;
  }

  add({ cells, doses, people }: CellCounts): void {
    const counts = this.upTo(Math.floor((cells.at(-1) ?? 0) / codes) + 1);
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

  /** The cells that hold something. A person is counted where a dose of theirs is. */
  list(): CellCounts {
    const counts = this.#counts;
    let filled = 0;
    for (let at = 0; at < counts.length; at += 2) if (counts[at] !== 0) filled++;
    const cells = new Uint32Array(filled);
    const doses = new Uint32Array(filled);
    const people = new Uint32Array(filled);
    let next = 0;
    for (let at = 0; at < counts.length; at += 2) {
      if (counts[at] === 0) continue;
      cells[next] = at / 2;
      doses[next] = counts[at] as number;
      people[next++] = counts[at + 1] as number;
    }
    return { cells, doses, people };
  }
}
