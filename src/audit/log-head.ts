import { existsSync } from "node:fs";
import path from "node:path";
import Database from "better-sqlite3";
import { z } from "zod";
import { exitCodes, explainSystemError, LamsachError } from "../errors.js";
import { makeDatabaseFile } from "../storage/own-file.js";
import type { LogPosition } from "./audit-entry.js";

/** The file that knows where the log ends. */
export const logHeadName = "audit.db";

/** Where the log ends. */
export interface LogHead {
  readonly position: LogPosition;
  /** The line at `position` while it may not be in the log yet; null once it is there for certain. */
  readonly pending: string | null;
}

/** The right to write the log, until `close` or until the process dies. */
export interface HeldLogHead {
  read(): LogHead | null;
  /** Remembers a line before it is written: after a power cut it can be told from one that somebody else wrote. */
  propose(position: LogPosition, line: string): void;
  /** Notes that the line is in the log. */
  confirm(): void;
  close(): void;
}

const applicationId = 0x6c6d6164; // "lmad"
const busyTimeoutMs = 10_000;

/** Waits for the right to write the log in `folder`. Not to be had, or damaged: a `LamsachError` (exit 4). */
export function holdLogHead(folder: string): HeldLogHead {
  const file = path.join(folder, logHeadName);
  return guard(file, () => {
    makeDatabaseFile(file);
    const database = new Database(file, { timeout: busyTimeoutMs });
    try {
      database.pragma("synchronous = EXTRA");
      // Of a purged run nothing is to be left in a free page.
      database.pragma("secure_delete = ON");
      database.exec("BEGIN EXCLUSIVE");
      // Exclusive mode keeps the lock from one commit to the next. Trap: asked for before the lock is had, it keeps the
      // first look's shared lock too, so that two who wait each wait for the other, until one gives up.
      database.pragma("locking_mode = EXCLUSIVE");
      prepare(file, database);
      database.exec("COMMIT");
    } catch (error) {
      database.close();
      throw error;
    }
    return {
      read: () => guard(file, () => readHead(database)),
      propose: ({ sequence, sha256 }, line) => {
        guard(file, () =>
          database.prepare("REPLACE INTO head VALUES (1, ?, ?, ?)").run(sequence, sha256, line),
        );
      },
      confirm: () => {
        guard(file, () => database.prepare("UPDATE head SET pending = NULL").run());
      },
      close: () => {
        database.close();
      },
    };
  });
}

/** Gives `look` the end of the log in `folder` (null: not known) while nobody writes it; makes nothing. */
export function lookAtLogHead<Result>(folder: string, look: (head: LogHead | null) => Result): Result {
  const file = path.join(folder, logHeadName);
  if (!existsSync(file)) return look(null);
  const database = guard(file, () => new Database(file, { timeout: busyTimeoutMs, fileMustExist: true }));
  try {
    return guard(file, () => {
      database.exec("BEGIN");
      // A process that died, or had no room, as it made the file has left it empty.
      if (countTables(database) === 0) return look(null);
      checkOwner(file, database);
      return look(readHead(database));
    });
  } finally {
    database.close();
  }
}

function prepare(file: string, database: Database.Database): void {
  if (countTables(database) > 0) {
    checkOwner(file, database);
    return;
  }
  database.exec(
    `CREATE TABLE head (
       id INTEGER PRIMARY KEY CHECK (id = 1), sequence INTEGER NOT NULL, sha256 TEXT NOT NULL, pending TEXT
     ) STRICT`,
  );
  database.pragma(`application_id = ${applicationId}`);
}

function countTables(database: Database.Database): number {
  return database.prepare("SELECT count(*) FROM sqlite_schema").pluck().get() as number;
}

function checkOwner(file: string, database: Database.Database): void {
  if (database.pragma("application_id", { simple: true }) === applicationId) return;
  throw headError(file, "this is a database of another program");
}

const rowSchema = z.strictObject({ sequence: z.int(), sha256: z.string(), pending: z.string().nullable() });

function readHead(database: Database.Database): LogHead | null {
  const row = database.prepare("SELECT sequence, sha256, pending FROM head").get();
  if (row === undefined) return null;
  const { pending, ...position } = rowSchema.parse(row);
  return { position, pending };
}

/** Lets no message of SQLite or zod out: they quote values. */
function guard<Result>(file: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof LamsachError) throw error;
    if (error instanceof z.ZodError) throw headError(file, "it is damaged");
    const explained = explainSystemError(error, file);
    const code = (error as { code?: unknown }).code;
    if (explained instanceof LamsachError || typeof code !== "string" || !code.startsWith("SQLITE_")) {
      throw explained;
    }
    throw headError(file, `it cannot be used (${code})`);
  }
}

function headError(file: string, what: string): LamsachError {
  return new LamsachError(
    exitCodes.environment,
    `${file}: ${what}; expected the end of the audit log, as lamsach keeps it. Keep the file for whoever looks into it, ` +
      "move it away, and run again: the next entry says that it was missing.",
  );
}
