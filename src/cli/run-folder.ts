import { lstatSync, readdirSync } from "node:fs";
import path from "node:path";
import { exitCodes, LamsachError } from "../errors.js";
import { workFolder } from "../job/workspace.js";

/**
 * The folder of a run: `named` is a path to it, or the run's id under `out`, of which the beginning is enough when no
 * other run begins so. Of a run that was withheld it is the work folder, where its report and its assessments are. A
 * `LamsachError` (exit 2) says when there is none or more than one, or when a path leads to anything but a folder named as a run is: what a command
 * does to a run it must never do to something else.
 */
export function findRunFolder({ named, out, cwd }: { named: string; out: string; cwd: string }): string {
  if (/[\u0000-\u001f]|^~|^[a-z]+:/i.test(named)) {
    throw usage("run: this is neither an id nor a path; expected one of `lamsach runs`, or a run's folder.");
  }
  const direct = path.resolve(cwd, named);
  const isPath = /[/\\]/.test(named) || named.startsWith(".");
  if (isPath) {
    if (isRunFolder(direct)) return direct;
    throw usage(`${named}: there is no such folder; expected a run's folder or id. See \`lamsach runs\`.`);
  }
  const root = path.resolve(cwd, out);
  const ids = listFolders(root).filter((id) => id.startsWith(named));
  const exact = ids.find((id) => id === named);
  const [only] = ids;
  if (exact !== undefined) return path.join(root, exact);
  if (ids.length === 1 && only !== undefined) return path.join(root, only);
  if (ids.length > 1) {
    throw usage(
      `${out}: ${ids.length} runs begin like this; expected one. They are: ${ids.slice(0, 10).join(", ")}.`,
    );
  }
  const withheld = path.join(root, workFolder);
  const [kept, ...others] = listFolders(withheld).filter((id) => id.startsWith(named));
  if (kept !== undefined && others.length === 0) return path.join(withheld, kept);
  if (isRunFolder(direct)) return direct;
  throw usage(`${out}: no run has this id; expected one of \`lamsach runs --out ${out}\`, or a path.`);
}

function listFolders(root: string): readonly string[] {
  try {
    return readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && runName.test(entry.name))
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
}

const runName = /^\d{4}-\d{2}-\d{2}-[0-9a-z-]+$/;

/** A symbolic link is none. */
function isRunFolder(dir: string): boolean {
  return (
    runName.test(path.basename(dir)) && (lstatSync(dir, { throwIfNoEntry: false })?.isDirectory() ?? false)
  );
}

function usage(message: string): LamsachError {
  return new LamsachError(exitCodes.usage, message);
}
