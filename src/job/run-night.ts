import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import type { Effects } from "../effects.js";
import { type ExitCode, exitCodes, explainSystemError, LamsachError } from "../errors.js";
import type { Source } from "../ingest/source.js";
import { loadRegisterIndex } from "../register/register-index.js";
import type { Metrics } from "../report/metrics.js";
import { renderTerminalSummary } from "../report/terminal-table.js";
import { type AssessedShard, assessSources } from "./assess-phase.js";
import { makePrivateDir, writeFileAtomic } from "./atomic-file.js";
import { describePlan, type PlanText } from "./describe-plan.js";
import { type Ledger, openLedger, type RunFinish } from "./ledger.js";
import { formatManifest } from "./manifest.js";
import { defaultShardBytes, fitMemory } from "./memory-plan.js";
import { openInputs, requireUnchanged } from "./open-inputs.js";
import { planRun, type RunNightOptions, type RunPlan, requireInputs } from "./plan-run.js";
import { createProgress } from "./progress.js";
import { publishRun, writeSets } from "./publish-phase.js";
import { type Reconciled, reconcileRun } from "./reconcile-phase.js";
import { acquireRunLock } from "./run-lock.js";
import { countRun, type ReportFiles, type RunCounts, readPublishedMetrics } from "./run-report.js";
import { keepSource, writeRunState } from "./run-state.js";
import type { WorkerContext } from "./shard-worker.js";
import { shareValue } from "./shared-value.js";
import { startWorkers, type WorkerPool } from "./worker-pool.js";
import { locateRun, locateWorkspace, type RunPaths } from "./workspace.js";

/** What a night leaves. */
export interface NightOutcome {
  readonly exitCode: ExitCode;
  readonly run: string;
  /** The published folder; of a withheld run, the folder it would have had. */
  readonly dir: string;
  readonly counts: RunCounts;
  readonly plan?: PlanText;
  /** The summary for a terminal. */
  readonly text: string;
}

/**
 * A whole night: plan, lock, assess, reconcile, publish. The same inputs, pipeline, policy, register and day give the
 * same run id; a finished one is not done again, an unfinished one is gone on with. Throws `LamsachError` with the
 * exit code of what is wrong.
 */
export async function runNight(options: RunNightOptions, effects: Effects): Promise<NightOutcome> {
  // A plan needs no more than a thread for the fingerprints.
  const pool = startWorkers(options.dryRun ? 1 : options.workers);
  try {
    const plan = await planRun(options, effects, pool.hashFile);
    requireInputs(plan);
    const paths = locateRun(plan.out, plan.runId);
    if (options.dryRun) return await dryRun(plan, paths, options, effects);
    return await runPlanned({ plan, paths, options, pool }, effects);
  } finally {
    await pool.close();
  }
}

interface Night {
  readonly plan: RunPlan;
  readonly paths: RunPaths;
  readonly options: RunNightOptions;
  readonly pool: WorkerPool;
}

async function runPlanned(night: Night, effects: Effects): Promise<NightOutcome> {
  const { plan, paths } = night;
  makePrivateDir(plan.out);
  const workspace = locateWorkspace(plan.out);
  const lock = acquireRunLock(workspace.lock, effects);
  try {
    const ledger = openLedger(workspace.ledger);
    try {
      if (isPublished(paths)) return reportFinished(plan, paths, effects);
      return await keepInLedger(plan, ledger, effects, () => workThrough(night, effects));
    } finally {
      ledger.close();
    }
  } finally {
    lock.close();
  }
}

async function keepInLedger(
  plan: RunPlan,
  ledger: Ledger,
  effects: Effects,
  work: () => Promise<NightOutcome>,
): Promise<NightOutcome> {
  const { runId: id, pipeline, asOf, identity } = plan;
  ledger.startRun({ id, pipeline: pipeline.name, asOf, identity, startedAt: effects.now().toISOString() });
  const finish = (state: RunFinish["state"], exitCode: number, counts: RunCounts): void => {
    ledger.finishRun(id, { state, exitCode, counts, finishedAt: effects.now().toISOString() });
  };
  try {
    const outcome = await work();
    finish(outcome.exitCode === exitCodes.done ? "published" : "withheld", outcome.exitCode, outcome.counts);
    return outcome;
  } catch (failure) {
    const error = explainSystemError(failure);
    const exitCode = error instanceof LamsachError ? error.exitCode : exitCodes.bug;
    const isStopped = exitCode === exitCodes.interrupted || exitCode === exitCodes.terminated;
    finish(isStopped ? "stopped" : "failed", exitCode, {});
    throw error;
  }
}

