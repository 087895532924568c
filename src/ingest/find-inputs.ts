import { type Dirent, lstatSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { exitCodes, LamsachError } from "../errors.js";
import { controlSuffix } from "./control-file.js";
import { globExpression, isGlob } from "./glob.js";

/** A file to read and the `source_file` of its records. */
export interface Input {
  readonly name: string;
  readonly path: string;
}

/**
 * The files that the patterns name, each once, in code unit order of their names. `*`, `?` and `[…]` stay within one
 * folder, `**` spans folders (symbolic links to folders are not followed). Names are base names; files that share one
 * get their path below their common folder. Spreadsheet lock files (`~$…`) and control files are no inputs. Throws LamsachError(3) with
 * the pattern that names nothing; when `required` is "any", only if all of them name nothing.
 */
export function findInputs(
  globs: readonly string[],
  baseDir: string,
  required: "each" | "any" = "each",
): Input[] {
  const paths = new Set<string>();
  for (const glob of globs) {
    const found = expandGlob(glob, baseDir);
    if (found.length === 0 && required === "each") {
      throw new LamsachError(
        exitCodes.input,
        `inputs: no file fits "${glob}"; expected at least one. Check that it was delivered, or correct the pattern`,
      );
    }
    for (const file of found) paths.add(file);
  }
  if (paths.size === 0 && globs.length > 0) {
    throw new LamsachError(
      exitCodes.input,
      `inputs: no file fits any of "${globs.join('", "')}"; expected at least one. Check that the delivery came, or correct the patterns`,
    );
  }
  return nameInputs([...paths]).sort((a, b) => compareCodeUnits(a.name, b.name));
}

function expandGlob(glob: string, baseDir: string): string[] {
  const segments = glob.split("/");
  const fixed = segments.findIndex(isGlob);
  if (fixed === -1) {
    const file = path.resolve(baseDir, glob);
    return lstatSync(file, { throwIfNoEntry: false }) === undefined ? [] : [file];
  }
  const root = path.resolve(
    baseDir,
    segments.slice(0, fixed).join("/") || (glob.startsWith("/") ? "/" : "."),
  );
  const found: string[] = [];
  collect(root, segments.slice(fixed), found);
  return found;
}

function collect(folder: string, segments: readonly string[], found: string[]): void {
  const [segment = "", ...rest] = segments;
  if (segment === "**") {
    collect(folder, rest.length > 0 ? rest : ["*"], found);
    for (const entry of listFolder(folder)) {
      if (entry.isDirectory() && !entry.name.startsWith("."))
        collect(path.join(folder, entry.name), segments, found);
    }
    return;
  }
  if (!isGlob(segment) && rest.length > 0) {
    collect(path.join(folder, segment), rest, found);
    return;
  }
  const expression = globExpression(segment);
  for (const entry of listFolder(folder)) {
    if (!expression.test(entry.name.normalize("NFC"))) continue;
    const file = path.join(folder, entry.name);
    if (rest.length > 0) {
      if (!entry.isFile()) collect(file, rest, found);
    } else if (!isFolder(entry, file) && isDelivery(entry.name)) {
      found.push(file);
    }
  }
}

function isDelivery(name: string): boolean {
  return !name.startsWith("~$") && !name.endsWith(controlSuffix);
}

/** A link to a folder is one too; a link that leads nowhere is not, so that it is reported as an unreadable file. */
function isFolder(entry: Dirent, file: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  try {
    return statSync(file).isDirectory();
  } catch {
    return false;
  }
}

/** What a folder holds; nothing when there is no such folder. Throws LamsachError(3) when it cannot be listed. */
function listFolder(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw new LamsachError(
      exitCodes.input,
      `inputs: the folder "${folder}" cannot be listed (${code}); expected one that may be read. Correct its permissions`,
    );
  }
}

function nameInputs(paths: readonly string[]): Input[] {
  const byName = new Map<string, string[]>();
  for (const file of paths) {
    const name = path.basename(file);
    byName.set(name, [...(byName.get(name) ?? []), file]);
  }
  return [...byName].flatMap(([name, files]) => {
    if (files.length === 1) return [{ name, path: files[0] as string }];
    const common = commonFolder(files);
    return files.map((file) => ({ name: path.relative(common, file).split(path.sep).join("/"), path: file }));
  });
}

function commonFolder(files: readonly string[]): string {
  const [first = [], ...others] = files.map((file) => path.dirname(file).split(path.sep));
  let shared = first.length;
  for (const parts of others) {
    let same = 0;
    while (same < shared && parts[same] === first[same]) same++;
    shared = same;
  }
  return first.slice(0, shared).join(path.sep) || path.sep;
}

function compareCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
