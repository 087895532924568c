import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { LogPosition } from "../audit/audit-entry.js";
import { holdsPosition, type LogReview, type PlacedLine, reviewLog } from "../audit/review-log.js";
import { exitCodes, LamsachError } from "../errors.js";
import { hashFile } from "../storage/file-hash.js";
import { openLedger } from "./ledger.js";
import { listPublishedRuns, locateRun, locateWorkspace } from "./workspace.js";

export interface VerifyOptions {
  readonly out: string;
  /** Hash every file of every published run, not the manifests alone. */
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
  for (const run of runs) problems.push(...reviewRun({ out, run, review, files }));
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
  readonly files: boolean;
}

function reviewRun({ out, run, review, files }: ReviewedRun): string[] {
  const { manifest, published } = locateRun(out, run);
  const noted = findManifest(review, run);
  // Its beginning may be past the log's retention.
  if (noted === null && !beginsAtFirst(review.entries)) return [];
  if (noted === null) return [`${run}: this published run is not in the log; expected the end of its work.`];
  const { file, line, entry } = noted;
  if (hashFile(manifest) !== entry.manifest) {
    return [
      `${file}:${line}: the manifest of run ${run} has another SHA-256 than this line says; expected it unchanged.`,
    ];
  }
  return files ? reviewFiles(published, run) : [];
}

/** The run's first end with a manifest since it was last purged: later ones must not make a changed one good. */
function findManifest({ entries }: LogReview, run: string): PlacedLine | null {
  let found: PlacedLine | null = null;
  for (const line of entries) {
    const { command, event, exitCode, manifest } = line.entry;
    if (line.entry.run !== run) continue;
    if (command === "purge" && event === "end" && exitCode === exitCodes.done) found = null;
    else if (command === "run" && manifest !== undefined) found ??= line;
  }
  return found;
}

const manifestSchema = z.object({
  files: z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() })),
});

function reviewFiles(folder: string, run: string): string[] {
  const { files } = manifestSchema.parse(
    JSON.parse(readFileSync(path.join(folder, "manifest.json"), "utf8")),
  );
  const listed = new Set(["manifest.json", ...files.map(({ path: name }) => name)]);
  const there = new Set(listFiles(folder));
  const added = [...there].filter((name) => !listed.has(name));
  return [
    ...files.flatMap(({ path: name, bytes, sha256 }) => {
      if (!there.has(name))
        return [`${run}/${name}: this file is missing; expected it as the manifest has it.`];
      const file = path.join(folder, name);
      if (statSync(file).size === bytes && hashFile(file) === sha256) return [];
      return [
        `${run}/${name}: this file differs from the manifest; expected ${bytes} bytes with its SHA-256.`,
      ];
    }),
    ...(added.length === 0 ? [] : [`${run}: ${added.length} files are not in the manifest; expected none.`]),
  ];
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
