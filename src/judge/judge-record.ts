import type { Policy } from "../pipeline/policy.js";
import { type Code, codeCatalogue } from "./code-catalogue.js";
import { birthDateLevels, nameLevels, personStates, sexLevels, unpackComparison } from "./comparison.js";
import { findingCatalogue } from "./finding-catalogue.js";
import { type FindingId, findingBit, findingIds, findingWords } from "./findings.js";

/** What a policy makes of one combination of findings and comparison levels. */
export interface Verdict {
  /** Position in `Judge.verdicts`. */
  readonly index: number;
  readonly code: Code;
  /** Everything that is so about the record, in catalogue order, unproven repairs left out. */
  readonly findings: readonly FindingId[];
  /** Higher is worse: a person's verdict is the worst of their records'. */
  readonly badness: number;
}

/** Judges records by one policy; verdicts are few, so each is made once and then looked up. */
export interface Judge {
  readonly verdicts: readonly Verdict[];
  /** `words`: the record's findings, `findingWords` 32-bit words from `at`; `comparison`: packed levels. */
  judge(words: Uint32Array, at: number, comparison: number): Verdict;
}

/** Findings about the number as delivered that a proven repair answers. */
const answeredByRepair: readonly FindingId[] = [
  "citizen-id.old-number",
  "citizen-id.length",
  "citizen-id.characters",
  "citizen-id.other-number",
  "citizen-id.spreadsheet-damage",
  "register.number-cancelled",
];
const numberRepairs: readonly FindingId[] = [
  "citizen-id.separators",
  "citizen-id.float-suffix",
  "citizen-id.scientific",
  "citizen-id.leading-zeros",
  "citizen-id.look-alikes",
  "citizen-id.old-number-linked",
  "citizen-id.replaced",
];
const blankSex: readonly FindingId[] = ["sex.blank", "sex.unreadable"];

/** Makes a judge of `policy`. Codes and order come from the policy; a record always gets exactly one code. */
export function createJudge(policy: Policy): Judge {
  const verdicts: Verdict[] = [];
  const byKey = new Map<string, Verdict>();
  let lastKey = [0, 0, 0, -1];
  let last: Verdict | null = null;
  const rankByCode = rankCodes(policy);

  function judge(words: Uint32Array, at: number, comparison: number): Verdict {
    const w0 = words[at] as number;
    const w1 = words[at + 1] as number;
    const w2 = words[at + 2] as number;
    if (last && lastKey[0] === w0 && lastKey[1] === w1 && lastKey[2] === w2 && lastKey[3] === comparison)
      return last;
    const key = `${w0},${w1},${w2},${comparison}`;
    let verdict = byKey.get(key);
    if (verdict === undefined) {
      const findings = new Set<FindingId>();
      for (const [bit, id] of findingIds.entries()) {
        if (((words[at + (bit >> 5)] as number) >>> (bit & 31)) & 1) findings.add(id);
      }
      verdict = { index: verdicts.length, ...reachVerdict(policy, rankByCode, findings, comparison) };
      verdicts.push(verdict);
      byKey.set(key, verdict);
    }
    lastKey = [w0, w1, w2, comparison];
    last = verdict;
    return verdict;
  }
  return { verdicts, judge };
}

if (findingWords !== 3) throw new Error("createJudge reads three words of findings");

