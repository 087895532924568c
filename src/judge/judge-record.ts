import type { Policy } from "../pipeline/policy.js";
import { type Code, codeCatalogue } from "./code-catalogue.js";
import {
  type BirthDateLevel,
  birthDateLevels,
  isDifferentBirthDate,
  isDifferentName,
  isDifferentSex,
  type NameLevel,
  nameLevels,
  type PersonState,
  personStates,
  type SexLevel,
  sexLevels,
  unpackComparison,
} from "./comparison.js";
import { findingCatalogue } from "./finding-catalogue.js";
import { type FindingId, findingBit, findingIds, findingWords } from "./findings.js";

/** What a policy makes of one combination of findings and comparison levels. */
export interface Verdict {
  /** Position in `Judge.verdicts`. */
  readonly index: number;
  readonly code: Code;
  /** Everything that is so about the record, in catalogue order, what only an unproven candidate says left out. */
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
const fontRepairs: readonly FindingId[] = ["name.tcvn3", "name.vni", "name.mojibake"];
const nameRepairs: readonly FindingId[] = [...fontRepairs, "name.digits"];
/** What a damaged text looked like: no finding beside the repair. */
const nameForms: readonly FindingId[] = [
  "name.case",
  "name.unicode-form",
  "name.spaces",
  "name.punctuation",
  "name.tone-placement",
  "name.invisible-characters",
];
/** What only the person says whom the number leads to. */
const personWarnings: readonly FindingId[] = [
  "citizen-id.sex-digit",
  "citizen-id.year-digits",
  "register.deceased",
];
/** What the digits of the number say, of the one delivered too when that has twelve. */
const digitFindings: readonly FindingId[] = ["citizen-id.guardian", "sex.filled-from-id"];
const blankSex: readonly FindingId[] = ["sex.blank", "sex.unreadable"];

/** Makes a judge of `policy`. Codes and order come from the policy; a record always gets exactly one code. */
export function createJudge(policy: Policy): Judge {
  const verdicts: Verdict[] = [];
  const known = new Map<number, KnownVerdict>();
  let last: KnownVerdict | null = null;
  const rankByCode = rankCodes(policy);

  function judge(words: Uint32Array, at: number, comparison: number): Verdict {
    const w0 = words[at] as number;
    const w1 = words[at + 1] as number;
    const w2 = words[at + 2] as number;
    if (last?.w0 === w0 && last.w1 === w1 && last.w2 === w2 && last.comparison === comparison)
      return last.verdict;
    const hash =
      Math.imul(w0 ^ Math.imul(w1, 0x9e3779b1), 0x85ebca6b) ^
      Math.imul(w2 ^ (comparison << 20), 0xc2b2ae35) ^
      comparison;
    const head = known.get(hash) ?? null;
    for (let one = head; one !== null; one = one.next) {
      if (one.w0 !== w0 || one.w1 !== w1 || one.w2 !== w2 || one.comparison !== comparison) continue;
      last = one;
      return one.verdict;
    }
    const findings = new Set<FindingId>();
    for (const [bit, id] of findingIds.entries()) {
      if (((words[at + (bit >> 5)] as number) >>> (bit & 31)) & 1) findings.add(id);
    }
    const verdict = { index: verdicts.length, ...reachVerdict(policy, rankByCode, findings, comparison) };
    verdicts.push(verdict);
    last = { w0, w1, w2, comparison, verdict, next: head };
    known.set(hash, last);
    return verdict;
  }
  return { verdicts, judge };
}

/** Positions in `judge.verdicts` of so many records. */
export function judgeAll(
  { judge }: Judge,
  findings: Uint32Array,
  comparison: Uint16Array,
  records: number,
): Uint32Array {
  const verdicts = new Uint32Array(records);
  for (let record = 0; record < records; record++) {
    verdicts[record] = judge(findings, record * findingWords, comparison[record] as number).index;
  }
  return verdicts;
}

/** A combination that was judged, and the others of its hash. */
interface KnownVerdict {
  readonly w0: number;
  readonly w1: number;
  readonly w2: number;
  readonly comparison: number;
  readonly verdict: Verdict;
  readonly next: KnownVerdict | null;
}

if (findingWords !== 3) throw new Error("createJudge reads three words of findings");

function reachVerdict(
  policy: Policy,
  rankByCode: ReadonlyMap<string, number>,
  findings: Set<FindingId>,
  packed: number,
): Omit<Verdict, "index"> {
  const levels = readLevels(policy, packed);
  const { person, isAuthenticated } = levels;
  if (isAuthenticated) noteAccepted(findings, packed);
  else dropUnproven(findings, person);
  const codes = person === "found" && !isAuthenticated ? noteDifferences(policy, findings, levels) : noCodes;

  // The first code in the policy's order.
  const isAnswered = (id: FindingId): boolean =>
    // The number does lead to people, to more than one: no carve-out, but work for a person (E60).
    (findings.has("register.ambiguous") && answeredByRepair.includes(id)) ||
    // Nobody has asked yet whether the number can be repaired (E61).
    (findings.has("register.not-consulted") && answeredByRepair.includes(id)) ||
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

const noCodes: ReadonlyMap<FindingId, string> = new Map();

/** The levels by name, and what the policy makes of each. */
interface Levels {
  readonly name: NameLevel;
  readonly birthDate: BirthDateLevel;
  readonly sex: SexLevel;
  readonly person: PersonState;
  readonly isNameAuthentic: boolean;
  readonly isBirthDateAuthentic: boolean;
  readonly isSexAuthentic: boolean;
  readonly isAuthenticated: boolean;
}

function readLevels({ authenticated }: Policy, packed: number): Levels {
  const levels = unpackComparison(packed);
  const name = nameLevels[levels.name] as NameLevel;
  const birthDate = birthDateLevels[levels.birthDate] as BirthDateLevel;
  const sex = sexLevels[levels.sex] as SexLevel;
  const person = personStates[levels.person] as PersonState;
  // A missing mark is the same name only beside an exact birth date (and sex, which knows no other kind).
  const isNameAuthentic =
    accepts(authenticated.name, name) && (name !== "marks-lost" || birthDate === "equal");
  const isBirthDateAuthentic = accepts(authenticated.birthDate, birthDate);
  const isSexAuthentic = accepts(authenticated.sex, sex);
  return {
    name,
    birthDate,
    sex,
    person,
    isNameAuthentic,
    isBirthDateAuthentic,
    isSexAuthentic,
    isAuthenticated: person !== "none" && isNameAuthentic && isBirthDateAuthentic && isSexAuthentic,
  };
}

function accepts(levels: readonly string[], level: string): boolean {
  return levels.includes(level);
}

/** What an authenticated record is told beside: a difference that the policy accepts is one all the same. */
function noteAccepted(findings: Set<FindingId>, packed: number): void {
  const { name, birthDate, sex } = unpackComparison(packed);
  if (isDifferentName(name)) findings.add("name.different");
  if (isDifferentBirthDate(birthDate)) findings.add("birth-date.different");
  if (isDifferentSex(sex)) findings.add("sex.different");
  if (birthDateLevels[birthDate] === "swapped") findings.add("birth-date.day-month-swapped");
  if (fontRepairs.some((id) => findings.has(id))) for (const id of nameForms) findings.delete(id);
}

/** Of a record that is not authenticated no repair is so, and of a candidate number nothing that it alone says. */
function dropUnproven(findings: Set<FindingId>, person: PersonState): void {
  findings.delete("name.marks-lost");
  for (const id of nameRepairs) findings.delete(id);
  if (person !== "repaired") return;
  for (const id of numberRepairs) findings.delete(id);
  for (const id of personWarnings) findings.delete(id);
  // A number that was replaced is one of twelve digits all the same, and they were delivered.
  if (!findings.has("register.number-cancelled")) for (const id of digitFindings) findings.delete(id);
}

/** Adds the differences with the person whom the number as delivered leads to; their codes by finding. */
function noteDifferences(
  { authenticated, mismatch }: Policy,
  findings: Set<FindingId>,
  { name, birthDate, sex, isNameAuthentic, isBirthDateAuthentic, isSexAuthentic }: Levels,
): ReadonlyMap<FindingId, string> {
  const codes = new Map<FindingId, string>();
  const birthDateDiffers = birthDate !== "not-compared" && !isBirthDateAuthentic;
  const sexDiffers = sex !== "not-compared" && !isSexAuthentic;
  // Lost marks are held against a record only when nothing else is: they do not make it another person.
  const isOnlyMarksLost =
    name === "marks-lost" && accepts(authenticated.name, name) && (birthDateDiffers || sexDiffers);
  if (name !== "not-compared" && !isNameAuthentic && !isOnlyMarksLost)
    codes.set("name.different", mismatch.name);
  if (birthDateDiffers) codes.set("birth-date.different", mismatch.birthDate);
  if (sexDiffers) codes.set("sex.different", mismatch.sex);
  for (const id of codes.keys()) findings.add(id);
  if (birthDate === "swapped") findings.add("birth-date.day-month-swapped");
  if (codes.size < 2) return codes;
  findings.add("register.several-different");
  return new Map<FindingId, string>([["register.several-different", mismatch.several]]);
}

function authenticatedCode(findings: ReadonlySet<FindingId>): string {
  let code = "C1";
  for (const id of findings) {
    const { kind } = findingCatalogue[id];
    if (kind === "repair") return "C3";
    if (kind === "normalisation" || kind === "difference") code = "C2";
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
