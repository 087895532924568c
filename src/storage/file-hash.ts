import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { addPath, nameFailure, O_RDONLY, withOpenFile } from "./open-file.js";
import { chunkBytes, readAhead } from "./read-ahead.js";

/** SHA-256 of a file, hex. Errors as the file system's. */
export function hashFile(path: string): string {
  return withOpenFile(path, O_RDONLY, (file) => {
    const hash = createHash("sha256");
    const buffer = Buffer.allocUnsafe(chunkBytes);
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer))
      hash.update(buffer.subarray(0, read));
    return hash.digest("hex");
  });
}

/** Chunks that are read at once: as many as Node has threads for. */
const chunksAtOnce = 4;

/**
 * The same of a large file. The system's threads read it side by side: a file that is not in memory costs more
 * processor time to be read than to be hashed.
 */
export async function hashLargeFile(path: string): Promise<string> {
  const handle = nameFailure(path, () => openSync(path, O_RDONLY));
  try {
    const hash = createHash("sha256");
    const memory = Array.from({ length: chunksAtOnce }, () => Buffer.allocUnsafeSlow(chunkBytes));
    for (let at = 0, before = -1; at > before; ) {
      before = at;
      at = await readAhead(handle, at, Number.POSITIVE_INFINITY, memory, (bytes) => hash.update(bytes));
    }
    return hash.digest("hex");
  } catch (error) {
    throw addPath(error, path);
  } finally {
    nameFailure(path, () => closeSync(handle));
  }
}
