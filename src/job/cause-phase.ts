import { noDay } from "../assess/assessment.js";
import { type CauseGroup, causeDimensions, type Suspicion } from "../causes/cause-groups.js";
import type { Moment } from "../causes/change-point.js";
import type { SignTally } from "../causes/contrast.js";
import { Evidence } from "../causes/evidence.js";
import { findSuspects, sumSigns } from "../causes/find-suspects.js";
import { columnOf, measureCommonest } from "../causes/read-suspect-cells.js";
import { separateSuspects } from "../causes/separate-suspects.js";
import { type FoundCause, rankCauses, weighSuspect } from "../causes/weigh-suspects.js";
import type { Source } from "../ingest/source.js";
import { type FindingId, findingBit } from "../judge/findings.js";
import type { Tables } from "../pipeline/tables.js";
import { type Additions, sliceAdditions } from "../reconcile/additions.js";
import type { SignTotals } from "../reconcile/count-signs.js";
import type { DimensionValues } from "../reconcile/dimensions.js";
import { createJudgedColumns, type RunOutline, type ShardExtent } from "../reconcile/run-table.js";
import type { Cause } from "../report/metrics.js";
import { mapInOrder } from "../threads/map-in-order.js";
import { readVaccinationDate } from "../vaccination/vaccination-date.js";
import type { AssessedShard } from "./assess-phase.js";
import type { WorkerPool } from "./worker-pool.js";
import type { WorkerContext } from "./worker-tasks.js";

export interface FindCausesOptions {
  readonly outline: RunOutline;
  readonly shards: readonly AssessedShard[];
  readonly sources: readonly Source[];
  readonly tables: Tables;
  /** Every finding that records have because of others. */
  readonly additions: Additions;
  /** Signs by dimension, in the order of `causeDimensions`, and what names the values. */
  readonly totals: readonly SignTotals[];
  readonly dimensions: readonly DimensionValues[];
  readonly context: WorkerContext;
  readonly pool: Pick<WorkerPool, "examine" | "readCells" | "findLine" | "width">;
  readonly stop: AbortSignal;
}

/** Parts that all suspicious files are cut into, so that where a cause begins can be told: bounds what is in memory. */
const mostParts = 1 << 16;

/**
 * Last part of phase 2: finds what many errors have in common. Only when the counts make some group a suspect are the
 * assessments looked at once more, and a sample of the suspects' rows is read.
 */
export async function findCauses(options: FindCausesOptions): Promise<Cause[]> {
  const suspicion = findSuspects(options.totals, (group) => isNamed(options, group));
  if (suspicion.suspects.length === 0) return [];
  const evidence = await examineShards(options, suspicion);
  const kept = keepExplaining(options, suspicion, evidence);
  const found: FoundCause[] = [];
  for (const suspect of kept) {
    const cause = await weigh(options, suspicion, evidence, suspect);
    if (cause !== null) found.push(cause);
  }
  const causes: Cause[] = [];
  for (const cause of rankCauses(found)) causes.push(await describe(options, suspicion, evidence, cause));
  return causes;
}

function describeGroup({ dimensions, tables }: FindCausesOptions, { dimension, value }: CauseGroup) {
  return (dimensions[causeDimensions.indexOf(dimension)] as DimensionValues).describe(value, tables);
}

/** What is not given or in no table is nobody's: nobody can be asked there. */
function isNamed(options: FindCausesOptions, group: CauseGroup): boolean {
  const { key } = describeGroup(options, group);
  return group.dimension === "file" || (key !== "" && key !== "?");
}

async function examineShards(options: FindCausesOptions, suspicion: Suspicion): Promise<Evidence> {
  const { outline, shards, additions, context, pool, stop } = options;
  const evidence = new Evidence(suspicion);
  const groupOf = numberGroups(options, suspicion);
  const extents = describeSources(outline);
  const files = suspicion.groups.filter(({ dimension }) => dimension === "file").length;
  await mapInOrder(
    outline.shards,
    pool.width,
    stop,
    ({ source, first, records, start, placeIds, facilityIds }, position) => {
      const extent = extents.get(source) as SourceExtent;
      return pool.examine({
        context,
        file: (shards[position] as AssessedShard).file,
        additions: sliceAdditions(additions, first, records),
        suspects: suspicion.suspects,
        ...{ source, start, placeIds, facilityIds },
        firstOfRun: first,
        firstOfSource: first - extent.first,
        partRecords: Math.ceil((extent.records * files) / mostParts) || 1,
        groupOfRunPlace: groupOf.place,
        groupOfRunFacility: groupOf.facility,
        groupOfFile: groupOf.file[source] as number,
      });
    },
    (examined) => evidence.add(examined),
  );
  return evidence;
}

interface SourceExtent {
  readonly first: number;
  readonly records: number;
}

function describeSources({ shards }: RunOutline): Map<number, SourceExtent> {
  const extents = new Map<number, SourceExtent>();
  for (const { source, first, records } of shards) {
    const known = extents.get(source);
    extents.set(source, { first: known?.first ?? first, records: (known?.records ?? 0) + records });
  }
  return extents;
}

/** By the run's number of a place, a facility and a source: the group, or -1. */
function numberGroups({ outline, sources, dimensions }: FindCausesOptions, { groups }: Suspicion) {
  const byValue = (dimension: CauseGroup["dimension"]) => {
    const numbers = new Map<number, number>();
    for (const [number, group] of groups.entries()) {
      if (group.dimension === dimension) numbers.set(group.value, number);
    }
    return (value: number): number => numbers.get(value) ?? -1;
  };
  const { places, facilities } = outline;
  const columns = { ...createJudgedColumns(0), place: Uint32Array.from(places.keys()) };
  const provinces = (dimensions[0] as DimensionValues).valuesOf({
    ...{ records: places.length, columns, places, facilities, extents: [] },
  });
  return {
    place: shareNumbers(Array.from(provinces, byValue("province"))),
    facility: shareNumbers(Array.from(facilities.keys(), byValue("facility"))),
    file: Array.from(sources.keys(), byValue("file")),
  };
}

