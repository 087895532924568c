import { fieldEnd, fieldStart } from "../ingest/read-field.js";
import type { Batch } from "../ingest/scanner.js";
import { Cell } from "./cell.js";

/** Some cells of a row as one byte text, to be looked up at once. */
export class CellKey {
  readonly #cells: readonly Cell[];
  /** The columns stand side by side in the file: their bytes need no copy. */
  readonly #isRun: boolean;
  #scratch = new Uint8Array(256);
  bytes: Uint8Array = this.#scratch;
  start = 0;
  end = 0;

  constructor(private readonly columns: readonly number[]) {
    this.#cells = columns.map(() => new Cell());
    this.#isRun = columns.every(
      (column, position) => column >= 0 && column === (columns[0] as number) + position,
    );
  }

  /** Moves to a row; `bytes[start, end)` is then its text, the same for the same cells, until the next call. */
  moveTo(batch: Batch, row: number): void {
    if (this.#isRun) {
      this.bytes = batch.bytes;
      this.start = fieldStart(batch, row, this.columns[0] as number);
      this.end = fieldEnd(batch, row, this.columns.at(-1) as number);
      return;
    }
    let length = 0;
    for (const [position, cell] of this.#cells.entries()) {
      cell.moveTo(batch, row, this.columns[position] as number);
      const needed = length + cell.length + 1;
      if (needed > this.#scratch.length) {
        const grown = new Uint8Array(needed * 2);
        grown.set(this.#scratch);
        this.#scratch = grown;
      }
      for (let at = cell.start; at < cell.end; at++) this.#scratch[length++] = cell.bytes[at] as number;
      this.#scratch[length++] = 0xff; // no byte of UTF-8
    }
    this.bytes = this.#scratch;
    this.start = 0;
    this.end = length;
  }
}
