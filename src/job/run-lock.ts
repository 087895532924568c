import { lstatSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import Database from "better-sqlite3";
import type { Effects } from "../effects.js";
import { exitCodes, explainSystemError, LamsachError } from "../errors.js";
import { writeFileAtomic } from "../storage/atomic-file.js";
import { killPoint } from "../storage/kill-point.js";
import { makeDatabaseFile } from "../storage/own-file.js";

/** The lock's file in an output folder. */
export const lockFileName = "run.lock";

/** The right to be the only run in an output folder until `close`, until nothing refers to it, or until the process dies. */
export interface RunLock {
  close(): void;
}

/**
 * Takes the lock whose file is `file` (made when missing; a local disk only), or fails at once: a `LamsachError` with
 * exit code 5 that names the holder's process id and start time. SQLite's file lock is what holds it, so a holder that
 * was killed leaves nothing behind; the text beside it (`<file>.holder`) only says who it is.
 */
export function acquireRunLock(file: string, effects: Pick<Effects, "now">): RunLock {
  const database = openReserved(file);
  killPoint("lock-taken");
  const holder = holderPath(file);
  try {
    writeFileAtomic(holder, `${process.pid} ${effects.now().toISOString()}\n`);
    killPoint("holder-named");
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    close() {
      if (!database.open) return;
      try {
        rmSync(holder, { force: true });
      } catch {
        // Only a text, which nobody believes once its process is gone.
      }
      killPoint("holder-removed");
      database.close();
    },
  };
}

/** Fails as `acquireRunLock` does when another process holds the lock, and takes nothing: to be asked before long work. */
export function requireFreeLock(file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false })?.isFile()) openReserved(file).close();
}

function openReserved(file: string): Database.Database {
  let database: Database.Database | null = null;
  try {
    makeDatabaseFile(file);
    killPoint("lock-file-made");
    database = new Database(file, { timeout: 0 });
    // Not EXCLUSIVE, which fails while another process looks: of two that begin at once neither would get it.
    database.exec("BEGIN IMMEDIATE");
    return database;
  } catch (error) {
    database?.close();
    const { code = "unknown error" } = error as { code?: string };
    if (code.startsWith("SQLITE_BUSY")) throw busy(file);
    const explained = explainSystemError(error, file);
    throw explained instanceof LamsachError ? explained : unusable(file, code);
  }
}

function busy(file: string): LamsachError {
  return new LamsachError(
    exitCodes.locked,
    `${path.dirname(file)}: another run holds the lock (${describeHolder(file)}); expected one run at a time. ` +
      "Wait for it to end, or choose another --out.",
  );
}

/** The text is a hint: between the lock and the text a killed predecessor may still be named, so its process must live. */
function describeHolder(file: string): string {
  try {
    const [, pid, startedAt] = /^(\d{1,10}) (\S{1,40})\n$/.exec(readFileSync(holderPath(file), "utf8")) ?? [];
    if (pid === undefined) return "just started";
    process.kill(Number(pid), 0);
    return `process ${pid}, started ${startedAt}`;
  } catch {
    return "just started";
  }
}

function unusable(file: string, code: string): LamsachError {
  return new LamsachError(
    exitCodes.environment,
    `${file}: the lock cannot be used (${code}); expected a file of your own on a local disk. See \`lamsach doctor\`.`,
  );
}

function holderPath(file: string): string {
  return `${file}.holder`;
}
