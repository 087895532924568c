import { noVaccine } from "../assess/assessment.js";
import { addFinding, findingWords } from "../judge/findings.js";
import type { Judge } from "../judge/judge-record.js";
import { checkPersonDoses } from "../vaccination/person-doses.js";
import type { Vaccine } from "../vaccination/vaccine.js";
import { groupRecords, type RecordGroups } from "./group-records.js";
import type { Repeat } from "./repeated-keys.js";
import type { RunTable } from "./run-table.js";

/** Every record's verdict, and who is one person. */
export interface Reconciliation {
  /** Position in `judge.verdicts`, by record. */
  readonly verdicts: Uint32Array;
  readonly people: RecordGroups;
}

/** Beside a slot: the first word of the key of somebody the register knows. */
const knownPerson = 0x80000000;

/**
 * Judges every record, with what only shows across records: repeated keys, and the doses of one person. Adds findings
 * to the table's own columns, so a table is reconciled once.
 */
export function reconcile(
  { columns, records }: Pick<RunTable, "columns" | "records">,
  judge: Judge,
  repeats: readonly Repeat[],
  vaccines: readonly Vaccine[],
): Reconciliation {
  const { findings, comparison, slot, person } = columns;
  const verdicts = new Uint32Array(records);
  const judgeRecord = (record: number): boolean => {
    const verdict = judge.judge(findings, record * findingWords, comparison[record] as number);
    verdicts[record] = verdict.index;
    return verdict.code.set === "cleaned";
  };

  for (const { record, finding } of repeats) addFinding(findings, record * findingWords, finding);
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
      for (const id of ids) addFinding(findings, record * findingWords, id);
      judgeRecord(record);
    }
  }
  return { verdicts, people };
}
