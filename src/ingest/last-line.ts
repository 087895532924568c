import { readSync } from "node:fs";
import { O_RDONLY, withOpenFile } from "../storage/open-file.js";
import type { Source } from "./source.js";

/**
 * Whether a source's bytes end with a line break. A delivery that does not may have been cut short: nothing else shows
 * in a file that ends in the middle of its last cell, or of its only one.
 */
export function endsWithLineBreak({
  bytesPath,
  byteLength,
}: Pick<Source, "bytesPath" | "byteLength">): boolean {
  const last = Buffer.alloc(1);
  withOpenFile(bytesPath, O_RDONLY, (file) => readSync(file, last, 0, 1, byteLength - 1));
  return last[0] === 0x0a || last[0] === 0x0d;
}
