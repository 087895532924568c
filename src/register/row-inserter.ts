import type Database from "better-sqlite3";

const rowsPerStatement = 32;

/** What SQLite stores in one column of a row. */
type ColumnValue = number | Buffer;

/** Inserts rows of one table in the order they come, many with one statement: that halves what a small row costs. */
export class RowInserter {
  readonly #one: Database.Statement;
  readonly #many: Database.Statement;
  readonly #width: number;
  #values: ColumnValue[] = [];

  /** `table` exists and has `width` columns. */
  constructor(database: Database.Database, table: string, width: number) {
    const row = `(${Array(width).fill("?").join()})`;
    this.#width = width;
    this.#one = database.prepare(`INSERT INTO ${table} VALUES ${row}`);
    this.#many = database.prepare(`INSERT INTO ${table} VALUES ${Array(rowsPerStatement).fill(row).join()}`);
  }

  /** Takes a row; its buffers are read when the statement runs. */
  add(...row: readonly ColumnValue[]): void {
    for (const value of row) this.#values.push(value);
    if (this.#values.length < rowsPerStatement * this.#width) return;
    this.#many.run(this.#values);
    this.#values.length = 0;
  }

  /** Inserts the rows that still wait. */
  finish(): void {
    for (let at = 0; at < this.#values.length; at += this.#width) {
      this.#one.run(this.#values.slice(at, at + this.#width));
    }
    this.#values.length = 0;
  }
}