/** What holds whole records (decoded deliveries, unfinished sets) goes when the work ends, however it ends; checkpoints stay. */
async function workThrough(night: Night, effects: Effects): Promise<NightOutcome> {
  try {
    return await workInFolders(night, effects);
  } finally {
    for (const folder of [night.paths.sources, night.paths.staging]) {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

async function workInFolders({ plan, paths, options, pool }: Night, effects: Effects): Promise<NightOutcome> {
  makePrivateDir(paths.sources);
  makePrivateDir(paths.shards);
  const sources = await openInputs(plan, paths.sources);
  const { shardBytes, partitions } = fitMemory(plan, sources, options);
  const context: WorkerContext = {
    rules: shareRules(plan),
    register:
      plan.register === null
        ? null
        : { path: plan.register.path, index: loadRegisterIndex(plan.register.path) },
    partitions,
  };
  const progress = createProgress(effects);
  const onShard = (done: number, all: number): void => progress.show("assess", done, all);
  let shards: readonly AssessedShard[];
  try {
    shards = await assessSources(
      { sources, shardBytes, shardsDir: paths.shards, context, pool, onShard },
      effects,
    );
  } finally {
    progress.close();
  }
  const reconciled = await reconcileRun({ plan, sources, shards, context, pool, stop: effects.stop });
  const { metrics } = reconciled;
  keepState({ plan, paths, sources, shards, partitions }, reconciled);
  const isWithheld = metrics.gates.some(({ passed }) => !passed);
  // One thread writes the report while the others write the sets into the staging folder, which becomes the run's, or goes.
  const reporting = pool.report(metrics);
  const [reportFiles, written] = await Promise.all([
    reporting,
    isWithheld
      ? null
      : writeSets({ ...reconciled, sources, shards, context, pool, paths, stop: effects.stop }),
  ]);
  requireUnchanged(plan.inputs);
  if (written === null) return withhold(plan, paths, metrics, reportFiles, effects);
  await publishRun({
    paths,
    pool,
    written,
    reportFiles,
    writeManifest: (files) => formatManifest(plan, files),
  });
  effects.log.info({ run: plan.runId, records: metrics.doses.records }, "published");
  return describeOutcome(plan, paths, metrics, effects);
}

function shareRules({ pipeline, tables, policy, asOf }: RunPlan): WorkerContext["rules"] {
  return shareValue({ pipeline, tables, policy, asOf });
}

interface Kept {
  readonly plan: RunPlan;
  readonly paths: RunPaths;
  readonly sources: readonly Source[];
  readonly shards: readonly AssessedShard[];
  readonly partitions: number;
}

/** Keeps what `judge` and `explain` need later. */
function keepState({ plan, paths, sources, shards, partitions }: Kept, { codes, repeats }: Reconciled): void {
  writeFileAtomic(paths.codes, codes);
  writeRunState(paths, {
    format: 2,
    partitions,
    pipelineFile: plan.pipeline.file,
    identity: { ...plan.identity, inputs: [...plan.identity.inputs] },
    registerPath: plan.register?.path ?? null,
    policyFile: plan.policy.file,
    sources: sources.map(keepSource),
    shards: shards.map(({ source, file }) => ({ source, file: path.basename(file) })),
    repeats: [...repeats],
  });
}

/** A gate has failed: nothing is published, the report is kept in the work folder for whoever looks into it. */
function withhold(
  plan: RunPlan,
  paths: RunPaths,
  metrics: Metrics,
  reportFiles: ReportFiles,
  effects: Effects,
): NightOutcome {
  makePrivateDir(path.join(paths.work, "report"));
  for (const [name, { text }] of Object.entries(reportFiles)) {
    writeFileAtomic(path.join(paths.work, name), text);
  }
  effects.log.warn({ run: plan.runId, records: metrics.doses.records }, "withheld by a gate");
  const failed = metrics.gates.filter(({ passed }) => !passed).map(({ name }) => name);
  const outcome = describeOutcome(plan, paths, metrics, effects);
  return {
    ...outcome,
    exitCode: exitCodes.withheld,
    text: `${outcome.text.split("\nFiles\n")[0]}\nWITHHELD by ${failed.join(", ")}: nothing was published. The report is in ${path.join(paths.work, "report")}.\n`,
  };
}

/** The same command again: nothing is touched. */
function reportFinished(plan: RunPlan, paths: RunPaths, effects: Effects): NightOutcome {
  const outcome = describeOutcome(plan, paths, readPublishedMetrics(paths.published), effects);
  effects.log.info({ run: plan.runId }, "already complete");
  return { ...outcome, text: `${outcome.text}\nThis run was complete already; nothing was done.\n` };
}

function describeOutcome(plan: RunPlan, paths: RunPaths, metrics: Metrics, effects: Effects): NightOutcome {
  return {
    exitCode: exitCodes.done,
    run: plan.runId,
    dir: paths.published,
    counts: countRun(metrics),
    text: renderTerminalSummary({ metrics, runDir: paths.published, isInteractive: effects.isInteractive }),
  };
}

function isPublished({ published }: RunPaths): boolean {
  return existsSync(path.join(published, "manifest.json"));
}

async function dryRun(
  plan: RunPlan,
  paths: RunPaths,
  options: RunNightOptions,
  effects: Effects,
): Promise<NightOutcome> {
  const { text, plan: described } = await describePlan(plan, {
    isFinished: isPublished(paths),
    shardBytes: options.shardBytes ?? defaultShardBytes,
    workers: options.workers,
    tempDir: effects.env.TMPDIR ?? "/tmp",
  });
  const { runId: run } = plan;
  const isRefused = described.inputs.some(({ refused }) => refused !== null);
  const exitCode = isRefused ? exitCodes.input : exitCodes.done;
  return { exitCode, run, dir: paths.published, counts: {}, plan: described, text };
}