function reachVerdict(
  policy: Policy,
  rankByCode: ReadonlyMap<string, number>,
  findings: Set<FindingId>,
  packed: number,
): Omit<Verdict, "index"> {
  const levels = unpackComparison(packed);
  const name = nameLevels[levels.name] as (typeof nameLevels)[number];
  const birthDate = birthDateLevels[levels.birthDate] as (typeof birthDateLevels)[number];
  const sex = sexLevels[levels.sex] as (typeof sexLevels)[number];
  const person = personStates[levels.person];

  // A missing mark is the same name only beside an exact birth date (and sex, which knows no other kind).
  const accepted: readonly string[] = policy.authenticated.name;
  const isNameAuthentic = accepted.includes(name) && (name !== "marks-lost" || birthDate === "equal");
  const isBirthDateAuthentic = policy.authenticated.birthDate.includes(birthDate as never);
  const isSexAuthentic = policy.authenticated.sex.includes(sex as never);
  const isAuthenticated = person !== "none" && isNameAuthentic && isBirthDateAuthentic && isSexAuthentic;

  // What the register answered.
  const codes = new Map<FindingId, string>();
  if (person === "repaired" && !isAuthenticated) for (const id of numberRepairs) findings.delete(id);
  if (person === "found" && !isAuthenticated) {
    const differing: FindingId[] = [];
    const otherDiffers =
      (birthDate !== "not-compared" && !isBirthDateAuthentic) || (sex !== "not-compared" && !isSexAuthentic);
    // Lost marks are held against a record only when nothing else is: they do not make it another person.
    const isOnlyMarksLost = name === "marks-lost" && accepted.includes(name) && otherDiffers;
    if (name !== "not-compared" && !isNameAuthentic && !isOnlyMarksLost) differing.push("name.different");
    if (birthDate !== "not-compared" && !isBirthDateAuthentic) differing.push("birth-date.different");
    if (sex !== "not-compared" && !isSexAuthentic) differing.push("sex.different");
    for (const id of differing) findings.add(id);
    const { mismatch } = policy;
    if (differing.length > 1) {
      findings.add("register.several-different");
      codes.set("register.several-different", mismatch.several);
    } else {
      for (const id of differing) {
        codes.set(
          id,
          id === "name.different"
            ? mismatch.name
            : id === "sex.different"
              ? mismatch.sex
              : mismatch.birthDate,
        );
      }
    }
  }

  if (!isAuthenticated) findings.delete("name.marks-lost");

  // The first code in the policy's order.
  const isAnswered = (id: FindingId): boolean =>
    // The number does lead to people, to more than one: no carve-out, but work for a person (E60).
    (findings.has("register.ambiguous") && answeredByRepair.includes(id)) ||
    (isAuthenticated && person === "repaired" && answeredByRepair.includes(id)) ||
    (blankSex.includes(id) && findings.has("sex.filled-from-id"));
  let best: string | null = null;
  for (const id of findings) {
    const code = codes.get(id) ?? policy.codes[id];
    if (code === undefined || isAnswered(id)) continue;
    if (best === null || rank(rankByCode, code) < rank(rankByCode, best)) best = code;
  }
  if (best === null) {
    if (!isAuthenticated) throw new Error("a record is neither authenticated nor carries a code");
    best = authenticatedCode(findings);
  }
  const code = codeCatalogue.find((entry) => entry.code === best) as Code;
  return { code, findings: sortFindings(findings), badness: badnessOf(code, rank(rankByCode, best)) };
}

function authenticatedCode(findings: ReadonlySet<FindingId>): string {
  let code = "C1";
  for (const id of findings) {
    const { kind } = findingCatalogue[id];
    if (kind === "repair") return "C3";
    if (kind === "normalisation") code = "C2";
  }
  return code;
}

function sortFindings(findings: ReadonlySet<FindingId>): FindingId[] {
  return [...findings].sort((a, b) => findingBit(a) - findingBit(b));
}

/** Rank of every code by the policy's order of judgement; within one entry of the order, by the catalogue. */
function rankCodes(policy: Policy): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>();
  for (const [position, { code }] of codeCatalogue.entries()) {
    const entry = policy.order.findIndex((prefix) => code.startsWith(prefix));
    if (entry >= 0) ranks.set(code, entry * codeCatalogue.length + position);
  }
  return ranks;
}

function rank(ranks: ReadonlyMap<string, number>, code: string): number {
  return ranks.get(code) ?? Number.MAX_SAFE_INTEGER;
}

/** Errors are worse than exceptions, exceptions than cleaned; inside a set, what is judged first is worse, and C3 than C1. */
function badnessOf({ set, code }: Code, rankOfCode: number): number {
  if (set === "cleaned") return Number(code.slice(1));
  return (set === "errors" ? 2e6 : 1e6) - Math.min(rankOfCode, 999_999);
}
