import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { assessShard, createSourceReaders, type SourceReaders } from "../assess/assess-shard.js";
import { type AssessmentHeader, decodeAssessment, encodeAssessment } from "../assess/assessment.js";
import type { Register } from "../assess/identify.js";
import type { AssessRules } from "../assess/rules.js";
import { type ExitCode, exitCodes, LamsachError } from "../errors.js";
import type { Shard } from "../ingest/shards.js";
import type { Source } from "../ingest/source.js";
import { createJudge, type Judge, judgeAll } from "../judge/judge-record.js";
import type { Pipeline } from "../pipeline/pipeline.js";
import { digestRows } from "../publish/digest-rows.js";
import { abandonClaims } from "../publish/offset-claims.js";
import {
  createShardWriters,
  type PublishedVerdict,
  publishShard,
  type ShardWriters,
} from "../publish/publish-shard.js";
import type { SetName } from "../publish/set-columns.js";
import type { ValueChange } from "../publish/standard-values.js";
import { renderVerdict } from "../publish/verdict-text.js";
import { type ShardPlace, writeShardBytes } from "../publish/write-shard.js";
import { type Additions, applyAdditions } from "../reconcile/additions.js";
import { type DimensionValues, numberValues } from "../reconcile/dimensions.js";
import { type JudgedPartition, judgePartition } from "../reconcile/judge-partition.js";
import type { PartitionOptions, SectionedShard } from "../reconcile/load-partition.js";
import { splitByPerson } from "../reconcile/person-sections.js";
import {
  findKeys as findKeysOf,
  type KeyMarks,
  type KeySet,
  markKeys as markKeysOf,
  type RowDigest,
} from "../reconcile/repeated-keys.js";
import { openRegister } from "../register/open-register.js";
import type { RegisterIndex } from "../register/register-index.js";
import type { Metrics } from "../report/metrics.js";
import { createAssessRules } from "./assess-rules.js";
import { writeFileAtomic } from "./atomic-file.js";
import { keepSections, locateSections } from "./person-files.js";
import type { RunPlan } from "./plan-run.js";
import { rulesVersion } from "./rules-version.js";
import { formatReport, type ReportFiles } from "./run-report.js";
import { readSharedValue, type SharedValue } from "./shared-value.js";

/** What a thread needs for every shard; each task carries it, a thread prepares itself for it once. */
export interface WorkerContext {
  readonly rules: SharedValue<RunRules>;
  readonly register: { readonly path: string; readonly index: RegisterIndex } | null;
  /** Parts of the run's people that are judged one at a time; a power of two. */
  readonly partitions: number;
}

/** What a run goes by, as the main thread has read it: threads must not read another pipeline or table than it did. */
export type RunRules = Pick<RunPlan, "pipeline" | "tables" | "policy" | "asOf">;

export interface AssessTask {
  readonly context: WorkerContext;
  readonly source: Source;
  readonly shard: Shard;
  readonly start: number | null;
  /** Where the assessment goes. */
  readonly file: string;
}

export interface PublishTask extends ShardPlace {
  readonly context: WorkerContext;
  readonly source: Source;
  readonly start: number;
  readonly end: number;
  readonly firstLine: number;
  readonly file: string;
  /** Findings of the shard's records that other records made; records count from the shard's first. */
  readonly additions: Additions;
}

export interface KeyTask {
  /** Assessment of a shard. */
  readonly file: string;
}

/** Records of a shard with a wanted key: where they are in it, where their rows begin, and the keys (two words each). */
export interface FoundKeys {
  readonly records: Uint32Array;
  readonly offsets: Uint32Array;
  readonly keys: Uint32Array;
}

export interface JudgeTask {
  readonly context: WorkerContext;
  /** The same for every task of a run. */
  readonly run: SharedValue<JudgedRun>;
  readonly ids: readonly Pick<SectionedShard, "placeIds" | "facilityIds">[];
  readonly repeats: Additions;
  readonly codes: Uint8Array<SharedArrayBuffer>;
  readonly partition: number;
}

/** What judging needs to know of a run beside its records. */
export interface JudgedRun extends Pick<PartitionOptions, "places" | "facilities"> {
  readonly shards: readonly Pick<SectionedShard, "source" | "first" | "sections">[];
  readonly sourceNames: readonly string[];
}

