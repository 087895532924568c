import { lstatSync } from "node:fs";
import { exitCodes, LamsachError } from "../errors.js";

/**
 * Notes which folders these paths lead to. The returned check throws a `LamsachError` (exit 4) when one of them leads
 * somewhere else since: renamed, replaced, or swapped for a symbolic link.
 */
export function holdFolders(folders: readonly string[]): () => void {
  const held = folders.map((folder) => [folder, identify(folder)] as const);
  return () => {
    for (const [folder, identity] of held) {
      if (identity !== null && identify(folder) === identity) continue;
      throw new LamsachError(
        exitCodes.environment,
        `${folder}: this folder was replaced while it was in use; expected it to stay. Nothing was published. Find out who did it, then give the same command again.`,
      );
    }
  };
}

/** Device and inode; null when there is no folder, or a symbolic link to one. */
function identify(folder: string): string | null {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() ? `${found.dev} ${found.ino}` : null;
}
