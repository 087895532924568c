import type { Effects } from "../effects.js";
import { exitCodes } from "../errors.js";
import { makePrivateDir } from "../storage/atomic-file.js";
import { noteInterrupted } from "./audit-trail.js";
import { type Ledger, LedgerDamage, openLedger } from "./ledger.js";
import { recoverLostRuns } from "./lost-runs.js";
import { acquireRunLock } from "./run-lock.js";
import { listPublishedRuns, locateWorkspace } from "./workspace.js";

/**
 * Does `work` as the only one in the output folder `out`, with its ledger. What others' processes left when they died is tidied
 * first, in the ledger and in the audit log. Held by another run: a `LamsachError` (exit 5).
 */
export async function holdWorkspace<Result>(
  out: string,
  effects: Pick<Effects, "now" | "log">,
  work: (ledger: Ledger) => Promise<Result>,
): Promise<Result> {
  const workspace = locateWorkspace(out);
  if (makePrivateDir(out)) {
    effects.log.warn("others could write to the output folder; now they cannot: look what is in it");
  }
  const lock = acquireRunLock(workspace.lock, effects);
  try {
    const ledger = openLedger(workspace.ledger);
    try {
      requireHistory(out, ledger);
      recoverLostRuns(out, ledger, effects);
      noteInterrupted(out, effects);
      return await work(ledger);
    } finally {
      ledger.close();
    }
  } finally {
    lock.close();
  }
}

/** A file of no bytes is a good database: that the history is gone shows only beside the runs. */
function requireHistory(out: string, ledger: Ledger): void {
  const published = listPublishedRuns(out).length;
  if (published === 0 || ledger.listRuns().length > 0) return;
  throw new LedgerDamage(
    exitCodes.environment,
    `${locateWorkspace(out).ledger}: the ledger is empty, but ${published} runs are published here; expected their history. ` +
      "Run: lamsach doctor --rebuild-ledger",
  );
}
