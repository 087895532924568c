import type { FindingId } from "../judge/findings.js";
import { groupRecords } from "./group-records.js";
import type { RunTable } from "./run-table.js";

/** What a record delivered more than once is; the same for every policy. */
export interface Repeat {
  readonly record: number;
  readonly finding: Extract<FindingId, "record.delivered-twice" | "record.conflicting-content">;
}

/** Records, in input order, whose delivered record_id may stand in an earlier or later row too; by group. */
export function findRepeatedKeys({ columns, records }: Pick<RunTable, "columns" | "records">): number[][] {
  const { groups, starts, members } = groupRecords(columns.key, records);
  const repeated: number[][] = [];
  for (let group = 0; group < groups; group++) {
    const start = starts[group] as number;
    const end = starts[group + 1] as number;
    if (end - start > 1) repeated.push([...members.subarray(start, end)]);
  }
  return repeated;
}

/** What identifies a row's content: digests of its record_id and of its cells. */
export interface RowDigest {
  readonly id: string;
  readonly content: string;
}

/**
 * Tells repeated deliveries from conflicts. Contents equal: the first in input order keeps its own verdict, the others
 * are `record.delivered-twice` (E40). Contents differ: all are `record.conflicting-content` (E42); which one is right,
 * only a person can say.
 */
export function classifyRepeats(
  groups: readonly (readonly number[])[],
  digests: ReadonlyMap<number, RowDigest>,
): Repeat[] {
  const repeats: Repeat[] = [];
  for (const group of groups) {
    const byId = new Map<string, number[]>();
    for (const record of group) {
      const { id } = digests.get(record) as RowDigest;
      byId.set(id, [...(byId.get(id) ?? []), record]);
    }
    for (const records of byId.values()) {
      if (records.length < 2) continue;
      const contents = new Set(records.map((record) => (digests.get(record) as RowDigest).content));
      for (const [position, record] of records.entries()) {
        if (contents.size > 1) repeats.push({ record, finding: "record.conflicting-content" });
        else if (position > 0) repeats.push({ record, finding: "record.delivered-twice" });
      }
    }
  }
  return repeats.sort((a, b) => a.record - b.record);
}
