import { createHash } from "node:crypto";
import { readSync } from "node:fs";
import { O_RDONLY, withOpenFile } from "./open-file.js";

/** SHA-256 of a file, hex. Errors as the file system's. */
export function hashFile(path: string): string {
  return withOpenFile(path, O_RDONLY, (file) => {
    const hash = createHash("sha256");
    const buffer = Buffer.allocUnsafe(1 << 20);
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer))
      hash.update(buffer.subarray(0, read));
    return hash.digest("hex");
  });
}
