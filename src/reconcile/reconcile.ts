import { noVaccine } from "../assess/assessment.js";
import { addFinding, type FindingId, findingWords } from "../judge/findings.js";
import { type Judge, judgeAll } from "../judge/judge-record.js";
import { checkPersonDoses, type PersonDose } from "../vaccination/person-doses.js";
import type { Vaccine } from "../vaccination/vaccine.js";
import { groupRecords, type RecordGroups } from "./group-records.js";
import { isPlainSeries, listLeastDays } from "./plain-series.js";
import { type JudgedColumns, knownPerson, type RunTable } from "./run-table.js";

/** Every record's verdict, and who is one person. */
export interface Reconciliation {
  /** Position in `judge.verdicts`, by record. */
  readonly verdicts: Uint32Array;
  readonly people: RecordGroups;
  /** What only the other doses of a person show, by record in no order. */
  readonly added: readonly AddedFinding[];
}

/** A finding that a record has because of other records. */
export interface AddedFinding {
  readonly record: number;
  readonly finding: FindingId;
}

/**
 * Judges every record, with what only shows across the doses of one person. The table holds all records of its people,
 * and repeated keys are among its findings already. Adds findings to the table's own columns, so a table is reconciled
 * once.
 */
export function reconcile(
  { columns, records }: Pick<RunTable, "columns" | "records">,
  judge: Judge,
  vaccines: readonly Vaccine[],
): Reconciliation {
  const verdicts = judgeAll(judge, columns.findings, columns.comparison, records);
  const isClean = markClean(columns, verdicts, judge);
  const people = groupRecords(columns.person, records);
  const added = checkPeople(columns, people, isClean, vaccines);
  for (const { record } of added) {
    const { index } = judge.judge(
      columns.findings,
      record * findingWords,
      columns.comparison[record] as number,
    );
    verdicts[record] = index;
  }
  return { verdicts, people, added };
}

/** 1 by clean record, whose person is then the live one its number leads to, whatever the policy accepts. */
function markClean({ person, slot }: JudgedColumns, verdicts: Uint32Array, judge: Judge): Uint8Array {
  const isCleanVerdict = Uint8Array.from(judge.verdicts, ({ code }) => Number(code.set === "cleaned"));
  const isClean = new Uint8Array(verdicts.length);
  for (let record = 0; record < verdicts.length; record++) {
    if (isCleanVerdict[verdicts[record] as number] === 0) continue;
    isClean[record] = 1;
    person[record * 2] = knownPerson;
    person[record * 2 + 1] = slot[record] as number;
  }
  return isClean;
}

/** Adds to the findings what the clean doses of each person show together, and lists it. */
function checkPeople(
  columns: JudgedColumns,
  { groups, starts, members }: RecordGroups,
  isClean: Uint8Array,
  vaccines: readonly Vaccine[],
): AddedFinding[] {
  const added: AddedFinding[] = [];
  const leastDays = listLeastDays(vaccines);
  for (let group = 0; group < groups; group++) {
    const start = starts[group] as number;
    const end = starts[group + 1] as number;
    if (isPlainSeries(columns, isClean, leastDays, members, start, end)) continue;
    const clean = [...members.subarray(start, end)].filter((record) => isClean[record] === 1);
    const found = checkPersonDoses(clean.map((record) => readDose(columns, record, vaccines)));
    for (const [position, ids] of found.entries()) {
      const record = clean[position] as number;
      for (const finding of ids) {
        addFinding(columns.findings, record * findingWords, finding);
        added.push({ record, finding });
      }
    }
  }
  return added;
}

function readDose(
  { day, dose, vaccine }: JudgedColumns,
  record: number,
  vaccines: readonly Vaccine[],
): PersonDose {
  const given = vaccine[record] as number;
  return {
    day: day[record] as number,
    dose: dose[record] as number,
    vaccine: given === noVaccine ? null : (vaccines[given] as Vaccine),
  };
}
