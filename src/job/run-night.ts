import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import pLimit from "p-limit";
import type { Effects } from "../effects.js";
import { type ExitCode, exitCodes, explainSystemError, LamsachError } from "../errors.js";
import { openSource } from "../ingest/open-source.js";
import type { Refusal, Source } from "../ingest/source.js";
import { createJudge } from "../judge/judge-record.js";
import { countMetrics } from "../reconcile/count-metrics.js";
import { reconcile } from "../reconcile/reconcile.js";
import { loadRunTable, type RunTable } from "../reconcile/run-table.js";
import { loadRegisterIndex } from "../register/register-index.js";
import { renderReport } from "../report/html-page.js";
import type { Metrics } from "../report/metrics.js";
import { checkBooks, countSets } from "../report/percentages.js";
import { formatSummaryCsv } from "../report/summary-csv.js";
import { formatSummaryJson } from "../report/summary-json.js";
import { renderTerminalSummary } from "../report/terminal-table.js";
import { buildVaccineTable } from "../vaccination/vaccine.js";
import { type AssessedShard, assessSources } from "./assess-phase.js";
import { makePrivateDir, writeFileAtomic } from "./atomic-file.js";
import { describePlan, type PlanText } from "./describe-plan.js";
import { measureGates } from "./gates.js";
import { type Ledger, openLedger, type RunFinish } from "./ledger.js";
import { formatManifest } from "./manifest.js";
import { planRun, type RunNightOptions, type RunPlan, requireInputs } from "./plan-run.js";
import { createProgress } from "./progress.js";
import { publishRun } from "./publish-phase.js";
import { listCodes } from "./record-codes.js";
import { findRepeats } from "./repeat-phase.js";
import { rulesVersion } from "./rules-version.js";
import { acquireRunLock } from "./run-lock.js";
import { keepSource, writeRunState } from "./run-state.js";
import type { WorkerContext } from "./shard-worker.js";
import { startWorkers, type WorkerPool } from "./worker-pool.js";
import { locateRun, locateWorkspace, type RunPaths } from "./workspace.js";

/** What a night leaves. */
export interface NightOutcome {
  readonly exitCode: ExitCode;
  readonly run: string;
  /** The published folder; of a withheld run, the folder it would have had. */
  readonly dir: string;
  readonly counts: NightCounts;
  readonly plan?: PlanText;
  /** The summary for a terminal. */
  readonly text: string;
}

/** In records, and by code. */
export type NightCounts = Readonly<Record<string, number>>;

const defaultShardBytes = 8 << 20;

/**
 * A whole night: plan, lock, assess, reconcile, publish. The same inputs, pipeline, policy, register and day give the
 * same run id; a finished one is not done again, an unfinished one is gone on with. Throws `LamsachError` with the
 * exit code of what is wrong.
 */
