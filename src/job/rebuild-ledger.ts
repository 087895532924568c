import { existsSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { type PlacedLine, reviewLog } from "../audit/review-log.js";
import type { Effects } from "../effects.js";
import { exitCodes } from "../errors.js";
import { syncDirectory } from "../storage/atomic-file.js";
import { noteAct } from "./audit-trail.js";
import { takeMeasures } from "./gates.js";
import { type Ledger, openLedger } from "./ledger.js";
import { LedgerDamage } from "./ledger-file.js";
import { countRun, readPublishedMetrics } from "./published-metrics.js";
import { acquireRunLock } from "./run-lock.js";
import { listPublishedRuns, locateRun, locateWorkspace } from "./workspace.js";

/** What became of a ledger. */
export interface RebuiltLedger {
  /** Where the damaged one is; null: there was none. */
  readonly kept: string | null;
  /** Runs that it has again; null: it was whole, and nothing was done. */
  readonly runs: number | null;
}

/**
 * Makes the ledger of the output folder `out` anew from the manifests of published runs, when it is damaged or missing;
 * their times are those of the audit log, or else of the manifest's file; their series are in that log alone. Runs that published nothing are not in it. The damaged one stays beside it. One
 * of a newer lamsach, or of another program, is a `LamsachError` (exit 4), a run that works one with exit code 5.
 */
export function rebuildLedger(out: string, effects: Pick<Effects, "now" | "log">): RebuiltLedger {
  const workspace = locateWorkspace(out);
  const lock = acquireRunLock(workspace.lock, effects);
  try {
    if (isWhole(out)) return { kept: null, runs: null };
    const fresh = path.join(out, ".ledger.db.rebuilt");
    removeDatabase(fresh);
    const runs = fillLedger(out, fresh);
    noteAct(out, { command: "doctor" }, effects);
    const kept = keepDamaged(workspace.ledger, effects.now());
    renameSync(fresh, workspace.ledger);
    syncDirectory(out);
    return { kept, runs };
  } finally {
    lock.close();
  }
}

function isWhole(out: string): boolean {
  const { ledger: file } = locateWorkspace(out);
  if (!existsSync(file)) return false;
  let ledger: Ledger;
  try {
    ledger = openLedger(file);
  } catch (error) {
    if (error instanceof LedgerDamage) return false;
    throw error;
  }
  try {
    return ledger.listRuns().length > 0 || listPublishedRuns(out).length === 0;
  } catch (error) {
    if (error instanceof LedgerDamage) return false;
    throw error;
  } finally {
    ledger.close();
  }
}

const manifestSchema = z.object({
  run: z.string(),
  asOf: z.string(),
  pipeline: z.object({ name: z.string(), fingerprint: z.string() }),
  policy: z.object({ fingerprint: z.string() }),
  tables: z.string(),
  rulesVersion: z.string(),
  register: z.object({ version: z.string() }).nullable(),
  inputs: z.array(z.object({ name: z.string(), sha256: z.string() })),
});

function fillLedger(out: string, file: string): number {
  const { entries } = reviewLog(out);
  const runs = listPublishedRuns(out);
  const ledger = openLedger(file);
  try {
    for (const run of runs) {
      const { manifest: text, published } = locateRun(out, run);
      const manifest = manifestSchema.parse(JSON.parse(readFileSync(text, "utf8")));
      const { startedAt, finishedAt, series } = findBeginning(entries, run, statSync(text).mtime);
      const { asOf, inputs, pipeline, policy, tables, rulesVersion: rules } = manifest;
      const register = manifest.register?.version ?? null;
      const identity = {
        ...{ pipeline: pipeline.fingerprint, policy: policy.fingerprint },
        ...{ tables, rules, register, asOf, inputs },
      };
      ledger.startRun({ id: run, pipeline: pipeline.name, asOf, identity, series, startedAt });
      const metrics = readPublishedMetrics(published);
      const figures = { counts: countRun(metrics), measures: { ...takeMeasures(metrics, null) } };
      ledger.finishRun(run, { state: "published", exitCode: exitCodes.done, ...figures, finishedAt });
    }
  } finally {
    ledger.close();
  }
  return runs.length;
}

/** The first end with a manifest is when the run was published; the beginning before it, when it was started, and on what. */
function findBeginning(
  entries: readonly PlacedLine[],
  run: string,
  modified: Date,
): { startedAt: string; finishedAt: string; series: string | null } {
  const own = entries.map(({ entry }) => entry).filter((entry) => entry.run === run);
  const end = own.find(({ manifest, event }) => event === "end" && manifest !== undefined);
  const finishedAt = end?.time ?? modified.toISOString();
  const begin = own.find(({ sequence }) => sequence === end?.begin);
  return { finishedAt, startedAt: begin?.time ?? finishedAt, series: begin?.series ?? null };
}

/** The companions go along: SQLite would lay the journal of the damaged one over the new one. */
function keepDamaged(file: string, now: Date): string | null {
  if (!existsSync(file)) return null;
  const kept = `${file}.damaged-${now.toISOString().replaceAll(/[^0-9]/g, "")}`;
  for (const ending of ["-wal", "-shm", ""]) {
    if (existsSync(file + ending)) renameSync(file + ending, kept + ending);
  }
  return kept;
}

function removeDatabase(file: string): void {
  for (const ending of ["", "-wal", "-shm"]) rmSync(file + ending, { force: true });
}
