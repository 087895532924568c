import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Relative paths of every file below a folder, `/` separated, in code unit order. */
export function listTree(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .sort();
}

/** SHA-256 of every file below a folder, by relative path. */
export function hashTree(folder: string): Record<string, string> {
  const hashes = listTree(folder).map((file) => {
    const bytes = readFileSync(path.join(folder, file));
    return [file, createHash("sha256").update(bytes).digest("hex")] as const;
  });
  return Object.fromEntries(hashes);
}
