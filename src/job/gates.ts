import type { Pipeline } from "../pipeline/pipeline.js";
import type { FoundCount } from "../reconcile/judge-partition.js";
import type { Metrics, Tally } from "../report/metrics.js";
import { countSets } from "../report/percentages.js";

export type Gate = Metrics["gates"][number];

/**
 * Measures a run against the pipeline's gates. A share of nothing is null and passes: an empty delivery is told by its
 * counts, not by a gate.
 */
export function measureGates(
  limits: Pipeline["gates"],
  { doses, found, registerPeople }: { doses: Tally; found: FoundCount; registerPeople: number | null },
): Gate[] {
  const { records, errors } = countSets(doses);
  const foundShare = registerPeople === null ? null : shareOf(found);
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
      value: foundShare,
      passed: foundShare === null || foundShare >= limits.minFoundShare,
    },
    {
      name: "minRegisterPeople",
      limit: limits.minRegisterPeople,
      value: registerPeople,
      passed: registerPeople === null || registerPeople >= limits.minRegisterPeople,
    },
  ];
}

/** Null when no record counts on either side. */
function shareOf({ held, missing }: FoundCount): number | null {
  return held + missing === 0 ? null : held / (held + missing);
}
