import type Database from "better-sqlite3";
import { z } from "zod";
import { exitCodes, LamsachError } from "../errors.js";
import { ledgerError, openLedgerFile, withLedgerErrors } from "./ledger-file.js";
import { rowHash } from "./row-hash.js";

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
  /** Runs of other series are not held against it (`nameSeries`). Null: not known, so it may be of any. */
  readonly series: string | null;
  /** ISO 8601 in UTC; of the latest start. */
  readonly startedAt: string;
  /** Of the first start: what a resumed run may know of others does not depend on when it was resumed. */
  readonly firstStartedAt: string;
  /** How often it was started: more than 1 when it was resumed. */
  readonly starts: number;
  readonly state: RunState;
  /** Empty until it is finished. */
  readonly counts: Readonly<Record<string, number>>;
  /** What later runs are held against: `RunMeasures`. Empty until it is finished. */
  readonly measures: Readonly<Record<string, number | null>>;
  readonly exitCode: number | null;
  readonly finishedAt: string | null;
}

export type RunStart = Pick<LedgerRun, "id" | "pipeline" | "asOf" | "identity" | "series" | "startedAt">;

export interface RunFinish {
  readonly state: Exclude<RunState, "running">;
  readonly counts: Readonly<Record<string, number>>;
  readonly measures?: Readonly<Record<string, number | null>>;
  /** Null when nobody saw it end. */
  readonly exitCode: number | null;
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
  /** The run of a pipeline and series, other than `exceptId`, that was published last. */
  findLastPublished(pipeline: string, series: string, exceptId: string): LedgerRun | null;
  /** Runs of the pipeline and series of `id` that were published before its first start: the last `limit`, oldest first. */
  listPublishedBefore(id: string, limit: number): readonly LedgerRun[];
  /** Removes a run's row and what the file's free pages and its -wal hold of it; nothing when it is not there. */
  forgetRun(id: string): void;
  close(): void;
}

/** Opens the ledger whose file is `file`; made, checked and refused as by `openLedgerFile`. */
export function openLedger(file: string): Ledger {
  const database = openLedgerFile(file);
  const run = <Result>(action: () => Result): Result => withLedgerErrors(file, action);
  return {
    startRun: (start) => run(() => startRun(database, start)),
    finishRun: (id, finish) => run(() => finishRun(database, file, id, finish)),
    listRuns: () =>
      run(() => database.prepare(`${selectRuns} ORDER BY started_at DESC, id`).all().map(toRun)),
    findRun: (id) => run(() => findRun(database, id)),
    findLastPublished: (pipeline, series, exceptId) =>
      run(() => {
        const row = database
          .prepare(
            `${selectRuns} WHERE pipeline = ? AND (series IS NULL OR series = ?) AND id <> ?
             AND state = 'published' ORDER BY finished_at DESC, id DESC LIMIT 1`,
          )
          .get(pipeline, series, exceptId);
        return row === undefined ? null : toRun(row);
      }),
    listPublishedBefore: (id, limit) => run(() => listPublishedBefore(database, id, limit)),
    forgetRun: (id) => {
      run(() => forgetRun(database, file, id));
    },
    close: () => {
      database.close();
    },
  };
}

function startRun(
  database: Database.Database,
  { id, pipeline, asOf, identity, series, startedAt }: RunStart,
): void {
  changeRun(database, id, () =>
    database
      .prepare(
        `INSERT INTO runs (id, pipeline, as_of, identity, series, first_started_at, started_at, state)
           VALUES (?, ?, ?, ?, ?, ?, ?, 'running')
         ON CONFLICT (id) DO UPDATE SET started_at = excluded.started_at, starts = starts + 1, state = 'running',
           series = excluded.series, counts = '{}', measures = '{}', exit_code = NULL, finished_at = NULL`,
      )
      .run(id, pipeline, asOf, JSON.stringify(identity), series, startedAt, startedAt),
  );
}

/** Changes a run's row with its hash, both or neither; a row that is damaged is left so, or its new hash would hide that. */
function changeRun<Result>(database: Database.Database, id: string, change: () => Result): Result {
  const changeRow = database.transaction(() => {
    findRun(database, id);
    const result = change();
    database.prepare(`UPDATE runs SET sha256 = ${rowHash} WHERE id = ?`).run(id);
    return result;
  });
  return changeRow.immediate();
}

function findRun(database: Database.Database, id: string): LedgerRun | null {
  const row = database.prepare(`${selectRuns} WHERE id = ?`).get(id);
  return row === undefined ? null : toRun(row);
}

function listPublishedBefore(database: Database.Database, id: string, limit: number): LedgerRun[] {
  return database
    .prepare(
      `${selectRuns} JOIN (SELECT pipeline AS same_pipeline, series AS same_series, first_started_at AS first_start
           FROM runs WHERE id = ?)
         ON pipeline = same_pipeline AND (series IS NULL OR series IS same_series) AND finished_at <= first_start
       WHERE id <> ? AND state = 'published' ORDER BY finished_at DESC, id DESC LIMIT ?`,
    )
    .all(id, id, limit)
    .map(toRun)
    .reverse();
}

function finishRun(database: Database.Database, file: string, id: string, finish: RunFinish): void {
  const { changes } = changeRun(database, id, () =>
    database
      .prepare(
        "UPDATE runs SET state = ?, counts = ?, measures = ?, exit_code = ?, finished_at = ? WHERE id = ?",
      )
      .run(
        finish.state,
        JSON.stringify(finish.counts),
        JSON.stringify(finish.measures ?? {}),
        finish.exitCode,
        finish.finishedAt,
        id,
      ),
  );
  if (changes !== 1) throw ledgerError(file, `the run ${id} was never started here`, "Run it again.");
}

function forgetRun(database: Database.Database, file: string, id: string): void {
  database.pragma("secure_delete = ON");
  database.prepare("DELETE FROM runs WHERE id = ?").run(id);
  database.exec("VACUUM");
  const [outcome] = database.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
  if (outcome?.busy !== 0) {
    throw new LamsachError(
      exitCodes.environment,
      `${file}: somebody reads the ledger, whose journal still holds the run; expected nobody. Run the same command again.`,
    );
  }
}

const selectRuns = `SELECT id, pipeline, as_of, identity, series, started_at, first_started_at, starts, state, counts, measures,
   exit_code, finished_at, sha256 IS ${rowHash} AS is_whole FROM runs`;

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "no JSON" });
    return z.NEVER;
  }
});

const rowSchema = z.strictObject({
  // It names folders.
  id: z.string().regex(/^[\w-]+$/),
  pipeline: z.string(),
  as_of: z.string(),
  identity: json.pipe(z.record(z.string(), z.unknown())),
  series: z.string().nullable(),
  started_at: z.string(),
  first_started_at: z.string(),
  starts: z.int(),
  state: z.enum(runStates),
  counts: json.pipe(z.record(z.string(), z.number())),
  measures: json.pipe(z.record(z.string(), z.number().nullable())),
  exit_code: z.int().nullable(),
  finished_at: z.string().nullable(),
  is_whole: z.literal(1),
});

function toRun(row: unknown): LedgerRun {
  const { as_of, started_at, first_started_at, exit_code, finished_at, is_whole, ...same } =
    rowSchema.parse(row);
  return {
    ...same,
    asOf: as_of,
    startedAt: started_at,
    firstStartedAt: first_started_at,
    exitCode: exit_code,
    finishedAt: finished_at,
  };
}
