import { findingCatalogue } from "../judge/finding-catalogue.js";
import type { FindingId } from "../judge/findings.js";

/** What a verdict's findings mean for the standard values; rules are finding ids joined by `+`, "" when there are none. */
export interface StandardRules {
  readonly citizenId: string;
  readonly fullName: string;
  readonly sex: string;
  /** The standard name is the register's own: the delivered one cannot be read without it. */
  readonly takesRegisterName: boolean;
}

const needsRegisterName = ["name.marks-lost", "name.tcvn3", "name.vni", "name.mojibake", "name.digits"];

/** Reads the findings of a verdict once for all its records. */
export function deriveStandardRules(findings: readonly FindingId[]): StandardRules {
  const joinRules = (prefix: string): string =>
    findings.filter((id) => id.startsWith(prefix) && changesValue(id)).join("+");
  return {
    citizenId: joinRules("citizen-id."),
    fullName: joinRules("name."),
    sex: deriveSexRule(findings, joinRules),
    takesRegisterName: findings.some((id) => needsRegisterName.includes(id)),
  };
}

/** A sex that was filled in, or that a policy accepts although the register's is another, is this record's change. */
function deriveSexRule(findings: readonly FindingId[], joinRules: (prefix: string) => string): string {
  if (findings.includes("sex.filled-from-id")) return joinRules("sex.");
  return findings.includes("sex.different") ? "sex.different" : "";
}

function changesValue(finding: FindingId): boolean {
  const { kind } = findingCatalogue[finding];
  return kind === "repair" || kind === "normalisation";
}
