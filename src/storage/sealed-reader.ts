import { closeSync, openSync, readSync } from "node:fs";
import type { LamsachError } from "../errors.js";
import type { FileKey } from "./file-key.js";
import { readFully } from "./nameless-file.js";
import { addPath, nameFailure, O_RDONLY, withOpenFile } from "./open-file.js";
import {
  frameBytes,
  frameOverhead,
  isSealed,
  openFrame,
  openSeal,
  readFrameLength,
  refuseSealed,
  sealedHeaderBytes,
} from "./sealed-file.js";

/** A part of a sealed file as it stands there, and what it holds: nothing in the header and in the end. Valid until the next is asked for. */
export interface OpenedPart {
  readonly sealed: Uint8Array;
  readonly content: Uint8Array;
}

const nothing = new Uint8Array(0);

/**
 * Reads a sealed file from its beginning to its end, one frame in memory at a time. Each frame's content is what was
 * sealed, but the file is known to be whole only when the last part was read: until then nothing of it may be used.
 * Throws LamsachError: 2 for another key, 3 for a file that was changed, cut short or added to.
 */
export function* readSealed(file: string, key: FileKey): Generator<OpenedPart, void> {
  const handle = openSync(file, O_RDONLY);
  try {
    const buffer = Buffer.allocUnsafe(frameBytes + frameOverhead);
    const header = buffer.subarray(0, readFully(handle, buffer, 0, sealedHeaderBytes, 0));
    const fileKey = openSeal(key, header, file);
    yield { sealed: header, content: nothing };
    for (let offset = sealedHeaderBytes; ; ) {
      const filled = readFully(handle, buffer, 0, buffer.length, offset);
      const length = filled < frameOverhead ? null : readFrameLength(buffer, 0);
      if (length === null || length + frameOverhead > filled) throw damaged(file, offset);
      const sealed = buffer.subarray(0, length + frameOverhead);
      const content = openFrame(fileKey, sealed, offset);
      if (content === null || (length === 0 && filled > frameOverhead)) throw damaged(file, offset);
      yield { sealed, content };
      if (length === 0) return;
      offset += sealed.length;
    }
  } catch (error) {
    throw addPath(error, file);
  } finally {
    nameFailure(file, () => closeSync(handle));
  }
}

/** Whether a file begins as a sealed one does. Errors as the file system's. */
export function isSealedFile(file: string): boolean {
  return withOpenFile(file, O_RDONLY, (handle) => {
    const begin = Buffer.alloc(sealedHeaderBytes);
    return isSealed(begin.subarray(0, readSync(handle, begin)));
  });
}

function damaged(file: string, offset: number): LamsachError {
  return refuseSealed(
    file,
    `the sealed file is not as it was sealed, from byte ${offset} on`,
    "no byte changed, missing or added",
    "Take the file again from where it was made.",
  );
}
