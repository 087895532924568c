import { fsync, writeSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY, withFileOpen, withOpenFile } from "./open-file.js";

/** One file of a run as the manifest lists it. */
export interface ListedFile {
  /** Path below the run's folder, `/` separated. */
  readonly path: string;
  readonly bytes: number;
  /** Data rows of a CSV file; null for other files. */
  readonly rows: number | null;
  readonly sha256: string;
  /** Of a sealed file: what it holds. */
  readonly content?: { readonly bytes: number; readonly sha256: string };
}

/** Makes a private file below `root` that is not there yet, whole. Errors as the file system's. */
export function createOutput(root: string, name: string, content: string | Uint8Array): void {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  withOpenFile(path.join(root, name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, (handle) => {
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at, bytes.length - at, at);
  });
}

/** Makes what was written to a file durable; nobody's thread waits for the disk. Errors as the file system's, naming `file`. */
export async function syncOutput(file: string): Promise<void> {
  await withFileOpen(file, O_WRONLY | O_NOFOLLOW, sync);
}

const sync = promisify(fsync);
