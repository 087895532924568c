import { findingCatalogue } from "./finding-catalogue.js";
import { type FindingId, findingBit, findingIds } from "./findings.js";
import type { Verdict } from "./judge-record.js";

/** What a record shows of a mistake that others may have too: one of its findings. */
export interface Sign {
  /** Bit of the finding. */
  readonly bit: number;
  /** The record is not clean, and nothing else is wrong with it: put this right and it would be clean. */
  readonly isHeld: boolean;
}

/** Findings that another one of the same record says better; that one is the sign. */
const toldBetter: Readonly<Partial<Record<FindingId, readonly FindingId[]>>> = {
  "row.shifted": findingIds.filter((id) => id !== "row.shifted"),
  "register.several-different": ["name.different", "birth-date.different", "sex.different"],
  "birth-date.day-month-swapped": ["birth-date.different", "birth-date.impossible"],
  "birth-date.first-of-january": ["birth-date.different"],
  "vaccination-date.day-month-swapped": ["vaccination-date.impossible"],
};

/** The signs of a verdict: its findings, without those that another one says better. */
export function readSigns({ findings, code }: Pick<Verdict, "findings" | "code">): Sign[] {
  const silent = new Set(findings.flatMap((id) => toldBetter[id] ?? []));
  const wrong = findings.filter((id) => ["fault", "difference"].includes(findingCatalogue[id].kind));
  const isClean = code.set === "cleaned";
  return findings
    .filter((id) => !silent.has(id))
    .map((id) => ({
      bit: findingBit(id),
      isHeld: !isClean && wrong.every((other) => isSameMistake(id, other)),
    }));
}

function isSameMistake(sign: FindingId, other: FindingId): boolean {
  return (
    findingCatalogue[sign].field === findingCatalogue[other].field ||
    (toldBetter[sign]?.includes(other) ?? false)
  );
}
