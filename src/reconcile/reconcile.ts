import { noVaccine } from "../assess/assessment.js";
import { addFinding, type FindingId, findingWords } from "../judge/findings.js";
import type { Judge } from "../judge/judge-record.js";
import { checkPersonDoses } from "../vaccination/person-doses.js";
import type { Vaccine } from "../vaccination/vaccine.js";
import { groupRecords, type RecordGroups } from "./group-records.js";
import { knownPerson, type RunTable } from "./run-table.js";

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
  const { findings, comparison, slot, person } = columns;
  const verdicts = new Uint32Array(records);
  const judgeRecord = (record: number): boolean => {
    const verdict = judge.judge(findings, record * findingWords, comparison[record] as number);
    verdicts[record] = verdict.index;
    return verdict.code.set === "cleaned";
  };

  const added: AddedFinding[] = [];
  const isClean = new Uint8Array(records);
  for (let record = 0; record < records; record++) {
    if (!judgeRecord(record)) continue;
    // Whatever the policy accepts: a clean dose belongs to the live person its number leads to.
    isClean[record] = 1;
    person[record * 2] = knownPerson;
    person[record * 2 + 1] = slot[record] as number;
  }

  const people = groupRecords(person, records);
  const members: number[] = [];
  for (let group = 0; group < people.groups; group++) {
    members.length = 0;
    const end = people.starts[group + 1] as number;
    for (let at = people.starts[group] as number; at < end; at++) {
      const record = people.members[at] as number;
      if (isClean[record] === 1) members.push(record);
    }
    if (members.length === 0) continue;
    if (members.length === 1 && columns.dose[members[0] as number] === 1) continue;
    const found = checkPersonDoses(
      members.map((record) => ({
        day: columns.day[record] as number,
        dose: columns.dose[record] as number,
        vaccine:
          columns.vaccine[record] === noVaccine
            ? null
            : (vaccines[columns.vaccine[record] as number] as Vaccine),
      })),
    );
    for (const [position, ids] of found.entries()) {
      if (ids.length === 0) continue;
      const record = members[position] as number;
      for (const finding of ids) {
        addFinding(findings, record * findingWords, finding);
        added.push({ record, finding });
      }
      judgeRecord(record);
    }
  }
  return { verdicts, people, added };
}
