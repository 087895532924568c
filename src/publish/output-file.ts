import { closeSync, constants, fsyncSync, openSync, writeSync } from "node:fs";
import path from "node:path";

/** One file of a run as the manifest lists it. */
export interface ListedFile {
  /** Path below the run's folder, `/` separated. */
  readonly path: string;
  readonly bytes: number;
  /** Data rows of a CSV file; null for other files. */
  readonly rows: number | null;
  readonly sha256: string;
}

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;

/** Makes a private file below `root` that is not there yet, with its first bytes; returns how many. Errors as the file system's. */
export function createOutput(root: string, name: string, text: string): number {
  const file = openSync(path.join(root, name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    const bytes = Buffer.from(text);
    writeAll(file, bytes, 0);
    return bytes.length;
  } finally {
    closeSync(file);
  }
}

/** Writes bytes at an offset of a file that `createOutput` made. */
export function writeOutputAt(file: string, offset: number, bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  const handle = openSync(file, O_WRONLY | O_NOFOLLOW);
  try {
    writeAll(handle, bytes, offset);
  } finally {
    closeSync(handle);
  }
}

/** Makes what was written to a file durable. */
export function syncOutput(file: string): void {
  const handle = openSync(file, O_WRONLY | O_NOFOLLOW);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function writeAll(file: number, bytes: Uint8Array, offset: number): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, offset + at);
}
