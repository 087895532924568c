import path from "node:path";
import { stringify } from "csv-stringify/sync";
import { assessRows, createSourceReaders } from "../assess/assess-shard.js";
import type { AssessmentColumns } from "../assess/assessment.js";
import type { Register } from "../assess/identify.js";
import type { Effects } from "../effects.js";
import { type ExitCode, exitCodes, LamsachError } from "../errors.js";
import { readRows } from "../ingest/shards.js";
import type { CanonicalColumn, Source } from "../ingest/source.js";
import { createAssessRules } from "../job/assess-rules.js";
import { hashRecordId, noteAct } from "../job/audit-trail.js";
import { createClearReader } from "../job/clear-reader.js";
import { findKey, findSealKey } from "../job/run-key.js";
import { type KeptSource, type RunState, readRunState } from "../job/run-state.js";
import { findOutputFolder } from "../job/workspace.js";
import { type Code, findCode } from "../judge/code-catalogue.js";
import {
  birthDateLevels,
  nameLevels,
  personStates,
  sexLevels,
  unpackComparison,
} from "../judge/comparison.js";
import { findingCatalogue } from "../judge/finding-catalogue.js";
import type { FindingId } from "../judge/findings.js";
import { loadPipeline } from "../pipeline/pipeline.js";
import { loadPolicy, type Policy } from "../pipeline/policy.js";
import { loadTables } from "../pipeline/tables.js";
import { ownIdColumn } from "../publish/set-columns.js";
import { openRegister } from "../register/open-register.js";
import type { Person } from "../register/person.js";
import { loadRegisterIndex } from "../register/register-index.js";
import { type RegisterSeal, revealRegister } from "../register/sealed-register.js";
import { MemoryFolder } from "../storage/memory-folder.js";
import { findPublishedRecord, type PublishedRecord } from "./find-published-record.js";
import { maskCell, maskDate, maskNumber, maskText } from "./mask-values.js";
import { renderStory } from "./render-story.js";

export interface ExplainOptions {
  readonly runDir: string;
  readonly recordId: string;
  /** Show values whole. */
  readonly reveal: boolean;
  /** Null: the register of the run, if it is still there. */
  readonly registerPath: string | null;
  /** Null: the environment may hold the key of a sealed run or register. */
  readonly keyFile: string | null;
}

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

export interface RegisterStory {
  readonly person: "none" | "found" | "repaired";
  readonly levels: { readonly name: string; readonly birthDate: string; readonly sex: string };
  readonly holds: Readonly<Record<string, string>> | null;
}

/**
 * Tells how a published record came to its code: as delivered, what was found, what the register said, and why it has
 * no better code. Reads the set files and, when it is there, the register. A record_id delivered twice has two stories.
 */
export async function explainRecord(
  options: ExplainOptions,
  effects: Pick<Effects, "cwd" | "env" | "log" | "now">,
): Promise<{ exitCode: ExitCode; text: string; json: unknown }> {
  const memory = new MemoryFolder();
  try {
    return await explainInMemory(options, memory, effects);
  } finally {
    memory.close();
  }
}

async function explainInMemory(
  { runDir, recordId, reveal, registerPath, keyFile }: ExplainOptions,
  memory: MemoryFolder,
  effects: Pick<Effects, "cwd" | "env" | "log" | "now">,
): Promise<{ exitCode: ExitCode; text: string; json: unknown }> {
  const { state } = readRunState(runDir);
  const policy = loadPolicy(state.policyFile);
  if (policy.fingerprint !== state.identity.policy) {
    throw new LamsachError(
      exitCodes.usage,
      `${state.policyFile}: the policy is not the one of this run any more; expected it unchanged. Run again, then explain.`,
    );
  }
  const sealKey = findSealKey(runDir, state.identity, keyFile, effects);
  const records = findPublishedRecord(runDir, recordId, createClearReader(sealKey, memory));
  const register = openRunRegister(
    state,
    registerPath === null ? null : path.resolve(effects.cwd, registerPath),
    { key: findKey(keyFile, effects), memory },
  );
  try {
    const stories = records.map((record) => tellStory({ record, state, policy, register, reveal }));
    if (reveal) noteShown(runDir, recordId, effects);
    return {
      exitCode: exitCodes.done,
      text: stories.map(renderStory).join("\n"),
      json: { run: path.basename(runDir), records: stories },
    };
  } finally {
    register?.reader.close();
  }
}

