import { constants, writeSync } from "node:fs";
import { O_NOFOLLOW, O_WRONLY, withOpenFile } from "./open-file.js";
import { chunkBytes } from "./read-ahead.js";

/*
 * Files that are written once and read once need no place in the system's page cache, which on a virtual machine may be
 * the dearest part of writing them (decision 28).
 */

/** Flag for opening a file past the page cache; 0 where the operating system has none. */
export const O_DIRECT: number = constants.O_DIRECT ?? 0;

/**
 * Places and sizes of what goes past the cache are multiples of it, in bytes. File systems ask for 512 to 4096; so much
 * also keeps apart from what other threads write through the cache, which holds up to 64 KiB of a file as one.
 */
export const directUnit = 1 << 16;
/** Less is not worth a wait for the disk. */
const leastBytes = 4 * directUnit;

/**
 * Writes those of `bytes`, which belong at `offset` of an existing file, that fill whole units of it straight to the
 * disk, and waits for it. Gives which are written, `[from, to)`: none when they are few, or where the operating system
 * or the file system has no such way. Other errors as the file system's, naming `file`.
 */
export function writeDirectly(
  file: string,
  offset: number,
  bytes: Uint8Array,
): { readonly from: number; readonly to: number } {
  const from = wholeUnits(offset + directUnit - 1) - offset;
  const end = wholeUnits(offset + bytes.length) - offset;
  if (O_DIRECT === 0 || end - from < leastBytes) return { from: 0, to: 0 };
  let to = from;
  try {
    withOpenFile(file, O_WRONLY | O_NOFOLLOW | O_DIRECT, (handle) => {
      own ??= takePages(chunkBytes);
      while (to < end && wholeUnits(offset + to) === offset + to) {
        const chunk = bytes.subarray(to, Math.min(end, to + chunkBytes));
        own.set(chunk);
        to += writeSync(handle, own, 0, chunk.length, offset + to);
      }
    });
  } catch (error) {
    if (!isNoDirectWay(error)) throw error;
  }
  return { from, to };
}

/** The thread's own memory for what it writes. */
let own: Uint8Array | undefined;

/** Bytes that fill whole units from a file's beginning on. */
export function wholeUnits(bytes: number): number {
  return bytes - (bytes % directUnit);
}

const refusals: ReadonlySet<string | undefined> = new Set(["EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/** Whether a file system says that it has no way past the cache, or none for this place and size. */
export function isNoDirectWay(error: unknown): boolean {
  return refusals.has((error as NodeJS.ErrnoException).code);
}

/**
 * Memory that begins at a page, which only WebAssembly's is known to do; a multiple of 64 KiB. Where a process may not
 * have the addresses that it asks for, other memory, which is refused on the way past the cache.
 */
export function takePages(bytes: number): Uint8Array {
  const { Memory } = WebAssembly as unknown as {
    readonly Memory: new (pages: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  };
  try {
    return new Uint8Array(new Memory({ initial: bytes >> 16 }).buffer);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return Buffer.allocUnsafeSlow(bytes);
  }
}
