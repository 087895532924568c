import path from "node:path";
import type { Effects } from "../effects.js";
import { exitCodeOf, exitCodes } from "../errors.js";
import { refuseLink } from "../storage/atomic-file.js";
import { hashFile } from "../storage/file-hash.js";
import { killPoint } from "../storage/kill-point.js";
import { MemoryFolder } from "../storage/memory-folder.js";
import { noteWork } from "./audit-trail.js";
import { mostPastRuns } from "./collect-history.js";
import { holdWorkspace } from "./held-workspace.js";
import type { Ledger, LedgerRun, RunFinish } from "./ledger.js";
import { isPublished } from "./lost-runs.js";
import { defaultShardBytes, limitHeap } from "./memory-plan.js";
import { countInputBytes, type NightOutcome, reportFinished, type WorkedNight } from "./night-outcome.js";
import { planRun, type RunNightOptions, type RunPlan, requireInputs } from "./plan-run.js";
import { requireFreePlace, requireWholeRun } from "./published-place.js";
import { findKey } from "./run-key.js";
import { requireFreeLock } from "./run-lock.js";
import { describeLeftRun, requireUnfinished } from "./unfinished-run.js";
import type { Night } from "./work-night.js";
import { startWorkers } from "./worker-pool.js";
import { locateRun, locateWorkspace, type RunPaths } from "./workspace.js";

/**
 * A whole night: plan, lock, assess, reconcile, publish. The same inputs, pipeline, policy, register and day give the
 * same run id; a finished one is not done again, an unfinished one is gone on with. Throws `LamsachError` with the
 * exit code of what is wrong.
 */
export async function runNight(options: RunNightOptions, effects: Effects): Promise<NightOutcome> {
  const stop = effects.catchStop();
  // The fingerprints of a nation's deliveries take a while; a second run is to be told at once.
  if (!options.dryRun) requireFreeLock(locateWorkspace(path.resolve(effects.cwd, options.out)).lock);
  const key = findKey(options.keyFile, effects);
  // A plan needs no more than a thread for the fingerprints.
  const workers = options.dryRun ? 1 : options.workers;
  const pool = startWorkers(workers, limitHeap(options.memoryBytes));
  const memory = new MemoryFolder();
  try {
    // All but the thread that takes the first fingerprint.
    pool.prepare(workers - 1);
    const planning = planRun(options, effects, pool.hashFile, { key, memory });
    // Whoever needs it meets the failure, if there is one.
    if (!options.dryRun) loadWork().catch(() => {});
    const plan = await planning;
    requireInputs(plan);
    const paths = locateRun(plan.out, plan.runId);
    const night = { plan, paths, options, pool, memory, stop };
    if (options.dryRun) return await dryRun(night, effects);
    pool.prepare(workers);
    return await runPlanned(night, effects);
  } finally {
    await pool.close();
    memory.close();
  }
}

/** The phases, which are a good part of the program: loaded while threads take the fingerprints. */
function loadWork(): Promise<typeof import("./work-night.js")> {
  return import("./work-night.js");
}

async function runPlanned(night: Night, effects: Effects): Promise<NightOutcome> {
  const { plan, paths } = night;
  return await holdWorkspace(plan.out, effects, (ledger) =>
    noteNight(plan, paths, effects, async () => {
      refuseLink(paths.published);
      if (isPublished(paths)) {
        requireWholeRun(paths);
        return reportFinished(plan, paths, ledger, effects);
      }
      requireFreePlace(paths);
      if (night.options.resume) requireUnfinished(plan, ledger);
      else tellLeftRun(plan, ledger, effects);
      const last = night.options.comparesWithLast ? findLast(plan, ledger, effects) : {};
      return await keepInLedger(plan, ledger, effects, async () => {
        const earlier = ledger.listPublishedBefore(plan.runId, mostPastRuns);
        const { workThrough } = await loadWork();
        return workThrough({ ...night, last, earlier }, effects);
      });
    }),
  );
}

