import type { Batch } from "../ingest/scanner.js";
import { Cell } from "./cell.js";

/** Some cells of a row side by side as one byte text, to be looked up at once. */
export class CellKey {
  readonly #cells: readonly Cell[];
  #bytes = new Uint8Array(256);

  constructor(count: number) {
    this.#cells = Array.from({ length: count }, () => new Cell());
  }

  /** The cells joined by a byte that no text holds; valid until the next call. */
  join(batch: Batch, row: number, columns: readonly number[]): { bytes: Uint8Array; length: number } {
    let length = 0;
    for (const [position, cell] of this.#cells.entries()) {
      cell.moveTo(batch, row, columns[position] as number);
      const needed = length + cell.length + 1;
      if (needed > this.#bytes.length) {
        const grown = new Uint8Array(needed * 2);
        grown.set(this.#bytes);
        this.#bytes = grown;
      }
      for (let at = cell.start; at < cell.end; at++) this.#bytes[length++] = cell.bytes[at] as number;
      this.#bytes[length++] = 0xff;
    }
    return { bytes: this.#bytes, length };
  }
}
