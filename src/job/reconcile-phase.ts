import { causeDimensions } from "../causes/cause-groups.js";
import { endsWithLineBreak } from "../ingest/last-line.js";
import type { Source } from "../ingest/source.js";
import { type Additions, joinAdditions } from "../reconcile/additions.js";
import { type Counts, RunCounts } from "../reconcile/count-metrics.js";
import { SignTotals } from "../reconcile/count-signs.js";
import { numberValues } from "../reconcile/dimensions.js";
import type { FoundCount } from "../reconcile/judge-partition.js";
import type { RunOutline } from "../reconcile/run-table.js";
import type { Metrics } from "../report/metrics.js";
import { mapInOrder } from "../threads/map-in-order.js";
import { buildVaccineTable } from "../vaccination/vaccine.js";
import type { AssessedRun, AssessedShard } from "./assess-phase.js";
import { findCauses } from "./cause-phase.js";
import { measureGates } from "./gates.js";
import type { OpenedInputs } from "./open-inputs.js";
import { locateSections } from "./person-files.js";
import type { RunPlan } from "./plan-run.js";
import { findRepeats } from "./repeat-phase.js";
import { rulesVersion } from "./rules-version.js";
import { shareValue } from "./shared-value.js";
import type { WorkerPool } from "./worker-pool.js";
import type { JudgedRun, WorkerContext } from "./worker-tasks.js";

export interface ReconcilePhaseOptions {
  readonly plan: RunPlan;
  readonly sources: readonly Source[];
  readonly leftOut: OpenedInputs["leftOut"];
  readonly shards: readonly AssessedShard[];
  readonly outline: RunOutline;
  /** As `FindRepeatsOptions.again`. */
  readonly again: AssessedRun["again"];
  readonly context: WorkerContext;
  readonly pool: WorkerPool;
  readonly stop: AbortSignal;
}

/** A run that is judged and counted. */
export interface Reconciled {
  /** What records delivered more than once have, whatever the policy. */
  readonly repeats: Additions;
  /** Every finding that records have because of others: with it, each shard can be judged alone. */
  readonly additions: Additions;
  /** By record: position of its code in the catalogue. */
  readonly codes: Uint8Array;
  readonly metrics: Metrics;
  readonly found: FoundCount;
}

/**
 * Phase 2: looks across all records, judges and counts each. The people of the run are judged in `context.partitions`
 * parts, side by side, so what is in memory is a few parts and not the run.
 */
export async function reconcileRun(options: ReconcilePhaseOptions): Promise<Reconciled> {
  const { plan, sources, leftOut, shards, outline, again, context, pool, stop } = options;
  const repeats = await findRepeats({ outline, again, shards, sources, context, pool, stop });
  const sourceNames = sources.map(({ name }) => name);
  const run = shareValue<JudgedRun>({
    places: outline.places,
    facilities: outline.facilities,
    shards: outline.shards.map(({ source, first }, position) => ({
      source,
      first,
      sections: locateSections((shards[position] as AssessedShard).file),
    })),
    sourceNames,
  });
  const task = {
    context,
    run,
    ids: outline.shards.map(({ placeIds, facilityIds }) => ({ placeIds, facilityIds })),
    repeats: repeats,
    codes: new Uint8Array(new SharedArrayBuffer(outline.records)),
  };
  const { vaccines } = buildVaccineTable(plan.tables.vaccines);
  const values = { ...outline, sourceNames, vaccines };
  const counts = new RunCounts(numberValues(plan.pipeline.report.dimensions, values));
  const totals = causeDimensions.map(() => new SignTotals());
  const added: Additions[] = [repeats];
  const found = { held: 0, missing: 0 };
  await mapInOrder(
    Array.from({ length: context.partitions }, (_, partition) => partition),
    pool.width,
    stop,
    (partition) => pool.judge({ ...task, partition }),
    (part) => {
      counts.add(part.counts);
      for (const [position, signs] of part.signs.entries()) totals[position]?.add(signs);
      added.push(part.added);
      found.held += part.found.held;
      found.missing += part.found.missing;
    },
  );
  const additions = joinAdditions(added);
  const causes = await findCauses({
    ...{ outline, shards, sources, tables: plan.tables, additions, totals, context, pool, stop },
    dimensions: numberValues(causeDimensions, values),
  });
  return {
    repeats,
    additions,
    codes: task.codes,
    metrics: describeMetrics({
      plan,
      sources,
      leftOut,
      outline,
      counts: counts.describe(plan.tables),
      found,
      causes,
    }),
    found,
  };
}

interface Measured extends Pick<ReconcilePhaseOptions, "plan" | "sources" | "leftOut"> {
  readonly outline: RunOutline;
  readonly counts: Counts;
  readonly found: FoundCount;
  readonly causes: Metrics["causes"];
}

function describeMetrics({ plan, sources, leftOut, outline, counts, found, causes }: Measured): Metrics {
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
    files: describeFiles(sources, outline),
    causes,
    leftOut,
    gates: measureGates(plan.pipeline.gates, { doses: counts.doses, found, registerPeople }),
  };
}

function describeFiles(sources: readonly Source[], { shards }: RunOutline): Metrics["files"] {
  return sources.map((source, position) => {
    const { name, format, encoding, layout } = source;
    const own = shards.filter(({ source }) => source === position);
    return {
      name,
      format,
      encoding,
      layout,
      records: own.reduce((sum, { records }) => sum + records, 0),
      blankLines: own.reduce((sum, { blankLines }) => sum + blankLines, 0),
      isWhole: endsWithLineBreak(source),
    };
  });
}