/** Says on stderr when there is none of the run's series, although the pipeline has others: then no gate holds it. */
function findLast(
  { runId, pipeline: { name }, series, out }: RunPlan,
  ledger: Ledger,
  effects: Effects,
): LedgerRun["measures"] {
  const last = ledger.findLastPublished(name, series, runId);
  if (last !== null) return last.measures;
  const hasOthers = ledger
    .listRuns()
    .some(({ pipeline, state }) => pipeline === name && state === "published");
  if (hasOthers) {
    effects.stderr(
      `lamsach: ${out}: no earlier run of ${name} looked for its inputs in the same places: this one is held against none.\n`,
    );
  }
  return {};
}

async function noteNight(
  { runId: run, identity, series, out }: RunPlan,
  paths: RunPaths,
  effects: Effects,
  work: () => Promise<NightOutcome>,
): Promise<NightOutcome> {
  const { pipeline, policy, tables, rules, register } = identity;
  const facts = {
    command: "run",
    run,
    inputs: identity.inputs.map(({ name, sha256 }) => ({ name, sha256 })),
    series,
    register,
    versions: { pipeline, policy, tables, rules },
  };
  const { result, audit } = await noteWork(out, facts, effects, async () => {
    const outcome = await work();
    const { exitCode } = outcome;
    return {
      result: outcome,
      exitCode,
      facts: isPublished(paths) ? { manifest: hashFile(paths.manifest) } : {},
    };
  });
  return { ...result, audit };
}

function tellLeftRun(plan: RunPlan, ledger: Ledger, effects: Effects): void {
  const left = describeLeftRun(plan, ledger);
  if (left !== null) effects.stderr(`lamsach: ${left}\n`);
}

async function keepInLedger(
  plan: RunPlan,
  ledger: Ledger,
  effects: Effects,
  work: () => Promise<WorkedNight>,
): Promise<NightOutcome> {
  const { runId: id, pipeline, asOf, identity, series } = plan;
  const startedAt = effects.now().toISOString();
  ledger.startRun({ id, pipeline: pipeline.name, asOf, identity, series, startedAt });
  killPoint("run-started");
  const finish = (state: RunFinish["state"], exitCode: number, worked?: WorkedNight): void => {
    const { counts = {} } = worked?.outcome ?? {};
    const finishedAt = effects.now().toISOString();
    ledger.finishRun(id, { state, exitCode, counts, measures: { ...worked?.measures }, finishedAt });
    killPoint("run-finished");
  };
  try {
    const worked = await work();
    const { outcome } = worked;
    finish(outcome.exitCode === exitCodes.done ? "published" : "withheld", outcome.exitCode, worked);
    return outcome;
  } catch (failure) {
    const exitCode = exitCodeOf(failure);
    const isStopped = exitCode === exitCodes.interrupted || exitCode === exitCodes.terminated;
    try {
      finish(isStopped ? "stopped" : "failed", exitCode);
    } catch {
      // The ledger is on the disk that failed: it still says `running`, which the next start corrects.
      effects.log.warn({ run: id, exitCode }, "the end of the run could not be noted");
    }
    throw failure;
  }
}

async function dryRun({ plan, paths, options, memory }: Night, effects: Effects): Promise<NightOutcome> {
  const { describePlan } = await import("./describe-plan.js");
  const { text, plan: described } = await describePlan(plan, {
    isFinished: isPublished(paths),
    shardBytes: options.shardBytes ?? defaultShardBytes,
    workers: options.workers,
    tempDir: plan.protection.sealKey === null ? (effects.env.TMPDIR ?? "/tmp") : memory.path,
  });
  const { runId: run } = plan;
  const refused = described.inputs.filter((input) => input.refused !== null).length;
  const maySpare = plan.pipeline.deliveries.onRefused === "leave-out" && refused < described.inputs.length;
  const isRefused = refused > 0 && !maySpare;
  const exitCode = isRefused ? exitCodes.input : exitCodes.done;
  const inputBytes = countInputBytes(plan);
  return {
    exitCode,
    run,
    dir: paths.published,
    counts: {},
    plan: described,
    inputBytes,
    metrics: null,
    text,
  };
}
