import { existsSync, statSync } from "node:fs";
import { exitCodes } from "../errors.js";
import { type LedgerRun, openLedger } from "./ledger.js";
import { LedgerDamage } from "./ledger-file.js";
import { listPublishedRuns, locateWorkspace } from "./workspace.js";

/**
 * Throws `LedgerDamage` (exit 4) when runs are published in the output folder `out` and its ledger has none: a file of no bytes
 * is a good database, and that the history is gone shows only beside the runs.
 */
export function requireHistory(out: string, runs: readonly LedgerRun[]): void {
  requireRuns(out, runs, "the ledger is empty");
}

/**
 * The runs of an output folder, newest start first, for whoever only looks: opening a ledger makes it, and to look at a folder
 * must not. Null when there is no ledger. Errors as `openLedger` and `requireHistory`; no ledger beside published runs is one.
 */
export function listHistory(out: string): readonly LedgerRun[] | null {
  const { ledger: file } = locateWorkspace(out);
  if (!existsSync(file)) {
    requireRuns(out, [], "the ledger is not there");
    return null;
  }
  const ledger = openLedger(file);
  try {
    const runs = ledger.listRuns();
    requireHistory(out, runs);
    return runs;
  } finally {
    ledger.close();
  }
}

function requireRuns(out: string, runs: readonly LedgerRun[], what: string): void {
  if (runs.length > 0 || !statSync(out, { throwIfNoEntry: false })?.isDirectory()) return;
  const published = listPublishedRuns(out).length;
  if (published === 0) return;
  throw new LedgerDamage(
    exitCodes.environment,
    `${locateWorkspace(out).ledger}: ${what}, but ${published} runs are published here; expected their history. ` +
      "Run: lamsach doctor --rebuild-ledger",
  );
}
