import { randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  writeSync,
} from "node:fs";
import path from "node:path";
import { exitCodes, LamsachError } from "../errors.js";

/**
 * Writes a whole file, mode 0600, that is there complete or not at all, also after a power cut. The file it replaces
 * must be a regular file: a symbolic link is refused. Any failure is a `LamsachError` (exit 4) and leaves the old file.
 */
export function writeFileAtomic(file: string, data: string | Uint8Array): void {
  const folder = path.dirname(file);
  const temporary = path.join(folder, `.${randomBytes(12).toString("hex")}.part`);
  try {
    refuseSpecialFile(file);
    writeNewFile(temporary, typeof data === "string" ? Buffer.from(data, "utf8") : data);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw environmentError(file, "written", error);
  }
  syncDirectory(folder);
}

/**
 * Makes a directory, and its missing parents, for its owner alone (0700) whatever the umask. A directory that is there
 * stays as it is, but others lose the right to write to it unless it is sticky (like /tmp). A symbolic link, a file, or
 * a directory of somebody else that everybody can write to is a `LamsachError` (exit 4).
 */
export function makePrivateDir(dir: string): void {
  const found = lstatOrNull(dir);
  if (found !== null) {
    keepOthersOut(dir, found);
    return;
  }
  const parent = path.dirname(path.resolve(dir));
  if (lstatOrNull(parent) === null) makePrivateDir(parent);
  try {
    mkdirSync(dir, { mode: 0o700 });
    chmodSync(dir, 0o700);
  } catch (error) {
    // Two runs may begin together: the other one made it.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw environmentError(dir, "made", error);
    keepOthersOut(dir, lstatSync(dir));
  }
}

/** Makes the names in a directory (new files, renames) last through a power cut. */
export function syncDirectory(dir: string): void {
  try {
    const handle = openSync(dir, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw environmentError(dir, "synced", error);
  }
}

function writeNewFile(file: string, data: Uint8Array): void {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  const handle = openSync(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    for (let done = 0; done < data.length; ) done += writeSync(handle, data, done);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function refuseSpecialFile(file: string): void {
  const found = lstatOrNull(file);
  if (found === null || found.isFile()) return;
  const what = found.isSymbolicLink() ? "this is a symbolic link" : "this is not a regular file";
  throw new LamsachError(
    exitCodes.environment,
    `${file}: ${what}; expected a regular file or nothing. Remove it and run again.`,
  );
}

function keepOthersOut(dir: string, found: Stats): void {
  const refuse = (what: string, todo: string): LamsachError =>
    new LamsachError(exitCodes.environment, `${dir}: ${what}; expected a directory of your own. ${todo}`);
  if (found.isSymbolicLink()) throw refuse("this is a symbolic link", "Name the directory itself.");
  if (!found.isDirectory()) throw refuse("this is not a directory", "Name another one.");
  const isOpen = (found.mode & 0o022) !== 0 && (found.mode & 0o1000) === 0;
  if (!isOpen) return;
  const isOwn = found.uid === process.getuid?.();
  // A group may be meant to share the directory of another owner; everybody never is.
  if (!isOwn && (found.mode & 0o002) === 0) return;
  if (!isOwn) throw refuse("everybody can write to this directory", `Run: chmod o-w ${dir}`);
  chmodSync(dir, found.mode & 0o7755);
}

function lstatOrNull(file: string): Stats | null {
  return lstatSync(file, { throwIfNoEntry: false }) ?? null;
}

/** Names the path and the system's code only: the message of a system error can hold other paths. */
function environmentError(file: string, done: string, error: unknown): LamsachError {
  if (error instanceof LamsachError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
  return new LamsachError(
    exitCodes.environment,
    `${file}: this cannot be ${done} (${code}); expected a writable place with free space. See \`lamsach doctor\`.`,
  );
}
