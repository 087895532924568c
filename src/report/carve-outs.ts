import { codeFamily } from "../judge/code-catalogue.js";
import type { UnitCounts } from "./funnel.js";
import type { Metrics, Tally } from "./metrics.js";

/** A reason of Decision 2491/QĐ-BYT, and the doses and people that are excepted for it. */
export interface CarveOut extends UnitCounts {
  /** The family that its codes are of. */
  readonly family: string;
  readonly vi: string;
  readonly en: string;
}

/** The three reasons for which Decision 2491/QĐ-BYT of 13/06/2023 excepts a record. */
const reasons = [
  { family: "X1", vi: "Không có số định danh", en: "No citizen ID" },
  { family: "X2", vi: "Số định danh sai định dạng", en: "Citizen ID in the wrong format" },
  { family: "X3", vi: "Sai thông tin cá nhân", en: "Wrong personal information" },
] as const;

/**
 * Exceptions by reason; they add up to all exceptions in doses and in people, because a person too has one code, the
 * worst among their records.
 */
export function countCarveOuts({ doses, people }: Pick<Metrics, "doses" | "people">): CarveOut[] {
  return reasons.map((reason) => ({
    ...reason,
    doses: countFamily(doses, reason.family),
    people: countFamily(people, reason.family),
  }));
}

function countFamily({ byCode }: Tally, family: string): number {
  return Object.entries(byCode).reduce(
    (sum, [code, count]) => sum + (codeFamily(code) === family ? count : 0),
    0,
  );
}
