import { personStates, unpackComparison } from "../judge/comparison.js";
import { findingBit, findingWords } from "../judge/findings.js";
import type { Pipeline } from "../pipeline/pipeline.js";
import type { RunTable } from "../reconcile/run-table.js";
import type { Metrics, Tally } from "../report/metrics.js";
import { countSets } from "../report/percentages.js";

export type Gate = Metrics["gates"][number];

/**
 * Measures a run against the pipeline's gates. A share of nothing is null and passes: an empty delivery is told by its
 * counts, not by a gate.
 */
export function measureGates(
  limits: Pipeline["gates"],
  { doses, table, registerPeople }: { doses: Tally; table: RunTable; registerPeople: number | null },
): Gate[] {
  const { records, errors } = countSets(doses);
  const found = registerPeople === null ? null : foundShare(table);
  const errorShare = records === 0 ? null : errors / records;
  return [
    {
      name: "maxErrorShare",
      limit: limits.maxErrorShare,
      value: errorShare,
      passed: errorShare === null || errorShare <= limits.maxErrorShare,
    },
    {
      name: "minFoundShare",
      limit: limits.minFoundShare,
      value: found,
      passed: found === null || found >= limits.minFoundShare,
    },
    {
      name: "minRegisterPeople",
      limit: limits.minRegisterPeople,
      value: registerPeople,
      passed: registerPeople === null || registerPeople >= limits.minRegisterPeople,
    },
  ];
}

/**
 * Of the records delivered with a 12-digit number, those whose number the register holds, alive, replaced or cancelled;
 * null when there is none. Numbers that only a repair gives count on neither side: they say nothing of the register.
 */
function foundShare({ columns, records }: RunTable): number | null {
  let held = 0;
  let missing = 0;
  for (let record = 0; record < records; record++) {
    const at = record * findingWords;
    if (unpackComparison(columns.comparison[record] as number).person === foundAsDelivered) held++;
    else if (hasBit(columns.findings, at, cancelled)) held++;
    else if (hasBit(columns.findings, at, unknown) || hasBit(columns.findings, at, unknownPlace)) missing++;
  }
  return held + missing === 0 ? null : held / (held + missing);
}

const foundAsDelivered = personStates.indexOf("found");
const cancelled = findingBit("register.number-cancelled");
const unknown = findingBit("register.number-unknown");
const unknownPlace = findingBit("citizen-id.unknown-place");

function hasBit(words: Uint32Array, at: number, bit: number): boolean {
  return (((words[at + (bit >> 5)] as number) >>> (bit & 31)) & 1) === 1;
}
