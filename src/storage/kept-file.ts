import { closeSync, fstatSync, openSync } from "node:fs";
import { exitCodes, LamsachError } from "../errors.js";
import { writeFileAtomic } from "./atomic-file.js";
import type { FileKey } from "./file-key.js";
import { readFully } from "./nameless-file.js";
import { nameFailure, O_NOFOLLOW, O_RDONLY } from "./open-file.js";
import {
  frameBytes,
  frameOverhead,
  openFrame,
  openSeal,
  readFrameLength,
  sealedHeaderBytes,
  sealWhole,
} from "./sealed-file.js";

/** A file that lamsach keeps for itself, open to be read from any place of what it holds, sealed or not. */
export interface KeptFile {
  /** Bytes of what it holds. */
  readonly size: number;
  /** Fills `into` from `position` on; fewer bytes only at the end. Gives the bytes read. */
  read(into: Uint8Array, position: number): number;
  close(): void;
}

/** Writes a whole file at once, sealed when there is a key. Errors as `writeFileAtomic`. */
export function writeKept(file: string, bytes: Uint8Array, key: FileKey | null): void {
  writeFileAtomic(file, key === null ? bytes : sealWhole(key, bytes));
}

/** All that a kept file holds. Errors as `openKept`. */
export function readKept(file: string, key: FileKey | null): Buffer {
  const kept = openKept(file, key);
  try {
    const bytes = Buffer.from(new ArrayBuffer(kept.size));
    if (kept.read(bytes, 0) < bytes.length) throw damaged(file);
    return bytes;
  } finally {
    kept.close();
  }
}

/**
 * Opens a file that `writeKept` wrote with the same key; a symbolic link is not followed. Errors as the file system's; a sealed file that is not as it was
 * sealed is a LamsachError: 4, or 2 when it has another key, from here or from the read that meets it.
 */
export function openKept(file: string, key: FileKey | null): KeptFile {
  const handle = openSync(file, O_RDONLY | O_NOFOLLOW);
  try {
    return nameFailure(file, () => {
      const { size } = fstatSync(handle);
      const opened = key === null ? openPlain(handle, size) : openSealedKept(file, handle, size, key);
      return {
        size: opened.size,
        read: (into, position) => nameFailure(file, () => opened.read(into, position)),
        close: () => nameFailure(file, () => closeSync(handle)),
      };
    });
  } catch (error) {
    closeSync(handle);
    throw error;
  }
}

type Contents = Omit<KeptFile, "close">;

function openPlain(handle: number, size: number): Contents {
  return { size, read: (into, position) => readFully(handle, into, 0, into.length, position) };
}

/** All frames but the last are full, so each stands where its number says. */
function openSealedKept(file: string, handle: number, fileSize: number, key: FileKey): Contents {
  const fullFrame = frameBytes + frameOverhead;
  const bodyBytes = fileSize - sealedHeaderBytes - frameOverhead;
  const header = Buffer.alloc(sealedHeaderBytes);
  if (bodyBytes < 0) throw damaged(file);
  readFully(handle, header, 0, header.length, 0);
  const fileKey = openSeal(key, header, file);
  const size = bodyBytes - Math.ceil(bodyBytes / fullFrame) * frameOverhead;
  const buffer = Buffer.allocUnsafe(fullFrame);
  if (openFrameAt(sealedHeaderBytes + bodyBytes, frameOverhead).length > 0) throw damaged(file);
  return { size, read };

  function openFrameAt(offset: number, length: number): Buffer {
    const sealed = buffer.subarray(0, readFully(handle, buffer, 0, length, offset));
    const isWhole = sealed.length === length && length - frameOverhead === readFrameLength(sealed, 0);
    const content = isWhole ? openFrame(fileKey, sealed, offset) : null;
    if (content === null) throw damaged(file);
    return content;
  }

  function read(into: Uint8Array, position: number): number {
    const wanted = Math.min(into.length, size - position);
    for (let done = 0; done < wanted; ) {
      const frame = Math.floor((position + done) / frameBytes);
      const offset = frame * fullFrame;
      const content = openFrameAt(sealedHeaderBytes + offset, Math.min(fullFrame, bodyBytes - offset));
      const part = content.subarray(position + done - frame * frameBytes).subarray(0, wanted - done);
      into.set(part, done);
      done += part.length;
    }
    return Math.max(0, wanted);
  }
}

function damaged(file: string): LamsachError {
  return new LamsachError(
    exitCodes.environment,
    `${file}: this checkpoint is damaged; expected it as it was sealed. Delete it and run again.`,
  );
}