export async function runNight(options: RunNightOptions, effects: Effects): Promise<NightOutcome> {
  const pool = startWorkers(options.workers);
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
      if (existsSync(path.join(paths.published, "manifest.json")))
        return reportFinished(plan, paths, effects);
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
  const finish = (state: RunFinish["state"], exitCode: number, counts: NightCounts): void => {
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

async function workThrough({ plan, paths, options, pool }: Night, effects: Effects): Promise<NightOutcome> {
  makePrivateDir(paths.sources);
  makePrivateDir(paths.shards);
  const { sources, refusals } = await openSources(plan, paths);
  if (refusals.length > 0) throw refuseInputs(refusals);
  const context: WorkerContext = {
    pipelineFile: plan.pipeline.file,
    asOf: plan.asOf,
    register:
      plan.register === null
        ? null
        : { path: plan.register.path, index: loadRegisterIndex(plan.register.path) },
  };
  const progress = createProgress(effects);
  try {
    const shards = await assessSources(
      {
        sources,
        shardBytes: options.shardBytes ?? defaultShardBytes,
        shardsDir: paths.shards,
        context,
        pool,
        onShard: (done, all) => progress.show("assess", done, all),
      },
      effects,
    );
    return await judgeAndPublish({ plan, paths, sources, shards, context, pool }, effects);
  } finally {
    progress.close();
  }
}

interface Assessed {
  readonly plan: RunPlan;
  readonly paths: RunPaths;
  readonly sources: readonly Source[];
  readonly shards: readonly AssessedShard[];
  readonly context: WorkerContext;
  readonly pool: WorkerPool;
}

async function judgeAndPublish(
  { plan, paths, sources, shards, context, pool }: Assessed,
  effects: Effects,
): Promise<NightOutcome> {
  const table = loadRunTable(shards.map(({ source, file }) => ({ source, path: file })));
  const repeats = await findRepeats(table, sources, context, pool, effects.stop);
  const { vaccines } = buildVaccineTable(plan.tables.vaccines);
  const judge = createJudge(plan.policy);
  const reconciliation = reconcile(table, judge, repeats, vaccines);
  const metrics = gatherMetrics({ plan, sources, table }, () =>
    countMetrics({
      table,
      judge,
      reconciliation,
      vaccines,
      dimensions: plan.pipeline.report.dimensions,
      sourceNames: sources.map(({ name }) => name),
      tables: plan.tables,
    }),
  );
  const problems = checkBooks(metrics);
  if (problems.length > 0) throw new Error(`the books do not balance: ${problems.join("; ")}`);
  writeFileAtomic(paths.codes, listCodes(judge, reconciliation));
  writeRunState(paths, {
    format: 1,
    pipelineFile: plan.pipeline.file,
    identity: { ...plan.identity, inputs: [...plan.identity.inputs] },
    registerPath: plan.register?.path ?? null,
    policyFile: plan.policy.file,
    sources: sources.map(keepSource),
    shards: shards.map(({ source, file }) => ({ source, file: path.basename(file) })),
    repeats,
  });

  const isWithheld = metrics.gates.some(({ passed }) => !passed);
  if (!isWithheld) {
    await publishRun({
      sources,
      shards,
      table,
      judge,
      reconciliation,
      context,
      pool,
      paths,
      stop: effects.stop,
      reportFiles: formatReport(metrics),
      writeManifest: (files) => formatManifest(plan, files),
    });
    rmSync(paths.sources, { recursive: true, force: true });
  }
  effects.log.info({ run: plan.runId, records: table.records }, isWithheld ? "withheld" : "published");
  return {
    exitCode: isWithheld ? exitCodes.withheld : exitCodes.done,
    run: plan.runId,
    dir: paths.published,
    counts: countsOf(metrics),
    text: renderTerminalSummary({ metrics, runDir: paths.published, isInteractive: effects.isInteractive }),
  };
}

/** Opens the inputs, a few at a time, in their order. */
async function openSources(
  plan: RunPlan,
  paths: RunPaths,
): Promise<{ sources: readonly Source[]; refusals: readonly Refusal[] }> {
  const limit = pLimit(2);
  const { limits } = plan.pipeline.rules;
  const opened = await Promise.all(
    plan.inputs.map((input) =>
      limit(() =>
        openSource(input, {
          workDir: paths.sources,
          sources: plan.pipeline.sources,
          aliases: plan.pipeline.columns.aliases,
          limits,
        }),
      ),
    ),
  );
  return {
    sources: opened.filter((source): source is Source => "bytesPath" in source),
    refusals: opened.filter((source): source is Refusal => "reason" in source),
  };
}

function refuseInputs(refusals: readonly Refusal[]): LamsachError {
  const lines = refusals.map(({ name, reason }) => `${name}: ${reason}`);
  return new LamsachError(exitCodes.input, `${lines.join("\n")}\nNothing of this run is published.`);
}

function gatherMetrics(
  { plan, sources, table }: { plan: RunPlan; sources: readonly Source[]; table: RunTable },
  count: () => Pick<Metrics, "doses" | "people" | "dimensions" | "findings">,
): Metrics {
  const counts = count();
  const registerPeople = plan.register?.info.people ?? null;
  return {
    run: {
      id: plan.runId,
      pipeline: plan.pipeline.name,
      asOf: plan.asOf,
      policy: plan.policy.name,
      rulesVersion,
      registerVersion: plan.register?.info.version ?? null,
      registerPeople: registerPeople ?? 0,
    },
    ...counts,
    files: sources.map(({ name, format, encoding, layout }, position) => {
      const own = table.shards.filter(({ source }) => source === position);
      return {
        name,
        format,
        encoding,
        layout,
        records: own.reduce((sum, { records }) => sum + records, 0),
        blankLines: own.reduce((sum, { blankLines }) => sum + blankLines, 0),
      };
    }),
    gates: measureGates(plan.pipeline.gates, { doses: counts.doses, table, registerPeople }),
  };
}

function formatReport(metrics: Metrics): Record<string, { text: string; rows: number }> {
  const summary = formatSummaryCsv(metrics);
  return {
    "report/index.html": { text: renderReport(metrics), rows: 0 },
    "report/summary.csv": { text: summary, rows: summary.split("\n").length - 2 },
    "report/summary.json": { text: formatSummaryJson(metrics), rows: 0 },
  };
}

function countsOf({ doses, people }: Pick<Metrics, "doses" | "people">): NightCounts {
  const { records, cleaned, errors, exceptions } = countSets(doses);
  return { records, cleaned, errors, exceptions, people: people.records, ...doses.byCode };
}

/** The same command again: nothing is touched. */
function reportFinished(plan: RunPlan, paths: RunPaths, effects: Effects): NightOutcome {
  const metrics = JSON.parse(
    readFileSync(path.join(paths.published, "report/summary.json"), "utf8"),
  ) as Metrics;
  const summary = renderTerminalSummary({
    metrics,
    runDir: paths.published,
    isInteractive: effects.isInteractive,
  });
  effects.log.info({ run: plan.runId }, "already complete");
  return {
    exitCode: exitCodes.done,
    run: plan.runId,
    dir: paths.published,
    counts: countsOf(metrics),
    text: `${summary}\nThis run was complete already; nothing was done.\n`,
  };
}

async function dryRun(
  plan: RunPlan,
  paths: RunPaths,
  options: RunNightOptions,
  effects: Effects,
): Promise<NightOutcome> {
  const { text, plan: described } = await describePlan(plan, {
    isFinished: existsSync(path.join(paths.published, "manifest.json")),
    shardBytes: options.shardBytes ?? defaultShardBytes,
    workers: options.workers,
    tempDir: effects.env.TMPDIR ?? "/tmp",
  });
  return {
    exitCode: exitCodes.done,
    run: plan.runId,
    dir: paths.published,
    counts: {},
    plan: described,
    text,
  };
}
