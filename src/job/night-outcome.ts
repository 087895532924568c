import path from "node:path";
import type { LogPosition } from "../audit/audit-entry.js";
import type { Effects } from "../effects.js";
import { type ExitCode, exitCodes } from "../errors.js";
import { formatMeasure } from "../report/figures.js";
import type { Metrics } from "../report/metrics.js";
import { renderTerminalSummary } from "../report/terminal-table.js";
import { makePrivateDir, writeFileAtomic } from "../storage/atomic-file.js";
import { killPoint } from "../storage/kill-point.js";
import { sealedSuffix } from "../storage/sealed-file.js";
import type { PlanText } from "./describe-plan.js";
import { type RunMeasures, takeMeasures } from "./gates.js";
import type { Ledger } from "./ledger.js";
import type { RunPlan } from "./plan-run.js";
import { countRun, type RunCounts, readPublishedMetrics } from "./published-metrics.js";
import type { ReportFiles } from "./run-report.js";
import type { RunPaths } from "./workspace.js";

/** What a night leaves. */
export interface NightOutcome {
  readonly exitCode: ExitCode;
  readonly run: string;
  /** The published folder; of a withheld run, the folder it would have had. */
  readonly dir: string;
  readonly counts: RunCounts;
  readonly plan?: PlanText;
  /** Bytes of the inputs as delivered. */
  readonly inputBytes: number;
  /** Null for a dry run. */
  readonly metrics: Metrics | null;
  /** Where the audit log ended with this night: kept elsewhere, it shows a log that was written anew. */
  readonly audit?: LogPosition;
  /** The summary for a terminal. */
  readonly text: string;
}

/** A night's outcome, and what later nights are held against. */
export interface WorkedNight {
  readonly outcome: NightOutcome;
  readonly measures: RunMeasures;
}

/** A gate has failed: nothing is published, the report is kept in the work folder for whoever looks into it. */
export function withhold(
  plan: RunPlan,
  paths: RunPaths,
  metrics: Metrics,
  reportFiles: ReportFiles,
  effects: Effects,
): NightOutcome {
  makePrivateDir(path.join(paths.work, "report"));
  for (const [name, { content }] of Object.entries(reportFiles)) {
    writeFileAtomic(path.join(paths.work, name), content);
    killPoint("withheld-report-written");
  }
  effects.log.warn({ run: plan.runId, records: metrics.doses.records }, "withheld by a gate");
  const failed = metrics.gates
    .filter(({ passed }) => !passed)
    .map(
      ({ name, value, limit }) =>
        `${name} (${value === null ? "nothing to measure" : formatMeasure(value, "en")}, limit ${formatMeasure(limit, "en")})`,
    );
  const outcome = describeOutcome(plan, paths, metrics, effects);
  return {
    ...outcome,
    exitCode: exitCodes.withheld,
    text: `${outcome.text.split("\nFiles\n")[0]}\nWITHHELD by ${failed.join(", ")}: nothing was published. The report is in ${path.join(paths.work, "report")}.\n`,
  };
}

/** The same command again: nothing is touched, but a ledger that could not note the end before does so now. */
export function reportFinished(
  plan: RunPlan,
  paths: RunPaths,
  ledger: Ledger,
  effects: Effects,
): NightOutcome {
  const metrics = readPublishedMetrics(paths.published);
  const outcome = describeOutcome(plan, paths, metrics, effects);
  const noted = ledger.findRun(plan.runId);
  if (noted !== null && noted.state !== "published") {
    const { exitCode, counts } = outcome;
    ledger.finishRun(plan.runId, {
      ...{ state: "published", exitCode, counts, measures: { ...takeMeasures(metrics, null) } },
      finishedAt: effects.now().toISOString(),
    });
  }
  effects.log.info({ run: plan.runId }, "already complete");
  return { ...outcome, text: `${outcome.text}\nThis run was complete already; nothing was done.\n` };
}

export function describeOutcome(
  plan: RunPlan,
  paths: RunPaths,
  metrics: Metrics,
  effects: Effects,
): NightOutcome {
  return {
    exitCode: exitCodes.done,
    run: plan.runId,
    dir: paths.published,
    counts: countRun(metrics),
    inputBytes: countInputBytes(plan),
    metrics,
    text: renderTerminalSummary({
      metrics,
      runDir: paths.published,
      isInteractive: effects.isInteractive,
      suffix: plan.protection.sealKey === null ? "" : sealedSuffix,
    }),
  };
}

/** Bytes of a run's inputs as delivered. */
export function countInputBytes({ inputs }: RunPlan): number {
  return inputs.reduce((sum, { bytes }) => sum + bytes, 0);
}
