import { codeCatalogue } from "../judge/code-catalogue.js";
import { personStates, unpackComparison } from "../judge/comparison.js";
import { findingBit, findingWords } from "../judge/findings.js";
import type { Judge } from "../judge/judge-record.js";
import type { Vaccine } from "../vaccination/vaccine.js";
import { packAdditions } from "./additions.js";
import { countTable } from "./count-metrics.js";
import { countSigns } from "./count-signs.js";
import type { FoundCount, JudgedTotals } from "./judged-totals.js";
import { loadPartition, type PartitionOptions } from "./load-partition.js";
import { reconcile } from "./reconcile.js";
import type { RunTable } from "./run-table.js";

export interface JudgePartitionOptions extends PartitionOptions {
  /** By record of the run: position of its code in the catalogue. Filled for the records of the partition. */
  readonly codes: Uint8Array<ArrayBufferLike>;
  readonly judge: Judge;
  readonly vaccines: readonly Vaccine[];
}

/** Judges all records of some of a run's people, and adds what is counted of them to `totals`. Errors as `loadPartition`. */
export function judgePartition(
  { codes, judge, vaccines, ...options }: JudgePartitionOptions,
  totals: JudgedTotals,
): void {
  const table = loadPartition(options, judge);
  const reconciliation = reconcile(table, judge, vaccines);
  const { recordIds } = table;
  const { verdicts } = reconciliation;
  noteCodes(codes, recordIds, verdicts, judge);
  countTable({ table, judge, reconciliation }, totals.counts);
  countSigns({ table, judge, verdicts, dimensions: totals.signDimensions }, totals.signs);
  const { records, bits } = packAdditions(reconciliation.added);
  totals.added.push({ records: records.map((record) => recordIds[record] as number), bits });
  totals.addFound(countFound(table));
}

function noteCodes(codes: Uint8Array, recordIds: Uint32Array, verdicts: Uint32Array, judge: Judge): void {
  const codeByVerdict = Uint8Array.from(judge.verdicts, ({ code }) => codeCatalogue.indexOf(code));
  for (let record = 0; record < recordIds.length; record++) {
    codes[recordIds[record] as number] = codeByVerdict[verdicts[record] as number] as number;
  }
}

/**
 * Of the records delivered with a 12-digit number: those whose number the register holds, alive, replaced or cancelled,
 * and the others. Numbers that only a repair gives count on neither side: they say nothing of the register.
 */
export function countFound({ columns, records }: Pick<RunTable, "columns" | "records">): FoundCount {
  let held = 0;
  let missing = 0;
  for (let record = 0; record < records; record++) {
    const at = record * findingWords;
    if (unpackComparison(columns.comparison[record] as number).person === foundAsDelivered) held++;
    else if (hasBit(columns.findings, at, cancelled)) held++;
    else if (hasBit(columns.findings, at, unknown) || hasBit(columns.findings, at, unknownPlace)) missing++;
  }
  return { held, missing };
}

const foundAsDelivered = personStates.indexOf("found");
const cancelled = findingBit("register.number-cancelled");
const unknown = findingBit("register.number-unknown");
const unknownPlace = findingBit("citizen-id.unknown-place");

function hasBit(words: Uint32Array, at: number, bit: number): boolean {
  return (((words[at + (bit >> 5)] as number) >>> (bit & 31)) & 1) === 1;
}
