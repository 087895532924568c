import { closeSync, constants, lstatSync, openSync } from "node:fs";
import Database from "better-sqlite3";
import { z } from "zod";
import { exitCodes, LamsachError } from "../errors.js";

/** The ledger's file in an output folder. */
export const ledgerFileName = "ledger.db";

export const runStates = ["running", "published", "withheld", "failed", "stopped"] as const;
export type RunState = (typeof runStates)[number];

/** One run as the ledger has it; no part of it comes from a record. */
export interface LedgerRun {
  readonly id: string;
  readonly pipeline: string;
  /** `yyyy-mm-dd` */
  readonly asOf: string;
  /** What the run's id follows from. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** ISO 8601 in UTC; of the latest start. */
  readonly startedAt: string;
  /** How often it was started: more than 1 when it was resumed. */
  readonly starts: number;
  readonly state: RunState;
  /** Empty until it is finished. */
  readonly counts: Readonly<Record<string, number>>;
  readonly exitCode: number | null;
  readonly finishedAt: string | null;
}

export type RunStart = Pick<LedgerRun, "id" | "pipeline" | "asOf" | "identity" | "startedAt">;

export interface RunFinish {
  readonly state: Exclude<RunState, "running">;
  readonly counts: Readonly<Record<string, number>>;
  readonly exitCode: number;
  /** ISO 8601 in UTC. */
  readonly finishedAt: string;
}

/** The history of runs in one output folder; durable when a call returns. */
export interface Ledger {
  /** Notes a start; a run that is there already is started once more and loses its end. */
  startRun(start: RunStart): void;
  /** Notes an end; the run must have been started. */
  finishRun(id: string, finish: RunFinish): void;
  /** Newest start first. */
  listRuns(): readonly LedgerRun[];
  findRun(id: string): LedgerRun | null;
  /** Reads the whole file; a damaged one is a `LamsachError` (exit 4). */
  checkIntegrity(): void;
  close(): void;
}

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
];

const applicationId = 0x6c6d7363; // "lmsc"
const busyTimeoutMs = 5000;

/**
 * Opens the ledger, made (mode 0600) or migrated when need be. A file that is damaged, of another program or of a newer
 * lamsach is a `LamsachError` (exit 4) and stays as it is.
 */
export function openLedger(file: string): Ledger {
  const database = guard(file, () => openDatabase(file));
  try {
    guard(file, () => prepareDatabase(file, database));
  } catch (error) {
    database.close();
    throw error;
  }
  const run = <Result>(action: () => Result): Result => guard(file, action);
  return {
    startRun: (start) => run(() => startRun(database, start)),
    finishRun: (id, finish) => run(() => finishRun(database, file, id, finish)),
    listRuns: () =>
      run(() => database.prepare(`${selectRuns} ORDER BY started_at DESC, id`).all().map(toRun)),
    findRun: (id) =>
      run(() => {
        const row = database.prepare(`${selectRuns} WHERE id = ?`).get(id);
        return row === undefined ? null : toRun(row);
      }),
    checkIntegrity: () => {
      run(() => checkIntegrity(file, database));
    },
    close: () => {
      database.close();
    },
  };
}

function checkIntegrity(file: string, database: Database.Database): void {
  const found = database.pragma("integrity_check(1)", { simple: true });
  if (found !== "ok") throw ledgerError(file, "pages of the ledger are damaged", rebuildHint);
}

function openDatabase(file: string): Database.Database {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } = constants;
  try {
    // Made here and not by SQLite, whose files everybody could read; -wal and -shm take the mode of this one.
    closeSync(openSync(file, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    if (!lstatSync(file).isFile()) throw ledgerError(file, "this is not a regular file", "Move it away.");
  }
  return new Database(file, { timeout: busyTimeoutMs });
}

function prepareDatabase(file: string, database: Database.Database): void {
  const tables = database.prepare("SELECT count(*) FROM sqlite_schema").pluck().get() as number;
  if (tables > 0 && database.pragma("application_id", { simple: true }) !== applicationId) {
    throw ledgerError(file, "this is a database of another program", "Choose another --out.");
  }
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
}

function startRun(database: Database.Database, { id, pipeline, asOf, identity, startedAt }: RunStart): void {
  database
    .prepare(
      `INSERT INTO runs (id, pipeline, as_of, identity, started_at, state) VALUES (?, ?, ?, ?, ?, 'running')
       ON CONFLICT (id) DO UPDATE SET started_at = excluded.started_at, starts = starts + 1, state = 'running',
         counts = '{}', exit_code = NULL, finished_at = NULL`,
    )
    .run(id, pipeline, asOf, JSON.stringify(identity), startedAt);
}

function finishRun(database: Database.Database, file: string, id: string, finish: RunFinish): void {
  const { changes } = database
    .prepare("UPDATE runs SET state = ?, counts = ?, exit_code = ?, finished_at = ? WHERE id = ?")
    .run(finish.state, JSON.stringify(finish.counts), finish.exitCode, finish.finishedAt, id);
  if (changes !== 1) throw ledgerError(file, `the run ${id} was never started here`, "Run it again.");
}

const selectRuns =
  "SELECT id, pipeline, as_of, identity, started_at, starts, state, counts, exit_code, finished_at FROM runs";

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "no JSON" });
    return z.NEVER;
  }
});

const rowSchema = z.strictObject({
  id: z.string(),
  pipeline: z.string(),
  as_of: z.string(),
  identity: json.pipe(z.record(z.string(), z.unknown())),
  started_at: z.string(),
  starts: z.int(),
  state: z.enum(runStates),
  counts: json.pipe(z.record(z.string(), z.number())),
  exit_code: z.int().nullable(),
  finished_at: z.string().nullable(),
});

function toRun(row: unknown): LedgerRun {
  const { as_of, started_at, exit_code, finished_at, ...same } = rowSchema.parse(row);
  return { ...same, asOf: as_of, startedAt: started_at, exitCode: exit_code, finishedAt: finished_at };
}

/** Lets no message of SQLite or zod out: they quote values. */
function guard<Result>(file: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof LamsachError) throw error;
    if (error instanceof z.ZodError) throw ledgerError(file, "a row of the ledger is damaged", rebuildHint);
    const code = (error as { code?: unknown }).code;
    if (typeof code !== "string") throw error;
    throw ledgerError(file, `the ledger cannot be used (${code})`, rebuildHint);
  }
}

const rebuildHint =
  "See `lamsach doctor`; a damaged ledger may be moved away, the runs themselves do not need it.";

function ledgerError(file: string, what: string, todo: string): LamsachError {
  return new LamsachError(exitCodes.environment, `${file}: ${what}; expected a ledger of lamsach. ${todo}`);
}
