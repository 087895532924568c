import type { Effects } from "../effects.js";
import { makePrivateDir } from "../storage/atomic-file.js";
import { noteInterrupted } from "./audit-trail.js";
import { type Ledger, openLedger } from "./ledger.js";
import { recoverLostRuns } from "./lost-runs.js";
import { requireHistory } from "./published-history.js";
import { acquireRunLock } from "./run-lock.js";
import { locateWorkspace } from "./workspace.js";

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
      requireHistory(out, ledger.listRuns());
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
