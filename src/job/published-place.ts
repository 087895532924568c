import { lstatSync, readdirSync } from "node:fs";
import path from "node:path";
import { exitCodes, LamsachError } from "../errors.js";
import { lookAtFile, readListedFiles } from "./listed-files.js";
import type { RunPaths } from "./workspace.js";

/**
 * A published run must have every file its manifest lists, as long as it was: nobody is to be told that all is well where
 * some of it is gone. Throws `LamsachError` (exit 4).
 */
export function requireWholeRun(paths: RunPaths): void {
  const files = readListedFiles(paths);
  if (files === null) {
    throw refuse(paths.manifest, "this manifest cannot be read; expected it as lamsach wrote it", paths);
  }
  const [first, ...more] = files.filter((file) => lookAtFile(paths.published, file) !== "there");
  if (first === undefined) return;
  const others = more.length === 0 ? "" : `, and ${more.length} more`;
  throw refuse(
    path.join(paths.published, first.path),
    `this file of a published run is missing or has another size${others}; expected it as the manifest has it`,
    paths,
  );
}

/** Where a run will be published there must be nothing yet: its last step would fail, hours later. Throws `LamsachError` (exit 4). */
export function requireFreePlace(paths: RunPaths): void {
  const found = lstatSync(paths.published, { throwIfNoEntry: false });
  if (found === undefined || (found.isDirectory() && readdirSync(paths.published).length === 0)) return;
  throw refuse(
    paths.published,
    "something is here already, without the manifest of a published run; expected nothing",
    paths,
  );
}

function refuse(place: string, problem: string, { published }: RunPaths): LamsachError {
  return new LamsachError(
    exitCodes.environment,
    `${place}: ${problem}. See \`lamsach audit verify\` and put back what was there, or give ` +
      `\`lamsach purge ${path.basename(published)} --yes\` and then the same command again.`,
  );
}
