import { createHash, randomBytes } from "node:crypto";
import { fsyncSync, renameSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { syncDirectory } from "./atomic-file.js";
import type { FileKey } from "./file-key.js";
import { readFully } from "./nameless-file.js";
import { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY, withOpenFile } from "./open-file.js";
import { createSeal, frameBytes, sealEnd, sealFrames } from "./sealed-file.js";
import { readSealed } from "./sealed-reader.js";

/** SHA-256 of a sealed file and, with its bytes, of what it holds. */
export interface SealedHashes {
  readonly sha256: string;
  readonly content: { readonly bytes: number; readonly sha256: string };
}

/** Reads a sealed file to its end and tells both hashes. Errors as `readSealed`. */
export function hashSealedFile(file: string, key: FileKey): SealedHashes {
  return takeContent(file, key, () => {});
}

/** Seals a whole file as `target`, private, durable, there complete or not at all. Errors as the file system's. */
export function sealFile(file: string, key: FileKey, target: string): void {
  const seal = createSeal(key);
  writeWhole(target, (write) => {
    let offset = seal.header.length;
    write(seal.header);
    withOpenFile(file, O_RDONLY, (handle) => {
      const buffer = Buffer.allocUnsafe(16 * frameBytes);
      for (let at = 0; ; at += buffer.length) {
        const content = buffer.subarray(0, readFully(handle, buffer, 0, buffer.length, at));
        const frames = sealFrames(seal, offset, content);
        write(frames);
        offset += frames.length;
        if (content.length < buffer.length) break;
      }
    });
    write(sealEnd(seal, offset));
  });
}

/**
 * Writes what a sealed file holds to `target`, private, once all of it is known to be whole: after any failure there is
 * nothing. A file that is there already is replaced. Errors as `readSealed` and the file system's.
 */
export function unsealFile(file: string, key: FileKey, target: string): SealedHashes {
  return writeWhole(target, (write) => takeContent(file, key, write));
}

function writeWhole<Result>(target: string, produce: (write: (bytes: Uint8Array) => void) => Result): Result {
  const folder = path.dirname(target);
  const part = path.join(folder, `.${randomBytes(12).toString("hex")}.part`);
  try {
    return withOpenFile(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, (handle) => {
      const result = produce((bytes) => {
        for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
      });
      fsyncSync(handle);
      renameSync(part, target);
      syncDirectory(folder);
      return result;
    });
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

function takeContent(file: string, key: FileKey, take: (content: Uint8Array) => void): SealedHashes {
  const sealedHash = createHash("sha256");
  const contentHash = createHash("sha256");
  let bytes = 0;
  for (const { sealed, content } of readSealed(file, key)) {
    sealedHash.update(sealed);
    contentHash.update(content);
    take(content);
    bytes += content.length;
  }
  return {
    sha256: sealedHash.digest("hex"),
    content: { bytes, sha256: contentHash.digest("hex") },
  };
}
