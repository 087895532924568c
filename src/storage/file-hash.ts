import { createHash } from "node:crypto";
import { fstatSync, readSync } from "node:fs";
import { O_RDONLY, withFileOpen, withOpenFile } from "./open-file.js";
import { chunkBytes, readAhead } from "./read-ahead.js";

/** SHA-256 of a file, hex. Errors as the file system's. */
export function hashFile(path: string): string {
  return withOpenFile(path, O_RDONLY, hashOpened);
}

/** Chunks that are read at once: as many as Node's process has threads for. */
const chunksAtOnce = 4;

/**
 * The same; a large file is read by several threads of the system side by side: one that is not in memory costs more
 * processor time to be read than to be hashed.
 */
export function hashFileAhead(path: string): Promise<string> {
  return withFileOpen(path, O_RDONLY, async (handle) => {
    if (fstatSync(handle).size <= chunksAtOnce * chunkBytes) return hashOpened(handle);
    const hash = createHash("sha256");
    const memory = Array.from({ length: chunksAtOnce }, () => Buffer.allocUnsafeSlow(chunkBytes));
    for (let at = 0, before = -1; at > before; ) {
      before = at;
      at = await readAhead(handle, at, memory, (bytes) => hash.update(bytes));
    }
    return hash.digest("hex");
  });
}

function hashOpened(handle: number): string {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(chunkBytes);
  for (let read = readSync(handle, buffer); read > 0; read = readSync(handle, buffer))
    hash.update(buffer.subarray(0, read));
  return hash.digest("hex");
}
