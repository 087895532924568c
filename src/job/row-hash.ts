import { createHash } from "node:crypto";
import type Database from "better-sqlite3";

/**
 * SQL that gives the hash of a row of the ledger: of all its other columns. SQLite sees a page that is damaged; a bit that flips
 * within a text leaves a sound page, with the name of another pipeline.
 */
export const rowHash =
  "row_sha256(id, pipeline, as_of, identity, series, started_at, first_started_at, starts, state, counts, measures, exit_code, finished_at)";

/** Lets a connection use `rowHash`. */
export function addRowHash(database: Database.Database): void {
  // JSON keeps cells apart, and tells a number from its text and null from both.
  database.function("row_sha256", { varargs: true, deterministic: true }, (...cells: unknown[]) =>
    createHash("sha256").update(JSON.stringify(cells)).digest("hex"),
  );
}
