import { setImmediate } from "node:timers/promises";
import type { Source } from "../ingest/source.js";
import { createJudge, type Judge } from "../judge/judge-record.js";
import { countInSteps } from "../reconcile/count-metrics.js";
import { type Reconciliation, reconcile } from "../reconcile/reconcile.js";
import type { Repeat } from "../reconcile/repeated-keys.js";
import { loadRunTable, type RunTable } from "../reconcile/run-table.js";
import type { Metrics } from "../report/metrics.js";
import { buildVaccineTable } from "../vaccination/vaccine.js";
import type { AssessedShard } from "./assess-phase.js";
import { measureGates } from "./gates.js";
import type { RunPlan } from "./plan-run.js";
import { findRepeats } from "./repeat-phase.js";
import { rulesVersion } from "./rules-version.js";
import type { WorkerContext } from "./shard-worker.js";
import type { WorkerPool } from "./worker-pool.js";

export interface ReconcilePhaseOptions {
  readonly plan: RunPlan;
  readonly sources: readonly Source[];
  readonly shards: readonly AssessedShard[];
  readonly context: WorkerContext;
  readonly pool: WorkerPool;
  readonly stop: AbortSignal;
}

/** Every record with its verdict. */
export interface Reconciled {
  readonly table: RunTable;
  readonly repeats: readonly Repeat[];
  readonly judge: Judge;
  readonly reconciliation: Reconciliation;
}

/** Phase 2: looks across all records and judges each. */
export async function reconcileRun(options: ReconcilePhaseOptions): Promise<Reconciled> {
  const { plan, sources, shards, context, pool, stop } = options;
  const table = loadRunTable(shards.map(({ source, file }) => ({ source, path: file })));
  const repeats = await findRepeats(table, sources, context, pool, stop);
  const { vaccines } = buildVaccineTable(plan.tables.vaccines);
  const judge = createJudge(plan.policy);
  const reconciliation = reconcile(table, judge, repeats, vaccines);
  return { table, repeats, judge, reconciliation };
}

/** Counts a reconciled run, in steps that let other work in between. */
export async function countRecords(
  { plan, sources }: Pick<ReconcilePhaseOptions, "plan" | "sources">,
  { table, judge, reconciliation }: Reconciled,
): Promise<Metrics> {
  const steps = countInSteps({
    table,
    judge,
    reconciliation,
    vaccines: buildVaccineTable(plan.tables.vaccines).vaccines,
    dimensions: plan.pipeline.report.dimensions,
    sourceNames: sources.map(({ name }) => name),
    tables: plan.tables,
  });
  let step = steps.next();
  while (!step.done) {
    await setImmediate();
    step = steps.next();
  }
  const counts = step.value;
  await setImmediate();
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
    files: describeFiles(sources, table),
    gates: measureGates(plan.pipeline.gates, { doses: counts.doses, table, registerPeople }),
  };
}

function describeFiles(sources: readonly Source[], { shards }: RunTable): Metrics["files"] {
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
