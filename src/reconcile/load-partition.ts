import type { Facility, Place } from "../assess/shard-lists.js";
import { addFindingBit, findingWords } from "../judge/findings.js";
import type { Judge } from "../judge/judge-record.js";
import type { FileKey } from "../storage/file-key.js";
import type { Additions } from "./additions.js";
import { leadsElsewhere, readSection, recordWords, takeRecord } from "./person-sections.js";
import { createJudgedColumns, type RunTable, type ShardExtent } from "./run-table.js";

/** A shard of the run and its records by person. */
export interface SectionedShard extends Pick<ShardExtent, "source" | "first" | "placeIds" | "facilityIds"> {
  /** File of `splitByPerson`. */
  readonly sections: string;
}

export interface PartitionOptions {
  readonly shards: readonly SectionedShard[];
  readonly partition: number;
  /** A power of two. */
  readonly partitions: number;
  readonly places: readonly Place[];
  readonly facilities: readonly Facility[];
  /** Repeated keys of the run. */
  readonly repeats: Additions;
  /** Of sections that are sealed. */
  readonly sealKey?: FileKey | null;
}

/** All records of some of a run's people. */
export interface PeopleTable extends RunTable {
  /** Position in the run of each record of the table. */
  readonly recordIds: Uint32Array;
}

/**
 * Loads one partition of a run: the records of its people, in input order, repeated keys noted. Who a clean record
 * belongs to is known only when it is judged, so `judge` says of those whose number leads elsewhere on which side they
 * are: each record of a run is in exactly one partition. Errors as `readSection`.
 */
export function loadPartition(
  { shards, partition, partitions, places, facilities, repeats, sealKey = null }: PartitionOptions,
  judge: Judge,
): PeopleTable {
  const sections = shards.map(({ sections: path }) => readSection(path, partition, partitions, sealKey));
  const most =
    sections.reduce((sum, { own, visitors }) => sum + own.length + visitors.length, 0) / recordWords;
  const columns = createJudgedColumns(most);
  const recordIds = new Uint32Array(most);
  const extents: { source: number; first: number; records: number }[] = [];
  let records = 0;
  let repeatAt = 0;
  for (const [position, { own, visitors }] of sections.entries()) {
    const { source, first, placeIds, facilityIds } = shards[position] as SectionedShard;
    const before = records;
    let ownAt = 0;
    let visitorAt = 0;
    while (ownAt < own.length || visitorAt < visitors.length) {
      // A record's position in its shard is the first of its words.
      const isVisitor =
        ownAt === own.length ||
        (visitorAt < visitors.length && (visitors[visitorAt] as number) < (own[ownAt] as number));
      const record =
        first +
        (isVisitor
          ? takeRecord(visitors, visitorAt, columns, records)
          : takeRecord(own, ownAt, columns, records));
      if (isVisitor) visitorAt += recordWords;
      else ownAt += recordWords;
      columns.place[records] = placeIds[columns.place[records] as number] as number;
      columns.facility[records] = facilityIds[columns.facility[records] as number] as number;
      recordIds[records] = record;
      noteRepeat(record, records);
      if (
        isVisitor
          ? isClean(records)
          : !leadsElsewhere(columns, records, partition, partitions) || !isClean(records)
      )
        records++;
    }
    extents.push({ source, first: before, records: records - before });
  }
  return { records, columns, recordIds: recordIds.subarray(0, records), places, facilities, extents };

  function noteRepeat(record: number, at: number): void {
    while (repeatAt < repeats.records.length && (repeats.records[repeatAt] as number) < record) repeatAt++;
    for (; repeats.records[repeatAt] === record; repeatAt++) {
      addFindingBit(columns.findings, at * findingWords, repeats.bits[repeatAt] as number);
    }
  }

  function isClean(record: number): boolean {
    const { code } = judge.judge(
      columns.findings,
      record * findingWords,
      columns.comparison[record] as number,
    );
    return code.set === "cleaned";
  }
}