/** What a published shard added to the files. */
export interface PublishedRows {
  readonly rows: Readonly<Record<SetName, number>>;
  readonly changeRows: number;
  readonly valueChanges: readonly ValueChange[];
  /** The bytes of each file, when the shard's turn did not come in time: the main thread writes them in theirs. */
  readonly unwritten: readonly Uint8Array[] | null;
}

/** How long a thread waits for the shards before its own. Those are being written, as a rule. */
const patienceMs = 500;

export interface DigestTask {
  readonly context: WorkerContext;
  readonly source: Source;
  /** Where the rows begin in the source's bytes. */
  readonly offsets: readonly number[];
}

/** What a thread answers: an error would lose its kind and code on the way, so it is told as data. */
export type Answer<Result> = { readonly result: Result } | { readonly failure: Failure };

export interface Failure {
  /** Of a `LamsachError`; null for any other error. */
  readonly exitCode: ExitCode | null;
  readonly message: string;
  readonly stack: string | null;
  readonly code?: string;
  readonly syscall?: string;
  readonly path?: string;
}

interface Room {
  readonly pipeline: Pipeline;
  readonly rules: AssessRules;
  readonly register: Register | null;
  readonly judge: Judge;
}

/** A run and its dimensions, numbered once in each thread. */
interface NumberedRun extends JudgedRun {
  readonly dimensions: readonly DimensionValues[];
}

let room: Room | null = null;
let current: { readonly name: string; readonly readers: SourceReaders } | null = null;
const verdictTable: PublishedVerdict[] = [];
let judgedRun: NumberedRun | null = null;
/** Kept from shard to shard: fresh memory is dear. */
let writers: ShardWriters | null = null;

/** SHA-256 of a file, hex. Errors as the file system's. */
export function hashFile(path: string): Answer<string> {
  return answer(() => hashBytes(path));
}

function hashBytes(path: string): string {
  const hash = createHash("sha256");
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.allocUnsafe(1 << 20);
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer))
      hash.update(buffer.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}

/** Assesses one shard and keeps the result as the shard's checkpoint. */
export function assess({ context, source, shard, start, file }: AssessTask): Answer<AssessmentHeader> {
  return answer(() => {
    const { pipeline, rules, register } = enterRoom(context);
    const { limits } = pipeline.rules;
    const { header, columns } = assessShard({
      source,
      readers: enterSource(source, rules),
      shard,
      register,
      limits,
      ...(start === null ? {} : { start }),
    });
    writeFileAtomic(locateSections(file), splitByPerson(columns, header.records, context.partitions));
    writeFileAtomic(file, encodeAssessment(header, columns));
    return header;
  });
}

/** Makes the records by person of a shard that an earlier run assessed. */
export function split({
  context,
  file,
  records,
}: {
  context: WorkerContext;
  file: string;
  records: number;
}): Answer<null> {
  return answer(() => {
    keepSections(file, records, context.partitions);
    return null;
  });
}

/** Marks a shard's keys; those marked before. */
export function markKeys({ file, marks }: KeyTask & { marks: KeyMarks }): Answer<Uint32Array> {
  return answer(() => {
    const { header, key } = decodeAssessment(readFileSync(file), file);
    return markKeysOf(key, header.records, marks);
  });
}

/** The records of a shard that have a wanted key. */
export function findKeys({ file, wanted }: KeyTask & { wanted: KeySet }): Answer<FoundKeys> {
  return answer(() => {
    const { header, key, rowOffset } = decodeAssessment(readFileSync(file), file);
    const records = findKeysOf(key, header.records, wanted);
    return {
      records,
      offsets: records.map((record) => rowOffset[record] as number),
      keys: Uint32Array.from({ length: records.length * 2 }, (_, at) => {
        const record = records[at >> 1] as number;
        return key[record * 2 + (at & 1)] as number;
      }),
    };
  });
}

