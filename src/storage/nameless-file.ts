import { randomBytes } from "node:crypto";
import { constants, openSync, readSync, unlinkSync, writeSync, writevSync } from "node:fs";
import { join } from "node:path";

/** Opens a temporary file that has no name while it is in use, so nothing personal is left when the process dies; all threads may use its descriptor. */
export function openNamelessFile(directory: string): number {
  const path = join(directory, `.register-${randomBytes(8).toString("hex")}.spool`);
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  unlinkSync(path);
  return file;
}

/** Writes all of `bytes[0, length)` at `offset`. */
export function writeFully(file: number, bytes: Uint8Array, length: number, offset: number): void {
  for (let done = 0; done < length; ) done += writeSync(file, bytes, done, length - done, offset + done);
}

/** Writes all parts, one after the other, from `offset` on. */
export function writePartsFully(file: number, parts: readonly Uint8Array[], offset: number): void {
  let rest = parts.filter((part) => part.length > 0);
  let at = offset;
  while (rest.length > 0) {
    let written = writevSync(file, rest, at);
    at += written;
    const whole = rest.findIndex((part) => {
      if (written < part.length) return true;
      written -= part.length;
      return false;
    });
    rest = whole < 0 ? [] : [(rest[whole] as Uint8Array).subarray(written), ...rest.slice(whole + 1)];
  }
}

/** Fills `into[at, at + length)` from `offset` of the file; fewer bytes only at the file's end. Gives the bytes read. */
export function readFully(
  file: number,
  into: Uint8Array,
  at: number,
  length: number,
  offset: number,
): number {
  let done = 0;
  while (done < length) {
    const read = readSync(file, into, at + done, length - done, offset + done);
    if (read === 0) break;
    done += read;
  }
  return done;
}
