import { rmSync } from "node:fs";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Effects } from "../effects.js";
import { encodeAdditions } from "../reconcile/additions.js";
import { outlineRun } from "../reconcile/run-table.js";
import { loadRegisterIndex } from "../register/register-index.js";
import type { Metrics } from "../report/metrics.js";
import { makePrivateDir, writeFileAtomic } from "../storage/atomic-file.js";
import { derivePseudonymSecret } from "../storage/file-key.js";
import { holdFolders } from "../storage/held-folders.js";
import { killPoint } from "../storage/kill-point.js";
import type { MemoryFolder } from "../storage/memory-folder.js";
import { collectGarbage } from "../threads/collect-garbage.js";
import { workSideBySide } from "../threads/side-by-side.js";
import { type AssessedRun, type AssessedShard, assessSources } from "./assess-phase.js";
import { requireRows } from "./check-deliveries.js";
import { collectHistory } from "./collect-history.js";
import { type Gate, measureAgainstLast, type NightMeasures, takeMeasures } from "./gates.js";
import type { LedgerRun } from "./ledger.js";
import { removeLeftovers } from "./lost-runs.js";
import { formatManifest } from "./manifest.js";
import { fitMemory } from "./memory-plan.js";
import { describeOutcome, type WorkedNight, withhold } from "./night-outcome.js";
import { type OpenedInputs, openInputs, requireUnchanged } from "./open-inputs.js";
import type { RunNightOptions, RunPlan } from "./plan-run.js";
import { createProgress } from "./progress.js";
import { publishRun } from "./publish-run.js";
import { type Reconciled, reconcileRun } from "./reconcile-phase.js";
import { makeReport } from "./report-phase.js";
import type { ReportFiles } from "./run-report.js";
import { keepSource, writeRunState } from "./run-state.js";
import { shareValue } from "./shared-value.js";
import { requireRunSpace, requireSetSpace } from "./space-plan.js";
import type { WorkerPool } from "./worker-pool.js";
import type { WorkerContext } from "./worker-tasks.js";
import { listRunFolders, type RunPaths } from "./workspace.js";
import { writeSets } from "./write-sets.js";

/** A planned night and what it works with. */
export interface Night {
  readonly plan: RunPlan;
  readonly paths: RunPaths;
  readonly options: RunNightOptions;
  readonly pool: WorkerPool;
  readonly stop: AbortSignal;
  /** For what must not reach a disk in the clear. */
  readonly memory: MemoryFolder;
}

/** A night whose history is known. */
export interface HeldNight extends Night {
  /** The last published run of the pipeline and series; empty when there is none, or nobody asks. */
  readonly last: Partial<NightMeasures>;
  /** What the report tells of: see `collectHistory`. */
  readonly earlier: readonly LedgerRun[];
}

/**
 * The three phases of a night, to what it leaves. What holds whole records goes before the work begins, when a killed run
 * left it, and when the work fails; checkpoints stay. Throws `LamsachError` with the exit code of what is wrong.
 */
export async function workThrough(night: HeldNight, effects: Effects): Promise<WorkedNight> {
  removeLeftovers(night.paths);
  try {
    return await workInFolders(night, effects);
  } catch (failure) {
    try {
      removeLeftovers(night.paths);
    } catch {
      // The disk that failed the run may refuse this too; the next run removes them first.
      effects.log.warn({ run: night.plan.runId }, "decoded deliveries could not be removed");
    }
    throw failure;
  }
}

