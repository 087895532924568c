import { lstatSync, readFileSync, type Stats } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { RunPaths } from "./workspace.js";

const manifestSchema = z.object({
  files: z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() })),
});

/** A file of a published run, as its manifest has it. */
export type ManifestFile = z.infer<typeof manifestSchema>["files"][number];

/** The files that a run's manifest lists; null when it is none that lamsach wrote. */
export function readListedFiles({ manifest }: Pick<RunPaths, "manifest">): readonly ManifestFile[] | null {
  const read = manifestSchema.safeParse(parseJson(readFileSync(manifest, "utf8")));
  return read.success ? read.data.files : null;
}

/** What a look at its name tells of a listed file; nothing of it is read, so this costs nothing on a nation's run. */
export function lookAtFile(
  folder: string,
  { path: name, bytes }: ManifestFile,
): "there" | "missing" | "other" {
  const found = findFile(path.join(folder, name));
  if (found === null) return "missing";
  return found.isFile() && found.size === bytes ? "there" : "other";
}

function findFile(file: string): Stats | null {
  try {
    return lstatSync(file);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
