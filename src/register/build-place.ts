import { closeSync, existsSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import Database from "better-sqlite3";
import { exitCodes, LamsachError } from "../errors.js";
import type { FileKey } from "../storage/file-key.js";
import { killPoint } from "../storage/kill-point.js";
import type { MemoryFolder } from "../storage/memory-folder.js";
import { O_RDONLY, O_RDWR, withOpenFile } from "../storage/open-file.js";
import { makeDatabaseFile } from "../storage/own-file.js";
import { sealFile } from "../storage/sealed-copy.js";
import { openRegisterFile, readMeta, readRegisterHeader } from "./register-file.js";
import { type RegisterSeal, revealRegister } from "./sealed-register.js";

/** Key of a register that is to be sealed, and the folder in memory where it is built. */
export interface BuildSeal {
  readonly key: FileKey;
  readonly memory: Pick<MemoryFolder, "path">;
}

/**
 * Owner of the place where a register is built: a lock beside `out`, and a building file that becomes `out` only when
 * it is whole and on the disk. A killed build leaves `out` as it was; the next one clears its building file away.
 */
export class BuildPlace {
  /** Folder of spools. */
  readonly directory: string;
  readonly buildingPath: string;
  readonly #out: string;
  readonly #seal: BuildSeal | null;
  readonly #lock: Database.Database;

  /** Throws LamsachError: 5 when another build holds the lock, 2 when `out` is something else, 4 when it cannot be written. */
  constructor(out: string, seal: BuildSeal | null) {
    this.#out = out;
    this.#seal = seal;
    const folder = dirname(out);
    this.directory = seal === null ? folder : seal.memory.path;
    this.buildingPath = join(this.directory, `.${basename(out)}.building`);
    if (!existsSync(folder)) {
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
    this.#lock = takeLock(join(folder, `.${basename(out)}.lock`), basename(out));
    rmSync(this.buildingPath, { force: true });
    closeSync(openSync(this.buildingPath, "wx", 0o600));
    killPoint("register-building-made");
  }

  /** Makes the finished building file durable, sealed if it is to be, and puts it in the place of `out`. */
  publish(): void {
    if (this.#seal !== null) {
      sealFile(this.buildingPath, this.#seal.key, this.#out);
      return;
    }
    syncPath(this.buildingPath, O_RDWR);
    killPoint("register-synced");
    renameSync(this.buildingPath, this.#out);
    killPoint("register-renamed");
    syncPath(this.directory, O_RDONLY);
    killPoint("register-published");
  }

  /** Gives the place up; what was not published is gone. */
  close(): void {
    rmSync(this.buildingPath, { force: true });
    this.#lock.close();
  }
}

/** A write transaction of SQLite on a file of its own: the system frees it even when the process is killed. */
function takeLock(path: string, name: string): Database.Database {
  makeDatabaseFile(path);
  const lock = new Database(path, { timeout: 0 });
  try {
    // Not EXCLUSIVE, which fails while another process looks: of two that begin at once neither would get it.
    lock.exec("BEGIN IMMEDIATE");
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

function syncPath(path: string, flags: number): void {
  withOpenFile(path, flags, fsyncSync);
}

/**
 * People in the last good register at `out`; null when there is none, or when it is a damaged or outdated one, which a
 * build may replace. Throws LamsachError 2 when the file is no register at all: it is somebody's; otherwise as
 * `revealRegister`.
 */
export function readLastPeople(out: string, seal: RegisterSeal): number | null {
  if (!existsSync(out) || statSync(out).size === 0) return null;
  const readPath = revealRegister(out, seal);
  if (!readRegisterHeader(readPath).isRegister) {
    throw new LamsachError(
      exitCodes.usage,
      `${basename(out)}: this file is no register; expected a register, or nothing yet. Change --out, or force the build.`,
    );
  }
  try {
    const database = openRegisterFile(readPath);
    try {
      return readMeta(database, readPath).info.people;
    } finally {
      database.close();
    }
  } catch {
    return null;
  }
}
