import { fsync, writeSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { writeDirectly } from "./direct-io.js";
import { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY, withFileOpen, withOpenFile } from "./open-file.js";
import { type FileSeal, sealEnd, sealedLength, sealFrames } from "./sealed-file.js";

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

/**
 * Makes a private file below `root` that is not there yet, with its first bytes, sealed when there is a seal; returns
 * how many bytes it then has. Errors as the file system's.
 */
export function createOutput(
  root: string,
  name: string,
  content: string | Uint8Array,
  seal: FileSeal | null = null,
): number {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const head = seal === null ? new Uint8Array(0) : seal.header;
  const first = seal === null ? bytes : sealFrames(seal, head.length, bytes);
  withOpenFile(path.join(root, name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, (handle) => {
    writeAll(handle, head, 0);
    writeAll(handle, first, head.length);
  });
  return head.length + first.length;
}

/** How many bytes of a file so many bytes of content take. */
export function outputLength(bytes: number, seal: FileSeal | null): number {
  return seal === null ? bytes : sealedLength(bytes);
}

/** Writes bytes at an offset of a file that `createOutput` made with the same seal; once at each offset. */
export function writeOutputAt(
  file: string,
  offset: number,
  bytes: Uint8Array,
  seal: FileSeal | null = null,
): void {
  if (bytes.length === 0) return;
  writeAt(file, offset, seal === null ? bytes : sealFrames(seal, offset, bytes));
}

/** Ends a sealed file at `offset`, where everything else of it ends; any other file ends by itself. */
export function endOutput(file: string, offset: number, seal: FileSeal | null): void {
  if (seal !== null) writeAt(file, offset, sealEnd(seal, offset));
}

function writeAt(file: string, offset: number, bytes: Uint8Array): void {
  const { from, to } = writeDirectly(file, offset, bytes);
  if (to - from === bytes.length) return;
  withOpenFile(file, O_WRONLY | O_NOFOLLOW, (handle) => {
    writeAll(handle, bytes.subarray(0, from), offset);
    writeAll(handle, bytes.subarray(to), offset + to);
  });
}

/** Makes what was written to a file durable; nobody's thread waits for the disk. Errors as the file system's, naming `file`. */
export async function syncOutput(file: string): Promise<void> {
  await withFileOpen(file, O_WRONLY | O_NOFOLLOW, sync);
}

const sync = promisify(fsync);

function writeAll(handle: number, bytes: Uint8Array, offset: number): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at, bytes.length - at, offset + at);
}
