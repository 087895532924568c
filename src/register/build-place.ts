import { closeSync, existsSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import Database from "better-sqlite3";
import { exitCodes, LamsachError } from "../errors.js";
import { openRegisterFile, readMeta, readRegisterHeader } from "./register-file.js";

/**
 * Owner of the place where a register is built: a lock beside `out`, and a building file that becomes `out` only when
 * it is whole and on the disk. A killed build leaves `out` as it was; the next one clears its building file away.
 */
export class BuildPlace {
  readonly directory: string;
  readonly buildingPath: string;
  readonly #out: string;
  readonly #lock: Database.Database;

  /** Throws LamsachError: 5 when another build holds the lock, 2 when `out` is something else, 4 when it cannot be written. */
  constructor(out: string) {
    this.#out = out;
    this.directory = dirname(out);
    this.buildingPath = join(this.directory, `.${basename(out)}.building`);
    if (!existsSync(this.directory)) {
      throw new LamsachError(
        exitCodes.environment,
        `${basename(out)}: its folder does not exist; expected a folder that can be written. Make it, or change --out.`,
      );
    }
    const kind = lstatSync(out, { throwIfNoEntry: false });
    if (kind !== undefined && !kind.isFile()) {
      throw new LamsachError(
        exitCodes.usage,
        `${basename(out)}: this is a folder or a link; expected a register file, or nothing yet. Change --out.`,
      );
    }
    this.#lock = takeLock(join(this.directory, `.${basename(out)}.lock`), basename(out));
    rmSync(this.buildingPath, { force: true });
    closeSync(openSync(this.buildingPath, "wx", 0o600));
  }

  /** Makes the finished building file durable and puts it in the place of `out`. */
  publish(): void {
    syncPath(this.buildingPath, "r+");
    renameSync(this.buildingPath, this.#out);
    syncPath(this.directory, "r");
  }

  /** Gives the place up; what was not published is gone. */
  close(): void {
    rmSync(this.buildingPath, { force: true });
    this.#lock.close();
  }
}

/** An exclusive SQLite transaction on a file of its own: the system frees it even when the process is killed. */
function takeLock(path: string, name: string): Database.Database {
  closeSync(openSync(path, "a", 0o600));
  const lock = new Database(path, { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock.close();
    if ((error as { code?: unknown }).code !== "SQLITE_BUSY") throw error;
    throw new LamsachError(
      exitCodes.locked,
      `${name}: another build of this register is running; expected to be the only one. Wait for it to end.`,
    );
  }
}

function syncPath(path: string, flags: string): void {
  const file = openSync(path, flags);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * People in the last good register at `out`; null when there is none, or when it is a damaged or outdated one, which a
 * build may replace. Throws LamsachError 2 when the file is no register at all: it is somebody's.
 */
export function readLastPeople(out: string): number | null {
  if (!existsSync(out) || statSync(out).size === 0) return null;
  if (!readRegisterHeader(out).isRegister) {
    throw new LamsachError(
      exitCodes.usage,
      `${basename(out)}: this file is no register; expected a register, or nothing yet. Change --out, or force the build.`,
    );
  }
  try {
    const database = openRegisterFile(out);
    try {
      return readMeta(database, out).info.people;
    } finally {
      database.close();
    }
  } catch {
    return null;
  }
}