/** Who was shown a person is in the audit log before anything is shown. */
function noteShown(runDir: string, recordId: string, effects: Pick<Effects, "log" | "now">): void {
  const run = path.basename(runDir);
  const facts = { command: "explain", run, record: hashRecordId(run, recordId) };
  noteAct(findOutputFolder(runDir), facts, effects);
}

function openRunRegister(state: RunState, named: string | null, seal: RegisterSeal): Register | null {
  const file = named ?? state.registerPath;
  // Which numbers stand behind pseudonyms nobody can tell the register.
  if (file === null || state.identity.protection?.pseudonyms !== undefined) return null;
  try {
    const readPath = revealRegister(file, seal);
    const register = { index: loadRegisterIndex(readPath), reader: openRegister(readPath) };
    if (register.index.version === state.identity.register) return register;
    register.reader.close();
  } catch (error) {
    if (named !== null) throw error;
    return null;
  }
  if (named === null) return null;
  throw new LamsachError(
    exitCodes.usage,
    `${file}: this is not the register of the run; expected version ${state.identity.register?.slice(0, 12)}. Give the register the run was made with.`,
  );
}

interface Telling {
  readonly record: PublishedRecord;
  readonly state: RunState;
  readonly policy: Policy;
  readonly register: Register | null;
  readonly reveal: boolean;
}

function tellStory({ record, state, policy, register, reveal }: Telling): RecordStory {
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

interface Asking {
  readonly source: KeptSource;
  readonly cells: readonly string[];
  readonly doseSlot: number;
  readonly state: RunState;
  readonly register: Register;
  readonly reveal: boolean;
}

/** Assesses the row once more, alone and in memory, by the very rules of the run. */
function askRegister({ source, cells, doseSlot, state, register, reveal }: Asking): RegisterStory {
  const pipeline = loadPipeline(state.pipelineFile);
  const rules = createAssessRules(pipeline, loadTables(pipeline), state.identity.asOf);
  const bytes = Buffer.from(stringify([cells]));
  const row: Source = {
    ...source,
    columns: source.columns as Record<CanonicalColumn, number>,
    headers: cells.map(() => ""),
    path: "",
    bytesPath: "",
    byteLength: bytes.length,
    format: "csv",
    encoding: "utf-8",
    delimiter: ",",
    dataOffset: 0,
    dataLine: 1,
    lineUnit: "record",
  };
  const readers = createSourceReaders(row, rules);
  const { columns } = assessRows({ source: row, readers, register }, (onBatch) =>
    readRows(row, bytes, { ...pipeline.rules.limits, maxBatchRows: 1, onBatch }),
  );
  return describeRegister(columns, Math.max(0, columns.doseSlot.indexOf(doseSlot)), register, reveal);
}

function describeRegister(
  columns: AssessmentColumns,
  record: number,
  { reader }: Register,
  reveal: boolean,
): RegisterStory {
  const levels = unpackComparison(columns.comparison[record] as number);
  const slot = columns.slot[record] as number;
  const person = slot < 0 ? undefined : reader.people([slot]).get(slot);
  return {
    person: personStates[levels.person] as RegisterStory["person"],
    levels: {
      name: nameLevels[levels.name] as string,
      birthDate: birthDateLevels[levels.birthDate] as string,
      sex: sexLevels[levels.sex] as string,
    },
    holds: person === undefined ? null : showPerson(person, reveal),
  };
}

function showPerson(
  { citizenId, fullName, birthDate, sex, status }: Person,
  reveal: boolean,
): Record<string, string> {
  return {
    citizen_id: reveal ? citizenId : maskNumber(citizenId),
    full_name: reveal ? fullName : maskText(fullName),
    birth_date: reveal ? birthDate : maskDate(birthDate),
    sex,
    status,
  };
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
