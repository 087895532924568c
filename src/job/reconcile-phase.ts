import { setImmediate } from "node:timers/promises";
import { causeDimensions } from "../causes/cause-groups.js";
import { endsWithLineBreak } from "../ingest/last-line.js";
import type { Source } from "../ingest/source.js";
import { type Additions, joinAdditions } from "../reconcile/additions.js";
import { numberValues } from "../reconcile/dimensions.js";
import { type FoundCount, JudgedTotals } from "../reconcile/judged-totals.js";
import type { RunCounts } from "../reconcile/run-counts.js";
import type { RunOutline } from "../reconcile/run-table.js";
import type { Metrics } from "../report/metrics.js";
import { mapInOrder } from "../threads/map-in-order.js";
import { buildVaccineTable } from "../vaccination/vaccine.js";
import type { AssessedRun, AssessedShard } from "./assess-phase.js";
import { type FindCausesOptions, findCauses } from "./cause-phase.js";
import { cutPartitions } from "./cut-partitions.js";
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
  /** Enough to know whether a gate withholds the outputs. */
  readonly sums: JudgedSums;
  readonly found: FoundCount;
  /** The whole metrics: each value of each dimension by name, and what many errors have in common. Needs the pool, once. */
  describe(): Promise<Metrics>;
}

/** The metrics that need no names. */
export type JudgedSums = Pick<Metrics, "run" | "doses" | "people" | "gates">;

/**
 * Phase 2: looks across all records, judges and counts each. The people of the run are judged in `context.partitions`
 * parts, side by side, so what is in memory is a few parts and not the run.
 */
export async function reconcileRun(options: ReconcilePhaseOptions): Promise<Reconciled> {
  const { plan, sources, shards, outline, again, context, pool, stop } = options;
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
  const dimensions = numberValues(causeDimensions, values);
  const totals = new JudgedTotals(numberValues(plan.pipeline.report.dimensions, values), dimensions);
  await mapInOrder(
    cutPartitions(context.partitions, outline.records, pool.width),
    pool.width,
    stop,
    (range) => pool.judge({ ...task, ...range }),
    (part) => totals.add(part),
  );
  const { counts, signs, found } = totals;
  const additions = joinAdditions([repeats, ...totals.added]);
  const registerPeople = plan.register?.info.people ?? null;
  const tally = counts.tally();
  const gates = measureGates(plan.pipeline.gates, { doses: tally.doses, found, registerPeople });
  const sums: JudgedSums = { run: describeRun(plan), ...tally, gates };
  return {
    repeats,
    additions,
    codes: task.codes,
    sums,
    found,
    describe: describeLater(options, { sums, counts, additions, totals: signs, dimensions }),
  };
}

interface Described extends Pick<FindCausesOptions, "additions" | "totals" | "dimensions"> {
  readonly sums: JudgedSums;
  readonly counts: RunCounts;
}

/** A function of its own: what it gives must not keep in memory what judging needed, nor, once it was called, what was counted. */
function describeLater(
  { plan: { tables }, sources, leftOut, shards, outline, context, pool, stop }: ReconcilePhaseOptions,
  described: Described,
): Reconciled["describe"] {
  let left: Described | null = described;
  return async () => {
    if (left === null) throw new Error("a run is described once");
    const {
      sums: { run, gates },
      counts,
      ...signs
    } = left;
    left = null;
    // Before each of the longer pieces, threads that have nothing to do get what waits for them.
    await setImmediate();
    const named = counts.describe(tables);
    await setImmediate();
    const causes = await findCauses({ ...signs, outline, shards, sources, tables, context, pool, stop });
    return { run, ...named, files: describeFiles(sources, outline), causes, leftOut, gates };
  };
}

function describeRun({ runId, pipeline, asOf, policy, register }: RunPlan): Metrics["run"] {
  return {
    id: runId,
    pipeline: pipeline.name,
    asOf,
    policy: policy.name,
    rulesVersion,
    registerVersion: register?.info.version ?? null,
    registerPeople: register?.info.people ?? 0,
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
