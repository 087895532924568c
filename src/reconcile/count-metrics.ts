import { codeCatalogue } from "../judge/code-catalogue.js";
import type { Judge } from "../judge/judge-record.js";
import type { DimensionValues } from "./dimensions.js";
import type { RecordGroups } from "./group-records.js";
import { findHighest, lookUp } from "./look-up.js";
import type { Reconciliation } from "./reconcile.js";
import type { RunTable } from "./run-table.js";

export interface CountOptions {
  readonly table: RunTable;
  readonly judge: Judge;
  readonly reconciliation: Pick<Reconciliation, "verdicts" | "people">;
  readonly dimensions: readonly DimensionValues[];
}

/** Doses and people by cell, cells in ascending order; a cell is `value * codes + position of the code in the catalogue`. */
export interface CellCounts {
  readonly cells: Uint32Array;
  readonly doses: Uint32Array;
  readonly people: Uint32Array;
}

/** What one table adds to a run: numbers only, to be added up with those of the run's other people. */
export interface TableCounts {
  /** Of everything; its one value is 0. */
  readonly all: CellCounts;
  /** In the order of the dimensions asked for. */
  readonly dimensions: readonly CellCounts[];
  readonly findings: Readonly<Record<string, number>>;
}

/** Cells of one value. */
export const codes = codeCatalogue.length;

/**
 * Counts records and people by code, in all and for each value of each dimension. A person's code is the worst of
 * their records' (for a value: of their records with that value), so each person is in exactly one code.
 */
export function countTable({ table, judge, reconciliation, dimensions }: CountOptions): TableCounts {
  const { verdicts, people } = reconciliation;
  const judged = orderPeople(judge, verdicts, people);
  return {
    dimensions: dimensions.map(({ valuesOf }) => countCells(judged, valuesOf(table))),
    all: countCells(judged, new Uint32Array(table.records)),
    findings: countFindings(judge, verdicts),
  };
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

/** Doses and people by the value of a dimension and the code. */
function countCells(people: JudgedPeople, values: Uint32Array): CellCounts {
  const ordered = lookUp(people.members, values);
  return listCells(countValues(people, ordered, new Uint32Array((findHighest(ordered) + 1) * codes * 2)));
}

/** Adds to `counts` (as for `listCells`); `values` are in the order of the members. */
function countValues(
  { groups, starts, codes: codeAt }: JudgedPeople,
  values: Uint32Array,
  counts: Uint32Array,
): Uint32Array {
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
  return counts;
}

/**
 * The cells that hold something, in ascending order; `counts` holds the doses and, after them, the people of each cell.
 * A person is counted where a dose of theirs is.
 */
export function listCells(counts: Uint32Array): CellCounts {
  let filled = 0;
  for (let at = 0; at < counts.length; at += 2) if (counts[at] !== 0) filled++;
  const cells = new Uint32Array(filled);
  const doses = new Uint32Array(filled);
  const people = new Uint32Array(filled);
  let next = 0;
  for (let at = 0; at < counts.length; at += 2) {
    if (counts[at] === 0) continue;
    cells[next] = at / 2;
    doses[next] = counts[at] as number;
    people[next++] = counts[at + 1] as number;
  }
  return { cells, doses, people };
}

function countFindings(judge: Judge, verdicts: Uint32Array): Record<string, number> {
  const byVerdict = new Uint32Array(judge.verdicts.length);
  for (let record = 0; record < verdicts.length; record++) {
    const verdict = verdicts[record] as number;
    byVerdict[verdict] = (byVerdict[verdict] as number) + 1;
  }
  const counts: Record<string, number> = {};
  for (const { index, findings } of judge.verdicts) {
    const count = byVerdict[index] as number;
    if (count > 0) for (const id of findings) counts[id] = (counts[id] ?? 0) + count;
  }
  return counts;
}
