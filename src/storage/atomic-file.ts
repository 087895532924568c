import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  type Stats,
  writeSync,
} from "node:fs";
import path from "node:path";
import { exitCodes, explainSystemError, LamsachError } from "../errors.js";
import { killPoint } from "./kill-point.js";
import { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY, withOpenFile } from "./open-file.js";

/**
 * Writes a whole file, mode 0600 unless said and whatever the umask, that is there complete or not at all, also after a
 * power cut. The file it replaces must be a regular file: a symbolic link is refused. Any failure is a `LamsachError`
 * (exit 4) and leaves the old file.
 */
export function writeFileAtomic(file: string, data: string | Uint8Array, mode = 0o600): void {
  const folder = path.dirname(file);
  const temporary = path.join(folder, `.${randomBytes(12).toString("hex")}.part`);
  try {
    refuseSpecialFile(file);
    writeNewFile(temporary, typeof data === "string" ? Buffer.from(data, "utf8") : data, mode);
    killPoint("part-written");
    renameSync(temporary, file);
    killPoint("part-renamed");
  } catch (error) {
    discard(temporary);
    throw explainSystemError(error, file);
  }
  syncDirectory(folder);
}

/**
 * Makes a directory, and its missing parents, for its owner alone (0700) whatever the umask. A directory that is there
 * stays as it is, but others lose the right to write to it unless it is sticky (like /tmp). A symbolic link, a file, or
 * a directory of somebody else that everybody can write to is a `LamsachError` (exit 4). Gives whether others lost it.
 */
export function makePrivateDir(dir: string): boolean {
  const found = lstatOrNull(dir);
  if (found !== null) return keepOthersOut(dir, found);
  const parent = path.dirname(path.resolve(dir));
  if (lstatOrNull(parent) === null) makePrivateDir(parent);
  try {
    mkdirSync(dir, { mode: 0o700 });
    chmodSync(dir, 0o700);
    return false;
  } catch (error) {
    // Two runs may begin together: the other one made it.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw explainSystemError(error, dir);
    return keepOthersOut(dir, lstatSync(dir));
  }
}

/**
 * Removes what killed calls of `writeFileAtomic` left in a folder, which may be missing; nobody else may be writing
 * there. Errors as the file system's.
 */
export function removeParts(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (partName.test(name)) rmSync(path.join(folder, name), { force: true });
  }
}

const partName = /^\.[0-9a-f]{24}\.part$/;
/** Throws `LamsachError` (exit 4) when the path is a symbolic link. */
export function refuseLink(place: string): void {
  if (lstatOrNull(place)?.isSymbolicLink()) throw linkError(place);
}

/** Makes the names in a directory (new files, renames) last through a power cut. */
export function syncDirectory(dir: string): void {
  try {
    withOpenFile(dir, O_RDONLY | O_DIRECTORY, fsyncSync);
  } catch (error) {
    throw explainSystemError(error, dir);
  }
}

function writeNewFile(file: string, data: Uint8Array, mode: number): void {
  withOpenFile(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, (handle) => {
    fchmodSync(handle, mode);
    for (let done = 0; done < data.length; ) done += writeSync(handle, data, done);
    fsyncSync(handle);
  });
}

/** What made the write fail may forbid this too; the first failure is the one to tell. */
function discard(temporary: string): void {
  try {
    rmSync(temporary, { force: true });
  } catch {
    // Its name tells what it is.
  }
}

function refuseSpecialFile(file: string): void {
  refuseLink(file);
  const found = lstatOrNull(file);
  if (found === null || found.isFile()) return;
  throw new LamsachError(
    exitCodes.environment,
    `${file}: this is not a regular file; expected a regular file or nothing. Remove it and run again.`,
  );
}

function linkError(place: string): LamsachError {
  return new LamsachError(
    exitCodes.environment,
    `${place}: this is a symbolic link; expected what is meant itself, or nothing. Remove the link and run again.`,
  );
}

/** Gives whether others could write there until now. */
function keepOthersOut(dir: string, found: Stats): boolean {
  const refuse = (what: string, todo: string): LamsachError =>
    new LamsachError(exitCodes.environment, `${dir}: ${what}; expected a directory of your own. ${todo}`);
  if (found.isSymbolicLink()) throw linkError(dir);
  if (!found.isDirectory()) throw refuse("this is not a directory", "Name another one.");
  const isOpen = (found.mode & 0o022) !== 0 && (found.mode & 0o1000) === 0;
  if (!isOpen) return false;
  const isOwn = found.uid === process.getuid?.();
  // A group may be meant to share the directory of another owner; everybody never is.
  if (!isOwn && (found.mode & 0o002) === 0) return false;
  if (!isOwn) throw refuse("everybody can write to this directory", `Run: chmod o-w ${dir}`);
  chmodSync(dir, found.mode & 0o7755);
  return true;
}

function lstatOrNull(file: string): Stats | null {
  return lstatSync(file, { throwIfNoEntry: false }) ?? null;
}
