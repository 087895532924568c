import path from "node:path";
import type { Effects } from "../effects.js";
import { exitCodes, LamsachError } from "../errors.js";
import { type FileKey, keyVariable, readKeyFile, readKeyText, requireKey } from "../storage/file-key.js";

/** The key of the file that was named, else of the environment; null when there is none. Errors as `readKeyFile`. */
export function findKey(keyFile: string | null, { cwd, env }: Pick<Effects, "cwd" | "env">): FileKey | null {
  if (keyFile !== null) return readKeyFile(path.resolve(cwd, keyFile));
  const text = env[keyVariable];
  return text === undefined || text === "" ? null : readKeyText(text, keyVariable);
}

/**
 * The key with which the run in `runDir` is sealed, null when it is not. A LamsachError (exit 2) says when there is none
 * or another one.
 */
export function findSealKey(
  runDir: string,
  { protection }: { readonly protection?: { readonly sealed?: string } },
  keyFile: string | null,
  place: Pick<Effects, "cwd" | "env">,
): FileKey | null {
  if (protection?.sealed === undefined) return null;
  const key = requireKey(findKey(keyFile, place), runDir, "this run is sealed");
  if (key.id === protection.sealed) return key;
  throw new LamsachError(
    exitCodes.usage,
    `${runDir}: this run is sealed with the key ${protection.sealed}, and the key given is ${key.id}; expected the same. Give the key of the run.`,
  );
}
