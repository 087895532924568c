import { existsSync, lstatSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { reviewLog } from "../audit/review-log.js";
import type { Effects } from "../effects.js";
import { exitCodes, LamsachError } from "../errors.js";
import { makePrivateDir, refuseLink, removeParts, syncDirectory } from "../storage/atomic-file.js";
import { hashFile } from "../storage/file-hash.js";
import { noteWork } from "./audit-trail.js";
import type { Ledger } from "./ledger.js";
import { isRunId, locateRun, type RunPaths } from "./workspace.js";

/** What is to go of a run: all of it, or only what `judge` and `explain` need of it. */
export type PurgedPart = "run" | "work";

export interface Purge {
  readonly out: string;
  readonly run: string;
  readonly part: PurgedPart;
}

type PurgeEffects = Pick<Effects, "now" | "log">;

/**
 * Removes a run for good: its folder, its work folder, its sample and audit result, its page, its row of the ledger and
 * what the ledger's free pages hold; the audit log alone keeps its id, its inputs' names, hashes and times. Stopped in the
 * middle, the same call finishes it. Only the holder of the output folder's lock may call this. A run that is not there is
 * a `LamsachError` (exit 2).
 */
export async function purgeRun(purge: Purge, ledger: Ledger, effects: PurgeEffects): Promise<void> {
  const { out, run, part } = purge;
  const paths = locateRun(out, run);
  requireRun(purge, paths, ledger);
  const manifest = existsSync(paths.manifest) ? { manifest: hashFile(paths.manifest) } : {};
  const facts = { command: part === "run" ? "purge" : "purge work", run, ...manifest };
  await noteWork(out, facts, effects, async () => {
    if (part === "run") {
      rmSync(paths.page, { force: true });
      removePublished(paths);
      removeAudit(paths);
    }
    removeFolder(paths.work);
    if (part === "run") ledger.forgetRun(run);
    return { result: undefined, exitCode: exitCodes.done };
  });
  effects.log.info({ run }, "purged");
}

function requireRun({ out, run, part }: Purge, { published, work }: RunPaths, ledger: Ledger): void {
  const isKnown =
    isRunId(run) &&
    (isThere(work) ||
      (part === "run" && (isThere(published) || ledger.findRun(run) !== null || isHalfPurged(out, run))));
  if (isKnown) return;
  throw new LamsachError(
    exitCodes.usage,
    `${out}: no run has this id; expected the whole id of one that \`lamsach runs\` lists. A path is not taken.`,
  );
}

/** A purge that died after the ledger had forgotten the run, but not yet rewritten its pages. */
function isHalfPurged(out: string, run: string): boolean {
  const last = reviewLog(out)
    .entries.filter(({ entry }) => entry.run === run)
    .at(-1)?.entry;
  return last?.command === "purge" && !(last.event === "end" && last.exitCode === exitCodes.done);
}

/** Renamed first: nobody sees a published run with half of its files. */
function removePublished({ published, work }: RunPaths): void {
  if (!isThere(published)) return;
  requireFolder(published);
  makePrivateDir(work);
  const going = path.join(work, "published");
  rmSync(going, { recursive: true, force: true });
  renameSync(published, going);
  syncDirectory(path.dirname(published));
}

/** Counts, but of a run that is to be as if it had never been, and the sample of its records, half-written ones too. */
function removeAudit({ audit, sample }: RunPaths): void {
  if (isThere(path.dirname(audit))) {
    refuseLink(path.dirname(audit));
    removeParts(path.dirname(audit));
  }
  for (const file of [sample, audit].filter(isThere)) {
    rmSync(file);
    syncDirectory(path.dirname(file));
  }
}

function removeFolder(folder: string): void {
  if (!isThere(folder)) return;
  requireFolder(folder);
  rmSync(folder, { recursive: true });
  syncDirectory(path.dirname(folder));
}

/** Behind a link there is a folder of somebody else. */
function requireFolder(folder: string): void {
  for (const place of [path.dirname(folder), folder]) {
    if (lstatSync(place).isDirectory()) continue;
    throw new LamsachError(
      exitCodes.environment,
      `${place}: this is no folder; expected a run's own. Look at what it is, and remove it yourself.`,
    );
  }
}

function isThere(place: string): boolean {
  return lstatSync(place, { throwIfNoEntry: false }) !== undefined;
}
