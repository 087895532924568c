import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type { LogPosition } from "../audit/audit-entry.js";
import { holdsPosition, type LogReview, reviewLog } from "../audit/review-log.js";
import { exitCodes, LamsachError } from "../errors.js";
import { hashFile } from "../storage/file-hash.js";
import { openLedger } from "./ledger.js";
import { lookAtFile, type ManifestFile, readListedFiles } from "./listed-files.js";
import { findNotedRuns, type NotedRun } from "./noted-runs.js";
import { isRunId, listPublishedRuns, locateRun, locateWorkspace } from "./workspace.js";

export interface VerifyOptions {
  readonly out: string;
  /** Hash every file of every published run; else only the manifests, and the files are looked at for their size. */
  readonly files: boolean;
  /** An end of the log that was kept elsewhere. */
  readonly head: LogPosition | null;
}

/** What `lamsach audit verify` found; no problem: everything is as lamsach wrote it. */
export interface AuditVerdict {
  readonly entries: number;
  /** Where the log ends, to be kept elsewhere; null: it is empty. */
  readonly head: LogPosition | null;
  /** Published runs whose manifest was compared. */
  readonly runs: number;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Compares the audit log of an output folder with itself, with its head, with the ledger and with what is published.
 * Writes nothing. A folder without a log is a `LamsachError` (exit 2).
 */
export function verifyAudit({ out, files, head }: VerifyOptions): AuditVerdict {
  if (!existsSync(out)) {
    throw new LamsachError(
      exitCodes.usage,
      `${out}: there is no such folder; expected an output folder. Check --out.`,
    );
  }
  const review = reviewLog(out);
  const problems = [...review.problems];
  const notes = [...review.notes];
  if (head !== null && !holdsPosition(review, head)) {
    problems.push(
      `audit.log: entry ${head.sequence} is not the one of --head; expected a log that goes on from it.`,
    );
  }
  problems.push(...findUnknownRuns(out, review));
  const runs = listPublishedRuns(out);
  const noted = findNotedRuns(review);
  for (const run of new Set([...runs, ...[...noted.keys()].filter(isRunId)])) {
    const found = reviewRun({ out, run, review, noted: noted.get(run), files });
    problems.push(...found.problems);
    notes.push(...found.notes);
  }
  notes.push(...findUnended(review));
  return { entries: review.entries.length, head: review.end, runs: runs.length, problems, notes };
}

/** Runs that the ledger knows and the log does not; not told once the log's beginning is past its retention. */
function findUnknownRuns(out: string, { entries }: LogReview): string[] {
  const { ledger: file } = locateWorkspace(out);
  if (!existsSync(file) || !beginsAtFirst(entries)) return [];
  const known = new Set(entries.map(({ entry }) => entry.run));
  const ledger = openLedger(file);
  try {
    return ledger
      .listRuns()
      .filter(({ id }) => !known.has(id))
      .map(({ id }) => `audit.log: run ${id} of the ledger is not in the log; expected its beginning.`);
  } finally {
    ledger.close();
  }
}

/** An empty log does: nothing of it is past its retention. */
function beginsAtFirst([first]: LogReview["entries"]): boolean {
  return first === undefined || first.entry.sequence === 1;
}

interface ReviewedRun {
  readonly out: string;
  readonly run: string;
  readonly review: LogReview;
  readonly noted: NotedRun | undefined;
  readonly files: boolean;
}

type Found = Pick<AuditVerdict, "problems" | "notes">;

/** From the disk to the log, and from the log to the disk: a run that is gone is changed as much as a file can be. */
function reviewRun({ out, run, review, noted, files }: ReviewedRun): Found {
  if (noted !== undefined) return reviewNoted(out, run, noted, files);
  // Its beginning may be past the log's retention.
  const problems = beginsAtFirst(review.entries)
    ? [`${run}: this published run is not in the log; expected the end of its work.`]
    : [];
  return { problems, notes: [] };
}

function reviewNoted(out: string, run: string, { end, isGoing }: NotedRun, files: boolean): Found {
  const paths = locateRun(out, run);
  const { file, line, entry } = end;
  if (!existsSync(paths.published)) {
    if (isGoing)
      return { problems: [], notes: [`${run}: its purge has begun and not ended: give it once more.`] };
    const gone = `${file}:${line}: run ${run} is published by this line and gone without a purge; expected its folder.`;
    return { problems: [gone], notes: [] };
  }
  if (!existsSync(paths.manifest)) {
    const gone = `${run}/manifest.json: this file is missing; expected it as ${file}:${line} has it. Nothing says what the run's other files were.`;
    return { problems: [gone], notes: [] };
  }
  const changed =
    hashFile(paths.manifest) === entry.manifest
      ? []
      : [
          `${file}:${line}: the manifest of run ${run} has another SHA-256 than this line says; expected it unchanged.`,
        ];
  // A changed manifest tells of files still, if not of all.
  const listed = readListedFiles(paths) ?? [];
  return { problems: [...changed, ...reviewFiles(paths.published, run, listed, files)], notes: [] };
}

function reviewFiles(
  folder: string,
  run: string,
  listed: readonly ManifestFile[],
  hashes: boolean,
): string[] {
  const problems = listed.flatMap((file) => {
    const { path: name, bytes, sha256 } = file;
    const state = lookAtFile(folder, file);
    if (state === "missing")
      return [`${run}/${name}: this file is missing; expected it as the manifest has it.`];
    if (state === "there" && (!hashes || hashFile(path.join(folder, name)) === sha256)) return [];
    return [`${run}/${name}: this file differs from the manifest; expected ${bytes} bytes with its SHA-256.`];
  });
  if (!hashes) return problems;
  const names = new Set(["manifest.json", ...listed.map(({ path: name }) => name)]);
  const added = listFiles(folder).filter((name) => !names.has(name));
  if (added.length > 0)
    problems.push(`${run}: ${added.length} files are not in the manifest; expected none.`);
  return problems;
}

/** Relative paths of what is in a folder but folders; `/` separated. */
function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"));
}

function findUnended({ entries }: LogReview): string[] {
  const ended = new Set(entries.map(({ entry }) => entry.begin));
  return entries
    .filter(({ entry }) => entry.event === "begin" && !ended.has(entry.sequence))
    .map(
      ({ file, line, entry }) =>
        `${file}:${line}: ${entry.command} has not ended: it works still, or was killed.`,
    );
}
