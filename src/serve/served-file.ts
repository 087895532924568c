import { lstatSync, readFileSync } from "node:fs";
import path from "node:path";
import { isPublished } from "../job/lost-runs.js";
import { isRunId, locateRun } from "../job/workspace.js";
import { O_NOFOLLOW, O_RDONLY, withOpenFile } from "../storage/open-file.js";

/** Content types of what a report folder holds for other programs. */
const contentTypes: Readonly<Record<string, string>> = {
  csv: "text/csv; charset=utf-8",
  json: "application/json",
  svg: "image/svg+xml",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

export interface ServedFile {
  readonly bytes: Buffer;
  readonly type: string;
}

/**
 * The folder that holds a run's report, which is that of no record: of a published run its own, of a withheld one its
 * work folder. Null when there is none, or the text is no run's id.
 */
export function findReportedRun(out: string, run: string): string | null {
  if (!isRunId(run)) return null;
  const paths = locateRun(out, run);
  const folder = isPublished(paths) ? paths.published : paths.work;
  const isThere = [folder, path.join(folder, "report")].every(
    (place) => lstatSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false,
  );
  return isThere ? folder : null;
}

/** One file right in a run's report folder; null for a name of another form, and for what is no regular file there. */
export function readServedFile(runDir: string, name: string): ServedFile | null {
  const ending = /^[a-z][a-z0-9-]{0,63}\.([a-z]+)$/.exec(name)?.[1];
  const type = ending === undefined ? undefined : contentTypes[ending];
  if (type === undefined) return null;
  const file = path.join(runDir, "report", name);
  if (!(lstatSync(file, { throwIfNoEntry: false })?.isFile() ?? false)) return null;
  return { type, bytes: withOpenFile(file, O_RDONLY | O_NOFOLLOW, (handle) => readFileSync(handle)) };
}
