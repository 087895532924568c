import Database from "better-sqlite3";
import { z } from "zod";
import { exitCodes, explainSystemError, LamsachError } from "../errors.js";
import { killPoint } from "../storage/kill-point.js";
import { makeDatabaseFile } from "../storage/own-file.js";
import { addRowHash, rowHash } from "./row-hash.js";

/** The ledger's file in an output folder. */
export const ledgerFileName = "ledger.db";

/** A ledger that holds other bytes than lamsach wrote: it stays as it is, until somebody has it made anew. */
export class LedgerDamage extends LamsachError {}

/** Append only: a ledger that was written once must open for ever. `user_version` counts those applied. */
const migrations: readonly string[] = [
  `CREATE TABLE runs (
     id TEXT PRIMARY KEY,
     pipeline TEXT NOT NULL,
     as_of TEXT NOT NULL,
     identity TEXT NOT NULL CHECK (json_valid(identity)),
     started_at TEXT NOT NULL,
     starts INTEGER NOT NULL DEFAULT 1,
     state TEXT NOT NULL CHECK (state IN ('running', 'published', 'withheld', 'failed', 'stopped')),
     counts TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(counts)),
     exit_code INTEGER,
     finished_at TEXT
   ) STRICT`,
  "ALTER TABLE runs ADD COLUMN measures TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(measures))",
  `ALTER TABLE runs ADD COLUMN series TEXT;
   ALTER TABLE runs ADD COLUMN first_started_at TEXT NOT NULL DEFAULT '';
   UPDATE runs SET first_started_at = started_at`,
  `ALTER TABLE runs ADD COLUMN sha256 TEXT NOT NULL DEFAULT '';
   UPDATE runs SET sha256 = ${rowHash}`,
];

const applicationId = 0x6c6d7363; // "lmsc"
const busyTimeoutMs = 5000;

/**
 * Opens the ledger's file, made (mode 0600) or migrated when need be, and looks at every page and row. A file that is
 * damaged, of another program or of a newer lamsach is a `LamsachError` (exit 4) and stays as it is.
 */
export function openLedgerFile(file: string): Database.Database {
  const database = withLedgerErrors(file, () => openDatabase(file));
  try {
    withLedgerErrors(file, () => prepareDatabase(file, database));
    killPoint("ledger-ready");
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function openDatabase(file: string): Database.Database {
  makeDatabaseFile(file);
  killPoint("ledger-file-made");
  const database = new Database(file, { timeout: busyTimeoutMs });
  addRowHash(database);
  return database;
}

function prepareDatabase(file: string, database: Database.Database): void {
  const tables = database.prepare("SELECT count(*) FROM sqlite_schema").pluck().get() as number;
  if (tables > 0 && database.pragma("application_id", { simple: true }) !== applicationId) {
    throw ledgerError(file, "this is a database of another program", "Choose another --out.");
  }
  // A ledger is small: a look at all of it costs milliseconds, a night on half a history more.
  const pages = database.pragma("integrity_check(1)", { simple: true });
  if (pages !== "ok") throw damage(file, "pages of the ledger are damaged");
  database.pragma("trusted_schema = OFF");
  database.pragma("foreign_keys = ON");
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  const migrate = database.transaction(() => {
    const version = database.pragma("user_version", { simple: true }) as number;
    if (version > migrations.length) {
      throw ledgerError(
        file,
        "a newer lamsach wrote this ledger",
        "Use that version, or choose another --out.",
      );
    }
    for (const statement of migrations.slice(version)) database.exec(statement);
    if (version === migrations.length) return;
    database.pragma(`application_id = ${applicationId}`);
    database.pragma(`user_version = ${migrations.length}`);
  });
  // Two first openings at once: the second waits and finds the work done.
  migrate.immediate();
  // All of them: what is asked for by its pipeline is not found when a bit of the pipeline's name has flipped.
  const damaged = database.prepare(`SELECT 1 FROM runs WHERE sha256 IS NOT ${rowHash} LIMIT 1`).get();
  if (damaged !== undefined) throw damage(file, "a row of the ledger is damaged");
}

/** Lets no message of SQLite or zod out: they quote values. */
export function withLedgerErrors<Result>(file: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof LamsachError) throw error;
    if (error instanceof z.ZodError) throw damage(file, "a row of the ledger is damaged");
    const explained = explainSystemError(error, file);
    if (explained instanceof LamsachError) throw explained;
    const code = (error as { code?: unknown }).code;
    if (typeof code !== "string") throw error;
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) throw damage(file, `the ledger is damaged (${code})`);
    throw ledgerError(file, `the ledger cannot be used (${code})`, "See `lamsach doctor`.");
  }
}

function damage(file: string, what: string): LedgerDamage {
  return new LedgerDamage(
    exitCodes.environment,
    `${file}: ${what}; expected a ledger of lamsach. \`lamsach doctor --rebuild-ledger\` makes it anew from the runs, and keeps this one.`,
  );
}

/** What is wrong with the ledger's file, and what to do (exit 4). */
export function ledgerError(file: string, what: string, todo: string): LamsachError {
  return new LamsachError(exitCodes.environment, `${file}: ${what}; expected a ledger of lamsach. ${todo}`);
}
