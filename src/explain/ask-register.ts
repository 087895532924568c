import { stringify } from "csv-stringify/sync";
import { assessRows } from "../assess/assess-shard.js";
import type { AssessmentColumns } from "../assess/assessment.js";
import { createAssessor } from "../assess/assessor.js";
import type { Register } from "../assess/identify.js";
import { readRows } from "../ingest/shards.js";
import type { CanonicalColumn, Source } from "../ingest/source.js";
import { createAssessRules } from "../job/assess-rules.js";
import type { KeptSource, RunState } from "../job/run-state.js";
import {
  birthDateLevels,
  nameLevels,
  personStates,
  sexLevels,
  unpackComparison,
} from "../judge/comparison.js";
import { loadPipeline } from "../pipeline/pipeline.js";
import { loadTables } from "../pipeline/tables.js";
import type { Person } from "../register/person.js";
import { maskDate, maskNumber, maskText } from "./mask-values.js";

/** What the register says of a record, and of the person it was found to be. */
export interface RegisterStory {
  readonly person: "none" | "found" | "repaired";
  readonly levels: { readonly name: string; readonly birthDate: string; readonly sex: string };
  readonly holds: Readonly<Record<string, string>> | null;
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
export function askRegister({ source, cells, doseSlot, state, register, reveal }: Asking): RegisterStory {
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
  const { columns } = assessRows(createAssessor(row, rules, register), (onBatch) =>
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
