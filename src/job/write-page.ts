import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { exitCodes, LamsachError } from "../errors.js";
import { makePrivateDir, writeFileAtomic } from "../storage/atomic-file.js";
import { makePage } from "./make-page.js";
import { findOutputFolder, isRunId, locateRun } from "./workspace.js";

export interface PageOrder {
  readonly runDir: string;
  readonly sinceDir: string | null;
  /** Null: in `pages/` of the output folder, named by the run. */
  readonly file: string | null;
}

/**
 * Makes a run's page anew (`makePage`) and writes it, whole or not at all, mode 0600; gives where it is. Never into the
 * folder of a run, where nothing is ever changed, and never over anything that is no page: `LamsachError` (exit 2).
 */
export function writePage({ runDir, sinceDir, file }: PageOrder): string {
  if (file !== null) refusePlace(file);
  const text = makePage({ runDir, sinceDir });
  const target = file ?? locateRun(findOutputFolder(runDir), path.basename(runDir)).page;
  if (file === null) makePrivateDir(path.dirname(target));
  writeFileAtomic(target, text);
  return target;
}

function refusePlace(file: string): void {
  const refuse = (what: string, todo: string): LamsachError =>
    new LamsachError(exitCodes.usage, `${file}: ${what}; expected a place for a page. ${todo}`);
  if (!file.endsWith(".html")) throw refuse("its name does not end in .html", "Name it so.");
  const folder = path.dirname(file);
  if (!existsSync(folder)) return;
  const isWithinRun = realpathSync(folder).split(path.sep).some(isRunId);
  if (isWithinRun)
    throw refuse("this is within the folder of a run", "Nothing is changed there; name another folder.");
}
