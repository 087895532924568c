import { lstatSync } from "node:fs";
import { exitCodes, LamsachError } from "../errors.js";
import { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR, withOpenFile } from "./open-file.js";

/** What SQLite puts beside a database; it would follow a link there. */
const companions = ["-journal", "-wal", "-shm"];

/**
 * Makes the empty file of a SQLite database, mode 0600 whatever the umask, unless it is there. Made here and not by
 * SQLite, whose files everybody could read; what SQLite puts beside it takes its mode. A symbolic link, a file with
 * another name besides (a hard link), or no regular file, there or beside it, is a `LamsachError` (exit 4). Errors as
 * the file system's.
 */
export function makeDatabaseFile(file: string): void {
  try {
    withOpenFile(file, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, () => {});
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  // Trap: POSIX drops a process's locks on a file when it closes any handle of it, so a file that is there is only looked at.
  for (const name of [file, ...companions.map((ending) => `${file}${ending}`)]) requireOwnFile(name);
}

/** Throws `LamsachError` (exit 4) unless there is nothing, or a regular file that has no other name. */
export function requireOwnFile(file: string): void {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined || (found.isFile() && found.nlink <= 1)) return;
  const what = found.isSymbolicLink()
    ? "this is a symbolic link"
    : found.isFile()
      ? "this file has another name besides (a hard link)"
      : "this is not a regular file";
  throw new LamsachError(
    exitCodes.environment,
    `${file}: ${what}; expected a file of its own, or nothing. Move it away and run again.`,
  );
}
