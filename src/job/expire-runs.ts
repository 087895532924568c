import { existsSync } from "node:fs";
import { listExpiredLogs, retireLogs } from "../audit/retire-log.js";
import type { Effects } from "../effects.js";
import type { Pipeline } from "../pipeline/pipeline.js";
import { describeWriter } from "./audit-trail.js";
import type { Ledger, LedgerRun } from "./ledger.js";
import { type PurgedPart, purgeRun } from "./purge-run.js";
import { locateRun } from "./workspace.js";

/** What is past its retention. */
export interface Expired {
  readonly runs: readonly { readonly run: string; readonly part: PurgedPart }[];
  /** Files of the audit log. */
  readonly logs: readonly string[];
}

const dayMs = 86_400_000;

/**
 * Finds what is past the retention of a pipeline: its own runs, by their end (their start, when nobody saw them end),
 * and the audit log of the output folder, in whole months. Removes nothing.
 */
export function findExpired(
  { out, pipeline }: { out: string; pipeline: Pick<Pipeline, "name" | "retention"> },
  ledger: Ledger,
  effects: Pick<Effects, "now">,
): Expired {
  const { runs, work, log } = pipeline.retention ?? {};
  const since = (days: number): string => new Date(effects.now().getTime() - days * dayMs).toISOString();
  const isOlder = (run: LedgerRun, days: number | undefined): boolean =>
    days !== undefined && (run.finishedAt ?? run.startedAt) < since(days);
  const expired = ledger
    .listRuns()
    .filter((run) => run.pipeline === pipeline.name)
    .flatMap((run): Expired["runs"] => {
      if (isOlder(run, runs)) return [{ run: run.id, part: "run" }];
      const hasWork = existsSync(locateRun(out, run.id).work);
      return hasWork && isOlder(run, work) ? [{ run: run.id, part: "work" }] : [];
    });
  return { runs: expired, logs: log === undefined ? [] : listExpiredLogs(out, since(log)) };
}

/** Removes what `findExpired` found, each noted in the audit log. Only the holder of the output folder's lock may call this. */
export async function purgeExpired(
  out: string,
  { runs, logs }: Expired,
  ledger: Ledger,
  effects: Pick<Effects, "now" | "log">,
): Promise<void> {
  for (const { run, part } of runs) await purgeRun({ out, run, part }, ledger, effects);
  if (logs.length > 0) retireLogs(out, logs, { ...describeWriter(effects), command: "purge" });
}
