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

/** Records whose 12-digit number leads to a person, of all with a 12-digit number; null when there is none. */
function foundShare({ columns, records }: RunTable): number | null {
  const unknown = [findingBit("register.number-unknown"), findingBit("citizen-id.unknown-place")];
  let found = 0;
  let missing = 0;
  for (let record = 0; record < records; record++) {
    if ((columns.slot[record] as number) >= 0) found++;
    else {
      const at = record * findingWords;
      if (unknown.some((bit) => ((columns.findings[at + (bit >> 5)] as number) >>> (bit & 31)) & 1))
        missing++;
    }
  }
  return found + missing === 0 ? null : found / (found + missing);
}
