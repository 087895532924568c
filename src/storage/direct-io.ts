import { constants } from "node:fs";

/*
 * Files that are written once need no place in the system's page cache, which on a virtual machine may be the dearest
 * part of writing them (decision 28).
 */

/** Flag for opening a file past the page cache; 0 where the operating system has none. */
export const O_DIRECT: number = constants.O_DIRECT ?? 0;

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
