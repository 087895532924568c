import { exitCodes, LamsachError } from "../errors.js";
import type { Ledger, LedgerRun } from "./ledger.js";
import type { RunPlan } from "./plan-run.js";
import { nameChanges, runIdentitySchema } from "./run-identity.js";

type Planned = Pick<RunPlan, "runId" | "identity" | "out"> & { readonly pipeline: { readonly name: string } };

const unfinishedStates: readonly LedgerRun["state"][] = ["running", "stopped", "failed"];

/**
 * Refuses to begin anything new: throws `LamsachError` (exit 2) unless the planned run is an unfinished one, and names
 * what has changed since the pipeline's latest run was begun.
 */
export function requireUnfinished(plan: Planned, ledger: Pick<Ledger, "listRuns" | "findRun">): void {
  const own = ledger.findRun(plan.runId);
  if (own !== null && unfinishedStates.includes(own.state)) return;
  const latest = findLatest(plan, ledger);
  if (latest === null || !unfinishedStates.includes(latest.state)) {
    throw new LamsachError(
      exitCodes.usage,
      `${plan.out}: --resume: no run of ${plan.pipeline.name} is unfinished here; expected one. Leave --resume out to begin one.`,
    );
  }
  throw new LamsachError(
    exitCodes.usage,
    `${plan.out}: --resume: run ${latest.id} cannot be gone on with: ${describeChanges(latest, plan)}; expected what it was begun with. Put that back, or leave --resume out to begin another run.`,
  );
}

/**
 * A sentence about the run that is left behind: the pipeline's latest, when it is unfinished and another one than the
 * planned run, and what differs. Null when there is none.
 */
export function describeLeftRun(plan: Planned, ledger: Pick<Ledger, "listRuns">): string | null {
  const latest = findLatest(plan, ledger);
  if (latest === null || latest.id === plan.runId || !unfinishedStates.includes(latest.state)) return null;
  return `${plan.out}: run ${latest.id} is unfinished and is left as it is: ${describeChanges(latest, plan)}. This is another run, ${plan.runId}.`;
}

function findLatest({ pipeline }: Planned, ledger: Pick<Ledger, "listRuns">): LedgerRun | null {
  return ledger.listRuns().find((run) => run.pipeline === pipeline.name) ?? null;
}

function describeChanges(run: LedgerRun, plan: Planned): string {
  const identity = runIdentitySchema.safeParse(run.identity);
  if (!identity.success) return "another version of lamsach began it";
  return nameChanges(identity.data, plan.identity).join(", ");
}
