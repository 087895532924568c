import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import type { Effects } from "../effects.js";
import { exitCodes, LamsachError } from "../errors.js";
import { makePrivateDir, syncDirectory, writeFileAtomic } from "../storage/atomic-file.js";
import { type FileKey, requireKey } from "../storage/file-key.js";
import { hashSealedFile, unsealFile } from "../storage/sealed-copy.js";
import { isSealedFile, readSealed } from "../storage/sealed-reader.js";
import { noteDecryption } from "./note-decryption.js";
import { findKey } from "./run-key.js";

export interface DecryptJob {
  /** Sealed files and folders of runs. */
  readonly what: readonly string[];
  readonly keyFile: string | null;
}

type Place = Pick<Effects, "cwd" | "env" | "log" | "now">;

/**
 * Writes what sealed files hold into `out` under their own names, and sealed runs as folders that are as if they had
 * never been sealed, manifest included; gives what was written. A file or run is there whole or not at all. Throws
 * LamsachError: 2 for another key or a target that is there, 3 for what is not as it was sealed.
 */
export function decryptAll(
  { what, keyFile, out }: DecryptJob & { readonly out: string },
  place: Place,
): string[] {
  const key = requireKey(findKey(keyFile, place), "decrypt", "sealed files are to be read");
  const folder = path.resolve(place.cwd, out);
  makePrivateDir(folder);
  return what.map((named) => {
    const from = path.resolve(place.cwd, named);
    const target = path.join(folder, path.basename(from).replace(/\.sealed$/, ""));
    if (existsSync(target)) throw refuseTaken(target);
    if (isFolder(from)) {
      decryptRun(from, key, target, place);
    } else {
      requireFile(from);
      noteDecryption(from, place);
      unsealFile(from, key, target);
    }
    return target;
  });
}

/** Writes what one sealed file holds to a stream, after it was read once and found whole. Errors as `decryptAll`. */
export async function printSealed({ what, keyFile }: DecryptJob, to: Writable, place: Place): Promise<void> {
  const [named, ...others] = what;
  if (named === undefined || others.length > 0) {
    throw new LamsachError(
      exitCodes.usage,
      "--out -: more than one file is named; expected one sealed file. Name a folder to write to.",
    );
  }
  const key = requireKey(findKey(keyFile, place), "decrypt", "a sealed file is to be read");
  const file = requireFile(path.resolve(place.cwd, named));
  hashSealedFile(file, key);
  noteDecryption(file, place);
  await pipeline(Readable.from(readContents(file, key)), to, { end: false });
}

function* readContents(file: string, key: FileKey): Generator<Uint8Array> {
  for (const { content } of readSealed(file, key)) if (content.length > 0) yield content;
}

const listedFile = z.looseObject({
  path: z.string().regex(/^(?!.*(^|\/)\.{0,2}(\/|$))[^\0\\]+$/),
  bytes: z.int(),
  sha256: z.string(),
  content: z.strictObject({ bytes: z.int(), sha256: z.string() }).exactOptional(),
});
const manifestSchema = z.looseObject({ sealed: z.unknown().optional(), files: z.array(listedFile) });
type Manifest = z.infer<typeof manifestSchema>;

/** A run's folder appears when every file is as the manifest says. */
function decryptRun(runDir: string, key: FileKey, target: string, place: Place): void {
  const { sealed, ...manifest } = readManifest(runDir);
  if (sealed === undefined) {
    throw new LamsachError(
      exitCodes.usage,
      `${runDir}: this run is not sealed; expected one made with --encrypt. Its files can be read as they are.`,
    );
  }
  noteDecryption(runDir, place);
  const part = path.join(path.dirname(target), `.${randomBytes(12).toString("hex")}.part`);
  makePrivateDir(part);
  try {
    const files = manifest.files.map(({ content, ...file }) => {
      const from = path.join(runDir, file.path);
      const name = content === undefined ? file.path : file.path.replace(/\.sealed$/, "");
      const to = path.join(part, name);
      makePrivateDir(path.dirname(to));
      const sha256 = content === undefined ? copyFile(from, to) : unsealFile(from, key, to).sha256;
      if (sha256 !== file.sha256) throw refuseOther(from);
      return { ...file, path: name, ...content };
    });
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
    writeFileAtomic(path.join(part, "manifest.json"), `${JSON.stringify({ ...manifest, files }, null, 2)}\n`);
    renameSync(part, target);
    syncDirectory(path.dirname(target));
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    throw error;
  }
}

function readManifest(runDir: string): Manifest {
  const file = path.join(runDir, "manifest.json");
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    content = null;
  }
  // As it was read: a checked copy has its keys in another order.
  if (manifestSchema.safeParse(content).success) return content as Manifest;
  throw new LamsachError(
    exitCodes.input,
    `${file}: this is no manifest of a run; expected the folder of a published run. Check the path.`,
  );
}

/** Copies a file that is small and not sealed; gives its SHA-256. */
function copyFile(from: string, to: string): string {
  const bytes = readFileSync(from);
  writeFileAtomic(to, bytes);
  return createHash("sha256").update(bytes).digest("hex");
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function requireFile(file: string): string {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() && isSealedFile(file)) return file;
  throw new LamsachError(
    exitCodes.usage,
    `${file}: this is no sealed file; expected one, or the folder of a sealed run. Check the path.`,
  );
}

function refuseTaken(target: string): LamsachError {
  return new LamsachError(
    exitCodes.usage,
    `${target}: this is there already; expected a new name. Remove it, or name another --out.`,
  );
}

function refuseOther(file: string): LamsachError {
  return new LamsachError(
    exitCodes.input,
    `${file}: this is not the file that the run's manifest lists; expected the same SHA-256. Take the run again from where it was made.`,
  );
}