/** Judges and counts one partition of the run's people. */
export function judge({ context, run, ids, repeats, codes, partition }: JudgeTask): Answer<JudgedPartition> {
  return answer(() => {
    const { pipeline, rules, judge: runJudge } = enterRoom(context);
    judgedRun ??= enterRun(readSharedValue(run), pipeline, rules);
    const { shards, places, facilities, dimensions } = judgedRun;
    return judgePartition({
      shards: shards.map((shard, position) => ({ ...shard, ...(ids[position] as JudgeTask["ids"][number]) })),
      partition,
      partitions: context.partitions,
      places,
      facilities,
      repeats,
      codes,
      judge: runJudge,
      vaccines: rules.vaccines.vaccines,
      dimensions,
    });
  });
}

/** Digests of the rows whose key was delivered more than once. */
export function digest({ context, source, offsets }: DigestTask): Answer<RowDigest[]> {
  return answer(() => digestRows({ source, offsets, limits: enterRoom(context).pipeline.rules.limits }));
}

/** Writes one shard's records into the files of the sets, and its changes into the log. */
export function publish(task: PublishTask): Answer<PublishedRows> {
  const answered = answer(() => publishOne(task));
  if ("failure" in answered) abandonClaims(task.claims);
  return answered;
}

function publishOne(task: PublishTask): PublishedRows {
  const { source, start, end, firstLine, additions, file } = task;
  const { pipeline, rules, register, judge: runJudge } = enterRoom(task.context);
  writers ??= createShardWriters();
  const columns = decodeAssessment(readFileSync(file), file);
  applyAdditions(additions, columns.findings);
  const verdicts = judgeAll(runJudge, columns.findings, columns.comparison, columns.header.records);
  const { rows, changeRows, valueChanges } = publishShard(
    {
      source,
      start,
      end,
      firstLine,
      register,
      rulesVersion,
      verdicts,
      columns,
      verdictTable: renderVerdicts(runJudge),
      vaccines: rules.vaccines.vaccines,
      limits: pipeline.rules.limits,
    },
    writers,
  );
  const bytes = [writers.cleaned, writers.errors, writers.exceptions, writers.changes].map((writer) =>
    writer.view(),
  );
  const isWritten = writeShardBytes(task, bytes, patienceMs);
  return { rows, changeRows, valueChanges, unwritten: isWritten ? null : bytes.map((view) => view.slice()) };
}

/** Checks the books and writes the report, which takes a while when there are thousands of wards. */
export function report(metrics: Metrics): Answer<ReportFiles> {
  return answer(() => formatReport(metrics));
}

function answer<Result>(work: () => Result): Answer<Result> {
  try {
    return { result: work() };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { code, syscall, path } = error as NodeJS.ErrnoException;
    return {
      failure: {
        exitCode: error instanceof LamsachError ? error.exitCode : null,
        message: error.message,
        stack: error.stack ?? null,
        ...(code === undefined ? {} : { code }),
        ...(syscall === undefined ? {} : { syscall }),
        ...(path === undefined ? {} : { path }),
      },
    };
  }
}

/** A thread keeps what it has understood of a source for the source's next shard. */
function enterSource(source: Source, rules: AssessRules): SourceReaders {
  if (current === null || current.name !== source.name) {
    current = { name: source.name, readers: createSourceReaders(source, rules) };
  }
  return current.readers;
}

function enterRun(
  run: JudgedRun,
  { report: { dimensions } }: Pipeline,
  { vaccines: { vaccines } }: AssessRules,
): NumberedRun {
  return { ...run, dimensions: numberValues(dimensions, { ...run, vaccines }) };
}

/** The verdicts of this thread's judge as bytes; each is rendered once. */
function renderVerdicts({ verdicts }: Judge): readonly PublishedVerdict[] {
  for (const verdict of verdicts.slice(verdictTable.length)) verdictTable.push(renderVerdict(verdict));
  return verdictTable;
}

function enterRoom({ rules, register }: WorkerContext): Room {
  if (room !== null) return room;
  const { pipeline, tables, policy, asOf } = readSharedValue(rules);
  const reader = register === null ? null : openRegister(register.path);
  if (register !== null && reader?.info().version !== register.index.version) {
    throw new LamsachError(
      exitCodes.input,
      `${register.path}: the register was rebuilt while it was read; expected it unchanged. Run the same command again.`,
    );
  }
  room = {
    pipeline,
    judge: createJudge(policy),
    rules: createAssessRules(pipeline, tables, asOf),
    register: register === null || reader === null ? null : { index: register.index, reader },
  };
  return room;
}
