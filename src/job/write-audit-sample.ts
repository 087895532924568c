import { existsSync, lstatSync } from "node:fs";
import path from "node:path";
import { stringify } from "csv-stringify/sync";
import { formatSampleName } from "../accuracy/read-answers.js";
import type { Effects } from "../effects.js";
import { exitCodes, LamsachError } from "../errors.js";
import { guardCell } from "../report/guard-cell.js";
import { makePrivateDir, writeFileAtomic } from "../storage/atomic-file.js";
import { noteAct } from "./audit-trail.js";
import {
  type AuditSample,
  type DrawOptions,
  drawAuditSample,
  type SampledRecord,
} from "./draw-audit-sample.js";
import { findOutputFolder, locateRun, locateWorkspace } from "./workspace.js";

/** What tells which record it is, and how it was cleaned. */
const ownColumns = ["record_id", "source_file", "source_line", "code", "findings"] as const;

export interface SampleOrder extends DrawOptions {
  /** Null: in `audits/` of the run's output folder, named by the run. */
  readonly file: string | null;
}

/**
 * Draws a sample of a run's cleaned records and writes it (new, 0600) for people to fill in; gives where it is too. It
 * holds personal data, so the audit log of the run's output folder says so before it is written. Errors as
 * `drawAuditSample`'s; a file that is there is a `LamsachError` (exit 2): it may hold answers. So is no `file` for a run
 * outside its output folder, or for a sealed one, whose records must not stand open beside it unless somebody says so.
 */
export function writeAuditSample(
  { file: asked, ...options }: SampleOrder,
  effects: Pick<Effects, "cwd" | "env" | "now" | "log">,
): AuditSample & { readonly file: string } {
  const out = findOutputFolder(options.runDir);
  const hasLedger = existsSync(locateWorkspace(out).ledger);
  const file = asked ?? locateRun(out, path.basename(options.runDir)).sample;
  if (asked === null && !hasLedger) throw needsFile(options.runDir, "there is no ledger beside this run");
  if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) {
    throw new LamsachError(
      exitCodes.usage,
      `${file}: this is there already, and may hold answers; expected a new name. Name another --file.`,
    );
  }
  const sample = drawAuditSample(options, effects);
  if (asked === null && sample.sealed)
    throw needsFile(options.runDir, "this run is sealed, and a sample is not");
  // A run that was taken out of its output folder has no log to stand in.
  if (hasLedger) {
    const { run, manifest } = sample;
    noteAct(out, { command: "audit-sample", run, manifest }, effects);
  }
  if (asked === null) makePrivateDir(path.dirname(file));
  writeFileAtomic(path.resolve(effects.cwd, file), formatSample(sample, options));
  return { ...sample, file };
}

function needsFile(runDir: string, problem: string): LamsachError {
  return new LamsachError(
    exitCodes.usage,
    `${runDir}: ${problem}; expected a --file that says where the sample goes. Name one in a safe place.`,
  );
}

/** UTF-8 with a BOM, which makes spreadsheets read it as such. */
function formatSample({ run, records }: AuditSample, { seed, size }: DrawOptions): string {
  const name = formatSampleName({ run, seed, size });
  const header = ["sample", "key", "verdict", "note", ...ownColumns, "cleaned", "delivered"];
  const rows = records.map((record) =>
    [name, record.key, "", "", ...readOwn(record), ...listValues(record)].map(guardCell),
  );
  return `\ufeff${stringify([header, ...rows])}`;
}

function readOwn({ headers, cells }: SampledRecord): string[] {
  return ownColumns.map((column) => cells[headers.indexOf(column)] ?? "");
}

/**
 * The standard values, and the cells as delivered, each with its header in one text: files differ in their columns, and
 * a spreadsheet takes the zeros of a number that has a cell of its own.
 */
function listValues({ headers, cells }: SampledRecord): [cleaned: string, delivered: string] {
  // Ours stand before and behind the delivered columns, and no two headers are alike.
  const judged = headers.lastIndexOf("set");
  const list = (from: number, to: number): string =>
    headers
      .slice(from, to)
      .flatMap((header, at) => (cells[from + at] ? [`${header}: ${cells[from + at]}`] : []))
      .join("\n");
  return [list(headers.lastIndexOf("std_citizen_id"), headers.length), list(placeColumns, judged)];
}

/** record_id, source_file and source_line lead every set file. */
const placeColumns = 3;