async function workInFolders(
  { plan, paths, options, pool, memory, stop, last, earlier }: HeldNight,
  effects: Effects,
): Promise<WorkedNight> {
  const { sealKey, pseudonyms } = plan.protection;
  const folders = listRunFolders(plan.out, paths);
  for (const folder of folders) makePrivateDir(folder);
  const requireSameFolders = holdFolders(folders);
  killPoint("work-folders-made");
  if (options.checksSpace) requireRunSpace(plan, paths);
  const opened = await openInputs(
    plan,
    sealKey === null ? { workDir: paths.sources, memory: null } : { workDir: memory.path, memory },
    stop,
  );
  killPoint("inputs-opened");
  if (options.checksSpace) requireSetSpace(plan, opened.sources, paths);
  const { shardBytes, partitions } = fitMemory(plan, opened.sources, options);
  const context: WorkerContext = {
    rules: shareRules(plan),
    register:
      plan.register === null
        ? null
        : {
            path: plan.register.readPath,
            index: loadRegisterIndex(plan.register.readPath),
            isCopy: plan.register.readPath !== plan.register.path,
            threadsToOpen: shareCount(options.workers),
          },
    partitions,
    sealKey,
    pseudonyms:
      pseudonyms === null
        ? null
        : { secret: derivePseudonymSecret(pseudonyms.key), columns: pseudonyms.columns },
  };
  const progress = createProgress(effects);
  const onShard = (done: number, all: number): void => progress.show("assess", done, all);
  let assessed: AssessedRun;
  try {
    assessed = await assessSources(
      { sources: opened.sources, shardBytes, shardsDir: paths.shards, context, pool, stop, onShard },
      effects,
    );
  } finally {
    progress.close();
  }
  requireSameFolders();
  const { sources, leftOut, shards } = requireRows(plan, { ...opened, shards: assessed.shards });
  // The same list when nothing was left out: then what was put together while reading holds.
  const outline =
    sources === opened.sources
      ? assessed.outline
      : outlineRun(
          shards.map(({ source, file }) => ({ source, path: file })),
          sealKey,
        );
  const { additions, sums, found, describe } = await judgeRecords();
  collectGarbage();
  const measures = takeMeasures(sums, found);
  const historyGates = measureAgainstLast(plan.pipeline.gates, measures, last);
  const isWithheld = [...sums.gates, ...historyGates].some(({ passed }) => !passed);
  // Threads write the report while the others write the sets into the staging folder, which becomes the run's, or goes.
  const sets = { outline, additions, sources, shards, context, pool, paths };
  const [written, { metrics, reportFiles }] = await workSideBySide(
    stop,
    async (stop) => (isWithheld ? null : writeSets({ ...sets, stop })),
    reportRun,
  );
  requireUnchanged(plan.inputs);
  requireSameFolders();
  // Before anything is published: what cannot be removed must not stay unseen beside a finished run.
  rmSync(paths.sources, { recursive: true, force: true });
  killPoint("sources-gone");
  const told = withGates(metrics, historyGates);
  if (written === null) return { outcome: withhold(plan, paths, told, reportFiles, effects), measures };
  await publishRun({
    paths,
    pool,
    stop,
    written,
    reportFiles,
    writeManifest: (files) => formatManifest(plan, leftOut, files),
  });
  effects.log.info({ run: plan.runId, records: metrics.doses.records }, "published");
  return { outcome: describeOutcome(plan, paths, told, effects), measures };

  /** Names what was counted and writes the report of it. */
  async function reportRun(): Promise<{ metrics: Metrics; reportFiles: ReportFiles }> {
    const metrics = await describe();
    await setImmediate();
    const history = collectHistory(plan.out, earlier, metrics, plan.tables, effects);
    const told = isWithheld ? withGates(metrics, historyGates) : metrics;
    const reportFiles = await makeReport({ metrics: told, history }, pool);
    collectGarbage();
    return { metrics, reportFiles };
  }

  /** What only the later commands need, as the code of every record, is in a file then and no longer in memory. */
  async function judgeRecords(): Promise<Omit<Reconciled, "codes" | "repeats">> {
    const { codes, repeats, ...judged } = await reconcileRun({
      plan,
      sources,
      leftOut,
      shards,
      outline,
      again: assessed.again,
      context,
      pool,
      stop,
    });
    killPoint("run-judged");
    keepState({ plan, paths, sources, shards, partitions }, { codes, repeats });
    return judged;
  }
}

function withGates(metrics: Metrics, more: readonly Gate[]): Metrics {
  return { ...metrics, gates: [...metrics.gates, ...more] };
}

function shareCount(count: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(4)).fill(count);
}

function shareRules({ pipeline, tables, policy, asOf }: RunPlan): WorkerContext["rules"] {
  return shareValue({ pipeline, tables, policy, asOf });
}

interface Kept {
  readonly plan: RunPlan;
  readonly paths: RunPaths;
  readonly sources: OpenedInputs["sources"];
  readonly shards: readonly AssessedShard[];
  readonly partitions: number;
}

/** Keeps what `judge` and `explain` need later. */
function keepState(
  { plan, paths, sources, shards, partitions }: Kept,
  { codes, repeats }: Pick<Reconciled, "codes" | "repeats">,
): void {
  writeFileAtomic(paths.codes, codes);
  killPoint("codes-written");
  writeFileAtomic(paths.repeats, encodeAdditions(repeats));
  killPoint("repeats-written");
  writeRunState(paths, {
    format: 3,
    partitions,
    pipelineFile: plan.pipeline.file,
    identity: plan.identity,
    registerPath: plan.register?.path ?? null,
    policyFile: plan.policy.file,
    sources: sources.map(keepSource),
    shards: shards.map(({ source, file }) => ({ source, file: path.basename(file) })),
  });
  killPoint("state-written");
}
