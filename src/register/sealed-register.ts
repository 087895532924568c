import { mkdtempSync } from "node:fs";
import { basename, join } from "node:path";
import { type FileKey, requireKey } from "../storage/file-key.js";
import { MemoryFolder } from "../storage/memory-folder.js";
import { unsealFile } from "../storage/sealed-copy.js";
import { sealedSuffix } from "../storage/sealed-file.js";
import { isSealedFile } from "../storage/sealed-reader.js";
import { openRegister } from "./open-register.js";
import { withRegisterErrors } from "./register-file.js";
import type { RegisterInfo } from "./register-info.js";

/** What opens sealed registers, and where their copies go. */
export interface RegisterSeal {
  readonly key: FileKey | null;
  readonly memory: Pick<MemoryFolder, "path">;
}

/** For registers that are not sealed: a sealed one is refused. */
export const noSeal: RegisterSeal = { key: null, memory: new MemoryFolder() };

/**
 * The path by which SQLite can open a register: its own, or of a sealed one that of a copy in memory, which goes with the
 * folder. Throws LamsachError: 2 when it is sealed and there is no key or another one, 3 when it is damaged or missing.
 */
export function revealRegister(file: string, { key, memory }: RegisterSeal): string {
  if (!withRegisterErrors(file, () => isSealedFile(file))) return file;
  const own = requireKey(key, basename(file), "the register is sealed");
  const copy = join(mkdtempSync(join(memory.path, "register-")), basename(file, sealedSuffix));
  unsealFile(file, own, copy);
  return copy;
}

/** What a register says of itself, sealed or not. Errors as `revealRegister` and `openRegister`. */
export function readRegisterInfo(file: string, key: FileKey | null): RegisterInfo {
  const memory = new MemoryFolder();
  try {
    const reader = openRegister(revealRegister(file, { key, memory }));
    try {
      return reader.info();
    } finally {
      reader.close();
    }
  } finally {
    memory.close();
  }
}