function shareNumbers(numbers: readonly number[]): Int32Array<SharedArrayBuffer> {
  const shared = new Int32Array(new SharedArrayBuffer(numbers.length * 4));
  shared.set(numbers);
  return shared;
}

/** The suspects that explain what the others show too; by position, in their order. */
function keepExplaining(
  { totals }: FindCausesOptions,
  { suspects }: Suspicion,
  evidence: Evidence,
): number[] {
  const findings = [...new Set(suspects.map(({ finding }) => finding))];
  return findings
    .flatMap((finding) => {
      const own = [...suspects.keys()].filter((suspect) => suspects[suspect]?.finding === finding);
      const groups = own.map((suspect) => suspects[suspect]?.group as number);
      const chosen = separateSuspects(groups, evidence.groupings(finding), totalOf(totals, finding));
      return own.filter((_, position) => chosen.includes(groups[position] as number));
    })
    .sort((a, b) => a - b);
}

function totalOf(totals: readonly SignTotals[], finding: FindingId): SignTally {
  return sumSigns(totals[0] as SignTotals, findingBit(finding));
}

async function weigh(
  options: FindCausesOptions,
  { groups, suspects }: Suspicion,
  evidence: Evidence,
  suspect: number,
): Promise<FoundCause | null> {
  const { group, finding } = suspects[suspect] as Suspicion["suspects"][number];
  const { dimension, value } = groups[group] as CauseGroup;
  const column = columnOf(finding);
  const cells = column === null ? [] : await readCells(options, evidence.sample(suspect), column);
  const table = options.totals[causeDimensions.indexOf(dimension)] as SignTotals;
  const own = table.tallyOf(value, findingBit(finding));
  const moments = evidence.moments(group, finding).filter(({ at }) => at !== noDay);
  const countFrom = (part: number): number => {
    const { first, records } = describeSources(options.outline).get(value) as SourceExtent;
    return first + records - (evidence.firstFrom(suspect, part)?.record ?? first);
  };
  const isDated = dimension === "file" || finding !== "vaccination-date.day-month-swapped";
  return weighSuspect({
    ...{ suspect, group, finding, dimension, own },
    all: totalOf(options.totals, finding),
    moments: isDated ? moments : dateSwapped(moments, own, cells),
    countFrom,
    commonestShare: measureCommonest(cells),
  });
}

/**
 * A swapped vaccination date that is none as it stands gives its record no day: the day is the one that day and month
 * make the other way round. `cells`: of all records found, or of a sample that stands for them.
 */
function dateSwapped(
  moments: readonly Moment[],
  { found, held }: SignTally,
  cells: readonly string[],
): Moment[] {
  const days = cells.flatMap((text) => readVaccinationDate(text).swappedDay ?? []);
  const byDay = new Map<number, Moment>(moments.map((moment) => [moment.at, moment]));
  for (const day of days) {
    const known = byDay.get(day) ?? { at: day, records: 0, found: 0, held: 0 };
    byDay.set(day, {
      at: day,
      records: known.records + found / days.length,
      found: known.found + found / days.length,
      held: known.held + held / days.length,
    });
  }
  return [...byDay.values()]
    .sort((a, b) => a.at - b.at)
    .map(({ at, records, found: some, held: kept }) => ({ at, records, found: some, held: kept }));
}

/** Cells of sampled records; no more is known of their order than that the same records give the same one. */
async function readCells(
  { sources, context, pool, stop }: FindCausesOptions,
  sample: ReturnType<Evidence["sample"]>,
  column: NonNullable<ReturnType<typeof columnOf>>,
): Promise<string[]> {
  const cells: string[] = [];
  const positions = [...new Set(sample.map(({ source }) => source))].sort((a, b) => a - b);
  await mapInOrder(
    positions,
    pool.width,
    stop,
    (position) =>
      pool.readCells({
        context,
        source: sources[position] as Source,
        records: sample.filter(({ source }) => source === position),
        column,
      }),
    (texts) => {
      cells.push(...texts);
    },
  );
  return cells;
}

async function describe(
  options: FindCausesOptions,
  { groups }: Suspicion,
  evidence: Evidence,
  { suspect, group, sincePart, ...cause }: FoundCause,
): Promise<Cause> {
  const place = groups[group] as CauseGroup;
  const first = sincePart === null ? null : evidence.firstFrom(suspect, sincePart);
  const { key, label } = describeGroup(options, place);
  const { kind, finding, saved, records, withFinding, restRecords, restWithFinding, sinceDay } = cause;
  return {
    ...{ kind, dimension: place.dimension, key, label, finding },
    ...{ saved, records, withFinding, restRecords, restWithFinding, sinceDay },
    sinceLine: first === null ? null : await findLine(options, first),
  };
}

/** The line on which a record's row begins. */
function findLine(
  { outline, sources, context, pool }: FindCausesOptions,
  { record, source, offset }: ReturnType<Evidence["sample"]>[number],
): Promise<number> {
  const own = outline.shards.filter((shard) => shard.source === source);
  const position = own.findIndex(({ first, records }) => record < first + records);
  const { start } = own[position] as ShardExtent;
  const before = own.slice(0, position).reduce((sum, { lines }) => sum + lines, 0);
  const read = sources[source] as Source;
  return pool.findLine({ context, source: read, start, firstLine: read.dataLine + before, offset });
}
