import { rmSync } from "node:fs";
import path from "node:path";
import type { FileKey } from "../storage/file-key.js";
import type { MemoryFolder } from "../storage/memory-folder.js";
import { unsealFile } from "../storage/sealed-copy.js";
import { sealedSuffix } from "../storage/sealed-file.js";

/** Calls `read` with the path of a file in the clear, which is there until it returns. */
export type ReadClear = <Result>(file: string, read: (clear: string) => Result) => Result;

/** Set files are read as they are, or, when they are sealed, in memory one after the other. */
export function createClearReader(sealKey: FileKey | null, memory: MemoryFolder): ReadClear {
  if (sealKey === null) return (file, read) => read(file);
  return (file, read) => {
    const copy = path.join(memory.path, path.basename(file, sealedSuffix));
    try {
      unsealFile(file, sealKey, copy);
      return read(copy);
    } finally {
      rmSync(copy, { force: true });
    }
  };
}
