import type { Register } from "../assess/identify.js";
import type { KeptSource, RunState } from "../job/run-state.js";
import { type Code, findCode } from "../judge/code-catalogue.js";
import { findingCatalogue } from "../judge/finding-catalogue.js";
import type { FindingId } from "../judge/findings.js";
import type { Policy } from "../pipeline/policy.js";
import { ownIdColumn } from "../publish/set-columns.js";
import { askRegister, type RegisterStory } from "./ask-register.js";
import type { PublishedRecord } from "./find-published-record.js";
import { maskCell } from "./mask-values.js";

/** One record's way to its code. Values are masked unless revealed. */
export interface RecordStory {
  readonly recordId: string;
  readonly sourceFile: string;
  readonly sourceLine: number;
  readonly set: string;
  readonly code: Code;
  /** Canonical column → delivered text. */
  readonly delivered: Readonly<Record<string, string>>;
  /** Standard value by column, where it is another text. */
  readonly standard: Readonly<Record<string, string>>;
  readonly findings: readonly {
    readonly id: FindingId;
    readonly kind: string;
    readonly vi: string;
    readonly en: string;
    readonly source: string;
    /** The code the policy gives it, if any. */
    readonly code: string | null;
  }[];
  readonly register: RegisterStory | null;
  readonly whyNotBetter: readonly string[];
}

interface Telling {
  readonly record: PublishedRecord;
  readonly state: RunState;
  readonly policy: Policy;
  readonly register: Register | null;
  readonly reveal: boolean;
}

/** The story of a record as it was published; the register, when it is given, is asked once more. */
export function tellStory({ record, state, policy, register, reveal }: Telling): RecordStory {
  const at = (header: string): string => record.cells[record.headers.indexOf(header)] ?? "";
  const recordId = at("record_id");
  const source = state.sources.find(({ name }) => name === at("source_file")) as KeptSource;
  const findings = at("findings")
    .split(";")
    .filter((id) => id !== "") as FindingId[];
  const code = findCode(at("code")) as Code;
  const isReadable = !findings.some((id) => id.startsWith("row.") && id !== "row.control-characters");
  const cells = deliveredCells(record, source);
  const doseSlot = source.layout === "wide" ? Number(/:(\d+)$/.exec(recordId)?.[1] ?? 0) : 0;
  const delivered: Record<string, string> = isReadable
    ? namedCells(source, cells, doseSlot)
    : { raw_line: at("raw_line") };
  const show = (column: string, text: string): string => (reveal ? text : maskCell(column, text));
  const standard: Record<string, string> = {};
  for (const [column, text] of Object.entries(delivered)) {
    const value = at(`std_${column}`);
    if (code.set === "cleaned" && record.headers.includes(`std_${column}`) && value !== text) {
      standard[column] = show(column, value);
    }
  }
  const story =
    isReadable && register !== null
      ? askRegister({ source, cells, doseSlot, state, register, reveal })
      : null;
  return {
    recordId,
    sourceFile: source.name,
    sourceLine: Number(at("source_line")),
    set: at("set"),
    code,
    delivered: Object.fromEntries(
      Object.entries(delivered).map(([column, text]) => [column, show(column, text)]),
    ),
    standard,
    findings: findings.map((id) => {
      const { kind, vi, en, source: rule } = findingCatalogue[id];
      return { id, kind, vi, en, source: rule, code: policy.codes[id] ?? null };
    }),
    register: story,
    whyNotBetter: explainCode(code, findings, story, policy),
  };
}

/** The delivered cells in the file's own order. */
function deliveredCells({ cells }: PublishedRecord, source: KeptSource): string[] {
  const own = ownIdColumn(source);
  const others = cells.slice(3, 3 + source.width - Number(own >= 0));
  if (own < 0) return others;
  return [...others.slice(0, own), cells[0] ?? "", ...others.slice(own)];
}

function namedCells(source: KeptSource, cells: readonly string[], doseSlot: number): Record<string, string> {
  const named: Record<string, string> = {};
  const columns = { ...source.columns, ...(doseSlot > 0 ? source.doses[doseSlot - 1] : {}) };
  for (const [name, column] of Object.entries(columns)) if (column >= 0) named[name] = cells[column] ?? "";
  if (doseSlot > 0) named.dose_no = String(doseSlot);
  return named;
}

/** What stands between the record and the next better code. */
function explainCode(
  { code, set }: Code,
  findings: readonly FindingId[],
  register: RegisterStory | null,
  policy: Policy,
): string[] {
  if (code === "C1") return ["Nothing is better than C1."];
  if (set === "cleaned") {
    const kinds = code === "C3" ? ["repair"] : ["normalisation", "difference"];
    const why = findings.filter((id) => kinds.includes(findingCatalogue[id].kind));
    return [`Not ${code === "C3" ? "C2" : "C1"}, because of: ${why.join(", ")}.`];
  }
  const reasons: string[] = [];
  const coded = findings.filter((id) => policy.codes[id] !== undefined);
  for (const id of coded) reasons.push(`Not cleaned, because of ${id} (${policy.codes[id]}).`);
  if (register !== null && register.person !== "none") {
    const accepted = policy.authenticated;
    const { name, birthDate, sex } = register.levels;
    const refused = [
      (accepted.name as readonly string[]).includes(name)
        ? null
        : `name is ${name}; accepted: ${accepted.name.join(", ")}`,
      (accepted.birthDate as readonly string[]).includes(birthDate)
        ? null
        : `birth date is ${birthDate}; accepted: ${accepted.birthDate.join(", ")}`,
      (accepted.sex as readonly string[]).includes(sex)
        ? null
        : `sex is ${sex}; accepted: ${accepted.sex.join(", ")}`,
    ].filter((reason) => reason !== null);
    for (const reason of refused) reasons.push(`Not authenticated: ${reason}.`);
    if (name === "marks-lost" && birthDate !== "equal") {
      reasons.push("Not authenticated: lost marks count as the same name only beside an equal birth date.");
    }
  }
  if (coded.length > 1) reasons.push(`${code} comes first in the policy's order of judgement.`);
  return reasons;
}
