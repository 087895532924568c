import { codeCatalogue } from "../judge/code-catalogue.js";
import type { Judge } from "../judge/judge-record.js";
import { type CellTotals, codes } from "./cell-totals.js";
import type { RecordGroups } from "./group-records.js";
import { findHighest, lookUp } from "./look-up.js";
import type { Reconciliation } from "./reconcile.js";
import type { RunCounts } from "./run-counts.js";
import type { RunTable } from "./run-table.js";

export interface CountOptions {
  readonly table: RunTable;
  readonly judge: Judge;
  readonly reconciliation: Pick<Reconciliation, "verdicts" | "people">;
}

/**
 * Counts records and people by code, in all and for each value of each dimension of `counts`, and adds them there. A person's
 * code is the worst of their records' (for a value: of their records with that value), so each person is in exactly one code.
 */
export function countTable({ table, judge, reconciliation }: CountOptions, counts: RunCounts): void {
  const { verdicts, people } = reconciliation;
  const judged = orderPeople(judge, verdicts, people);
  for (const { named, totals } of counts.dimensions) countCells(judged, named.valuesOf(table), totals);
  countCells(judged, new Uint32Array(table.records), counts.all);
  countFindings(judge, verdicts, counts);
}

/** People with their records from the worst to the best, equally bad ones in input order. */
interface JudgedPeople extends RecordGroups {
  /** By position in `members`: the record's code, as its position in the catalogue. */
  readonly codes: Uint8Array;
}

function orderPeople(judge: Judge, verdicts: Uint32Array, people: RecordGroups): JudgedPeople {
  const members = orderByBadness(people, verdicts, rankVerdicts(judge));
  const codeByVerdict = Uint8Array.from(judge.verdicts, ({ code }) => codeCatalogue.indexOf(code));
  const codes = new Uint8Array(members.length);
  for (let at = 0; at < members.length; at++) {
    codes[at] = codeByVerdict[verdicts[members[at] as number] as number] as number;
  }
  return { ...people, members, codes };
}

/** By verdict: its place from the worst on, the same for equally bad ones. */
function rankVerdicts({ verdicts }: Judge): Uint32Array {
  const levels = [...new Set(verdicts.map(({ badness }) => badness))].sort((a, b) => b - a);
  const ranks = new Map(levels.map((badness, rank) => [badness, rank]));
  return Uint32Array.from(verdicts, ({ badness }) => ranks.get(badness) as number);
}

/** The members of each group in the order of their verdicts' ranks, then of the input. Linear in time. */
function orderByBadness(people: RecordGroups, verdicts: Uint32Array, ranks: Uint32Array): Uint32Array {
  const ordered = sortByRank(verdicts, ranks);
  const groupOf = listGroups(people);
  const next = people.starts.slice(0, people.groups);
  const members = new Uint32Array(ordered.length);
  for (let at = 0; at < ordered.length; at++) {
    const record = ordered[at] as number;
    const group = groupOf[record] as number;
    const place = next[group] as number;
    members[place] = record;
    next[group] = place + 1;
  }
  return members;
}

/** All records by the ranks of their verdicts, then in input order. */
function sortByRank(verdicts: Uint32Array, ranks: Uint32Array): Uint32Array {
  // How many records are of a lower rank, which is where the first of the rank goes.
  const next = new Uint32Array(ranks.length + 1);
  for (let record = 0; record < verdicts.length; record++) {
    const after = (ranks[verdicts[record] as number] as number) + 1;
    next[after] = (next[after] as number) + 1;
  }
  for (let rank = 1; rank < next.length; rank++) {
    next[rank] = (next[rank] as number) + (next[rank - 1] as number);
  }
  const ordered = new Uint32Array(verdicts.length);
  for (let record = 0; record < verdicts.length; record++) {
    const rank = ranks[verdicts[record] as number] as number;
    const place = next[rank] as number;
    ordered[place] = record;
    next[rank] = place + 1;
  }
  return ordered;
}

/** The group of each record. */
function listGroups({ groups, starts, members }: RecordGroups): Uint32Array {
  const groupOf = new Uint32Array(members.length);
  for (let group = 0; group < groups; group++) {
    const end = starts[group + 1] as number;
    for (let at = starts[group] as number; at < end; at++) groupOf[members[at] as number] = group;
  }
  return groupOf;
}

/** Adds doses and people by the value of a dimension and the code. */
function countCells(people: JudgedPeople, values: Uint32Array, totals: CellTotals): void {
  const ordered = lookUp(people.members, values);
  countValues(people, ordered, totals.upTo(findHighest(ordered) + 1));
}

/** Adds to `counts` (of `CellTotals`); `values` are in the order of the members. */
function countValues(
  { groups, starts, codes: codeAt }: JudgedPeople,
  values: Uint32Array,
  counts: Uint32Array,
): void {
  for (let person = 0; person < groups; person++) {
    const start = starts[person] as number;
    const end = starts[person + 1] as number;
    for (let at = start; at < end; at++) {
      const value = values[at] as number;
      const cell = (value * codes + (codeAt[at] as number)) * 2;
      counts[cell] = (counts[cell] as number) + 1;
      // Of the person's records with the value, the first is the worst.
      let first = start;
      while (values[first] !== value) first++;
      if (first === at) counts[cell + 1] = (counts[cell + 1] as number) + 1;
    }
  }
}

function countFindings(judge: Judge, verdicts: Uint32Array, counts: RunCounts): void {
  const byVerdict = new Uint32Array(judge.verdicts.length);
  for (let record = 0; record < verdicts.length; record++) {
    const verdict = verdicts[record] as number;
    byVerdict[verdict] = (byVerdict[verdict] as number) + 1;
  }
  for (const { index, findings } of judge.verdicts) {
    const count = byVerdict[index] as number;
    if (count > 0) for (const id of findings) counts.addFinding(id, count);
  }
}
