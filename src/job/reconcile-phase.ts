import type { Source } from "../ingest/source.js";
import { type Additions, orderAdditions } from "../reconcile/additions.js";
import type { JudgedPartition } from "../reconcile/judge-partition.js";
import { mergeCounts } from "../reconcile/merge-counts.js";
import type { AddedFinding } from "../reconcile/reconcile.js";
import type { Repeat } from "../reconcile/repeated-keys.js";
import { outlineRun, type RunOutline } from "../reconcile/run-table.js";
import type { Metrics } from "../report/metrics.js";
import type { AssessedShard } from "./assess-phase.js";
import { measureGates } from "./gates.js";
import { locateSections } from "./person-files.js";
import type { RunPlan } from "./plan-run.js";
import { findRepeats } from "./repeat-phase.js";
import { rulesVersion } from "./rules-version.js";
import type { JudgedRun, WorkerContext } from "./shard-worker.js";
import { shareJson } from "./shared-json.js";
import { mapInOrder, type WorkerPool } from "./worker-pool.js";

export interface ReconcilePhaseOptions {
  readonly plan: RunPlan;
  readonly sources: readonly Source[];
  readonly shards: readonly AssessedShard[];
  readonly context: WorkerContext;
  readonly pool: WorkerPool;
  readonly stop: AbortSignal;
}

/** A run that is judged and counted. */
export interface Reconciled {
  readonly outline: RunOutline;
  readonly repeats: readonly Repeat[];
  /** Every finding that records have because of others: with it, each shard can be judged alone. */
  readonly additions: Additions;
  /** By record: position of its code in the catalogue. */
  readonly codes: Uint8Array;
  readonly metrics: Metrics;
}

/**
 * Phase 2: looks across all records, judges and counts each. The people of the run are judged in `context.partitions`
 * parts, side by side, so what is in memory is a few parts and not the run.
 */
export async function reconcileRun(options: ReconcilePhaseOptions): Promise<Reconciled> {
  const { plan, sources, shards, context, pool, stop } = options;
  const outline = outlineRun(shards.map(({ source, file }) => ({ source, path: file })));
  const repeats = await findRepeats({ outline, shards, sources, context, pool, stop });
  const run = shareJson<JudgedRun>({
    places: outline.places,
    facilities: outline.facilities,
    shards: outline.shards.map(({ source, first }, position) => ({
      source,
      first,
      sections: locateSections((shards[position] as AssessedShard).file),
    })),
    sourceNames: sources.map(({ name }) => name),
  });
  const task = {
    context,
    run,
    ids: outline.shards.map(({ placeIds, facilityIds }) => ({ placeIds, facilityIds })),
    repeats: orderAdditions(repeats),
    codes: new Uint8Array(new SharedArrayBuffer(outline.records)),
  };
  const parts: JudgedPartition[] = [];
  await mapInOrder(
    Array.from({ length: context.partitions }, (_, partition) => partition),
    pool.width,
    stop,
    (partition) => pool.judge({ ...task, partition }),
    (part) => {
      parts.push(part);
    },
  );
  const added: AddedFinding[] = [...repeats];
  for (const part of parts) for (const one of part.added) added.push(one);
  return {
    outline,
    repeats,
    additions: orderAdditions(added),
    codes: task.codes,
    metrics: describeMetrics(plan, sources, outline, parts),
  };
}

function describeMetrics(
  plan: RunPlan,
  sources: readonly Source[],
  outline: RunOutline,
  parts: readonly JudgedPartition[],
): Metrics {
  const counts = mergeCounts(
    parts.map((part) => part.counts),
    plan.pipeline.report.dimensions,
  );
  const registerPeople = plan.register?.info.people ?? null;
  const found = {
    held: parts.reduce((sum, part) => sum + part.found.held, 0),
    missing: parts.reduce((sum, part) => sum + part.found.missing, 0),
  };
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
    files: describeFiles(sources, outline),
    gates: measureGates(plan.pipeline.gates, { doses: counts.doses, found, registerPeople }),
  };
}

function describeFiles(sources: readonly Source[], { shards }: RunOutline): Metrics["files"] {
  return sources.map(({ name, format, encoding, layout }, position) => {
    const own = shards.filter(({ source }) => source === position);
    return {
      name,
      format,
      encoding,
      layout,
      records: own.reduce((sum, { records }) => sum + records, 0),
      blankLines: own.reduce((sum, { blankLines }) => sum + blankLines, 0),
    };
  });
}
