import type { AssessmentColumns } from "../assess/assessment.js";
import { type FindingId, findingBit, findingWords } from "../judge/findings.js";
import type { Judge } from "../judge/judge-record.js";
import { readSigns } from "../judge/signs.js";
import { addSample, type SampledRecord } from "./sample-records.js";

/** A shard that holds records of suspicious groups. */
export interface ExamineOptions {
  /** Of the shard, with what other records made of them. */
  readonly columns: Pick<
    AssessmentColumns,
    "findings" | "comparison" | "day" | "place" | "facility" | "rowOffset" | "doseSlot"
  >;
  readonly records: number;
  /** Where the shard's records begin, in the run and in their source; where rows are counted from, in bytes. */
  readonly firstOfRun: number;
  readonly firstOfSource: number;
  readonly start: number;
  /** Position in the run's list of sources. */
  readonly source: number;
  /** Records of a part of the file. */
  readonly partRecords: number;
  readonly judge: Judge;
  /** By the shard's own number of a place and of a facility: the group, or -1. */
  readonly groupOfPlace: Int32Array;
  readonly groupOfFacility: Int32Array;
  /** Of all records of the source, or -1. */
  readonly groupOfFile: number;
  readonly suspects: readonly { readonly group: number; readonly finding: FindingId }[];
}

/**
 * What a shard shows of the suspects. A row of `groupings` and of `moments` has, after its `at`, the records, then those
 * found and those held of each finding of `listFindings`, in that order.
 */
export interface Examined {
  /** By the three groups that records are in at once (`keyOfGroups`). */
  readonly groupings: ReadonlyMap<number, Float64Array>;
  /** By group and vaccination day, of a file by group and part. */
  readonly moments: readonly ReadonlyMap<number, Float64Array>[];
  /** By suspect: some of the records found. */
  readonly samples: readonly (readonly SampledRecord[])[];
  /** By suspect: first record of the source that was found, by part; files only. */
  readonly firsts: readonly ReadonlyMap<number, SampledRecord>[];
}

/** The findings that suspects are suspected by, each once, in the order in which they first come. */
export function listFindings(suspects: readonly { readonly finding: FindingId }[]): FindingId[] {
  return [...new Set(suspects.map(({ finding }) => finding))];
}

/** One number for three groups, -1 for none. */
export function keyOfGroups(groups: readonly [number, number, number]): number {
  return groups.reduce((key, group) => key * keyBase + group + 1, 0);
}

/** The groups of a key, without those that are none. */
export function groupsOfKey(key: number): number[] {
  return [Math.floor(key / keyBase ** 2), Math.floor(key / keyBase) % keyBase, key % keyBase]
    .map((group) => group - 1)
    .filter((group) => group >= 0);
}

const keyBase = 1024;

/** Looks at the records of a shard that are in a suspicious group. */
export function examineShard(options: ExamineOptions): Examined {
  const { columns, records, judge, groupOfPlace, groupOfFacility, groupOfFile, suspects } = options;
  const findings = listFindings(suspects);
  const groups = suspects.reduce((most, { group }) => Math.max(most, group + 1), 0);
  const width = 1 + 2 * findings.length;
  const groupings = new Map<number, Float64Array>();
  const moments = Array.from({ length: groups }, () => new Map<number, Float64Array>());
  const samples = suspects.map((): SampledRecord[] => []);
  const firsts = suspects.map(() => new Map<number, SampledRecord>());
  const suspectsOf = Array.from({ length: groups }, (_, group) =>
    suspects.flatMap((suspect, position) =>
      suspect.group === group ? [{ position, place: findings.indexOf(suspect.finding) }] : [],
    ),
  );
  const signsOf = createSignReader(judge, findings);

  for (let record = 0; record < records; record++) {
    const place = groupOfPlace[columns.place[record] as number] as number;
    const facility = groupOfFacility[columns.facility[record] as number] as number;
    if (place < 0 && facility < 0 && groupOfFile < 0) continue;
    const verdict = judge.judge(
      columns.findings,
      record * findingWords,
      columns.comparison[record] as number,
    ).index;
    const signs = signsOf(verdict);
    add(groupings, keyOfGroups([place, facility, groupOfFile]), signs);
    const day = columns.day[record] as number;
    const part = Math.floor((options.firstOfSource + record) / options.partRecords);
    if (place >= 0) note(place, day, record, signs);
    if (facility >= 0) note(facility, day, record, signs);
    if (groupOfFile >= 0) note(groupOfFile, part, record, signs);
  }
  return { groupings, moments, samples, firsts };

  function note(group: number, at: number, record: number, signs: SignPlaces): void {
    add(moments[group] as Map<number, Float64Array>, at, signs);
    if (signs.found.length === 0) return;
    for (const { position, place } of suspectsOf[group] as (typeof suspectsOf)[number]) {
      if (!signs.found.includes(place)) continue;
      const sampled: SampledRecord = {
        record: options.firstOfRun + record,
        source: options.source,
        offset: options.start + (columns.rowOffset[record] as number),
        doseSlot: columns.doseSlot[record] as number,
      };
      addSample(samples[position] as SampledRecord[], sampled);
      const first = firsts[position] as Map<number, SampledRecord>;
      if (group === groupOfFile && !first.has(at)) first.set(at, sampled);
    }
  }

  function add(rows: Map<number, Float64Array>, at: number, { found, held }: SignPlaces): void {
    let row = rows.get(at);
    if (row === undefined) {
      row = new Float64Array(width);
      rows.set(at, row);
    }
    row[0] = (row[0] as number) + 1;
    for (const place of found) row[1 + place] = (row[1 + place] as number) + 1;
    for (const place of held) {
      const cell = 1 + findings.length + place;
      row[cell] = (row[cell] as number) + 1;
    }
  }
}

/** Positions among the findings of those that a record shows, and of those that alone keep it from being clean. */
interface SignPlaces {
  readonly found: readonly number[];
  readonly held: readonly number[];
}

function createSignReader(
  { verdicts }: Judge,
  findings: readonly FindingId[],
): (verdict: number) => SignPlaces {
  const places = new Map(findings.map((id, place) => [findingBit(id), place]));
  const known: SignPlaces[] = [];
  return (verdict) => {
    let signs = known[verdict];
    if (signs === undefined) {
      const own = readSigns(verdicts[verdict] as (typeof verdicts)[number]).filter(({ bit }) =>
        places.has(bit),
      );
      const placesOf = (some: typeof own): number[] => some.map(({ bit }) => places.get(bit) as number);
      signs = { found: placesOf(own), held: placesOf(own.filter(({ isHeld }) => isHeld)) };
      known[verdict] = signs;
    }
    return signs;
  };
}
