import { unlinkSync } from "node:fs";
import { assessShard } from "../assess/assess-shard.js";
import { encodeAssessment, readAssessment } from "../assess/assessment.js";
import { type Assessor, createAssessor } from "../assess/assessor.js";
import type { Register } from "../assess/identify.js";
import type { AssessRules } from "../assess/rules.js";
import { causeDimensions } from "../causes/cause-groups.js";
import { type Examined, examineShard } from "../causes/examine-shard.js";
import { readSuspectCells } from "../causes/read-suspect-cells.js";
import { exitCodes, LamsachError } from "../errors.js";
import { findLine as findLineOf } from "../ingest/find-line.js";
import type { Source } from "../ingest/source.js";
import { createJudge, type Judge, judgeAll } from "../judge/judge-record.js";
import type { Pipeline } from "../pipeline/pipeline.js";
import type { ByteWriter } from "../publish/byte-writer.js";
import { digestRows } from "../publish/digest-rows.js";
import {
  createPseudonymiser,
  type Pseudonymiser,
  type PseudonymOptions,
} from "../publish/pseudonymise-rows.js";
import {
  createShardPublisher,
  createShardWriters,
  type ShardPublisher,
  type ShardWriters,
} from "../publish/publish-shard.js";
import { setNames } from "../publish/set-columns.js";
import { VerdictTexts } from "../publish/verdict-text.js";
import { applyAdditions } from "../reconcile/additions.js";
import { type DimensionValues, numberValues } from "../reconcile/dimensions.js";
import { judgePartition } from "../reconcile/judge-partition.js";
import { type JudgedPart, JudgedTotals } from "../reconcile/judged-totals.js";
import { splitByPerson } from "../reconcile/person-sections.js";
import {
  findKeys as findKeysOf,
  type KeyMarks,
  type KeySet,
  markKeys as markKeysOf,
} from "../reconcile/repeated-keys.js";
import { openRegister } from "../register/open-register.js";
import { listDimensions } from "../report/dimension-table.js";
import { writeKept } from "../storage/kept-file.js";
import { killPoint } from "../storage/kill-point.js";
import { collectGarbage } from "../threads/collect-garbage.js";
import { moveMemory } from "../threads/move-memory.js";
import { type Answer, answer, answerLater } from "../threads/thread-answer.js";
import { createAssessRules } from "./assess-rules.js";
import { keepSections, locateSections } from "./person-files.js";
import { rulesVersion } from "./rules-version.js";
import type { ReportFiles } from "./run-report.js";
import { readSharedValue } from "./shared-value.js";
import type {
  AssessTask,
  CellTask,
  DigestTask,
  ExamineTask,
  FoundKeys,
  JudgedRun,
  JudgeTask,
  KeyTask,
  LineTask,
  MarkedShard,
  PublishedRows,
  PublishTask,
  ReportTask,
  WorkerContext,
} from "./worker-tasks.js";

interface Room {
  readonly pipeline: Pipeline;
  readonly rules: AssessRules;
  readonly register: Register | null;
  readonly judge: Judge;
  readonly verdictTexts: VerdictTexts;
}

/** A run and its dimensions, numbered once in each thread. */
interface NumberedRun extends JudgedRun {
  readonly dimensions: readonly DimensionValues[];
  readonly signDimensions: readonly DimensionValues[];
}

let room: Room | null = null;
let assessed: { readonly name: string; readonly assessor: Assessor } | null = null;
let judgedRun: NumberedRun | null = null;
let published: { readonly name: string; readonly publisher: ShardPublisher } | null = null;
let writers: ShardWriters | null = null;
let pseudonymiser: Pseudonymiser | null = null;

/** For a thread that is idle: everything that the other tasks need is loaded now. */
export function prepare(): Answer<null> {
  return answer(() => null);
}

/** Assesses one shard, keeps the result as the shard's checkpoint, and marks its keys. */
export function assess({ context, source, shard, start, file, marks }: AssessTask): Answer<MarkedShard> {
  return answer(() => {
    const taskRoom = enterRoom(context);
    const { header, columns } = assessShard({
      assessor: enterSource(source, taskRoom),
      source,
      shard,
      limits: taskRoom.pipeline.rules.limits,
      ...(start === null ? {} : { start }),
    });
    const { partitions, sealKey } = context;
    writeKept(locateSections(file), splitByPerson(columns, header.records, partitions), sealKey);
    killPoint("sections-written");
    writeKept(file, encodeAssessment(header, columns), sealKey);
    killPoint("assessment-written");
    const again = marks === null ? new Uint32Array(0) : markKeysOf(columns.key, header.records, marks);
    return { header, again };
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
    keepSections(file, records, context.partitions, context.sealKey);
    return null;
  });
}

/** Marks a shard's keys; those marked before. */
export function markKeys({ context, file, marks }: KeyTask & { marks: KeyMarks }): Answer<Uint32Array> {
  return answer(() => {
    const { header, key } = readAssessment(file, context.sealKey);
    return markKeysOf(key, header.records, marks);
  });
}

/** The records of a shard that have a wanted key. */
export function findKeys({ context, file, wanted }: KeyTask & { wanted: KeySet }): Answer<FoundKeys> {
  return answer(() => {
    const { header, key, rowOffset } = readAssessment(file, context.sealKey);
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

/** Judges and counts some partitions of the run's people. */
export function judge({ context, run, ids, repeats, codes, first, end }: JudgeTask): Answer<JudgedPart> {
  return answer(() => {
    const { pipeline, rules, judge: runJudge } = enterRoom(context);
    judgedRun ??= enterRun(readSharedValue(run), pipeline, rules);
    const { places, facilities, dimensions, signDimensions } = judgedRun;
    const shards = judgedRun.shards.map((shard, position) => ({
      ...shard,
      ...(ids[position] as JudgeTask["ids"][number]),
    }));
    const { partitions, sealKey } = context;
    const { vaccines } = rules.vaccines;
    const options = { shards, partitions, sealKey, places, facilities, repeats, codes, vaccines };
    const totals = new JudgedTotals(dimensions, signDimensions);
    for (let partition = first; partition < end; partition++)
      judgePartition({ ...options, partition, judge: runJudge }, totals);
    return totals.list();
  });
}

/** Looks at a shard's records of suspicious groups. */
export function examine(task: ExamineTask): Answer<Examined> {
  return answer(() => {
    const { context, file, additions, placeIds, facilityIds, groupOfRunPlace, groupOfRunFacility } = task;
    const columns = readAssessment(file, context.sealKey);
    applyAdditions(additions, columns.findings);
    return examineShard({
      ...task,
      columns,
      records: columns.header.records,
      judge: enterRoom(context).judge,
      groupOfPlace: Int32Array.from(placeIds, (id) => groupOfRunPlace[id] as number),
      groupOfFacility: Int32Array.from(facilityIds, (id) => groupOfRunFacility[id] as number),
    });
  });
}

/** Cells of some records. */
export function readCells({ context, source, records, column }: CellTask): Answer<string[]> {
  return answer(() => readSuspectCells(source, records, column, enterRoom(context).pipeline.rules.limits));
}

/** The line on which a row begins. */
export function findLine({ context, source, ...place }: LineTask): Answer<number> {
  return answer(() => findLineOf(source, place, enterRoom(context).pipeline.rules.limits));
}

/** Digests of the rows whose key was delivered more than once. */
export function digest({ context, source, offsets }: DigestTask): Answer<Uint32Array> {
  return answer(() => digestRows({ source, offsets, limits: enterRoom(context).pipeline.rules.limits }));
}

/** Puts the bytes together that one shard adds to the files of the sets and to the change log; the memory they are in moves. */
export function publish(task: PublishTask): Answer<PublishedRows> {
  const answered = answer(() => publishOne(task));
  return "failure" in answered ? answered : moveMemory(answered, answered.result.outputs);
}

function publishOne(task: PublishTask): PublishedRows {
  const { source, start, end, firstLine, additions, file, memory } = task;
  const taskRoom = enterRoom(task.context);
  writers ??= createShardWriters();
  const outputs = [writers.cleaned, writers.errors, writers.exceptions, writers.changes];
  for (const [position, bytes] of memory.entries()) outputs[position]?.useMemory(bytes);
  const columns = readAssessment(file, task.context.sealKey);
  applyAdditions(additions, columns.findings);
  const verdicts = judgeAll(taskRoom.judge, columns.findings, columns.comparison, columns.header.records);
  const publisher = enterPublished(source, taskRoom, writers);
  const { rows, changeRows, valueChanges } = publisher.publish({ start, end, firstLine, columns, verdicts });
  const { pseudonyms } = task.context;
  if (pseudonyms !== null) pseudonymise(pseudonyms, source, outputs);
  killPoint("shard-published");
  return {
    rows,
    changeRows,
    valueChanges,
    outputs: outputs.map((writer) => ({ length: writer.length, memory: writer.giveMemory() })),
  };
}

/** Puts pseudonyms into the bytes of three sets and of the change log. */
function pseudonymise(options: PseudonymOptions, source: Source, outputs: readonly ByteWriter[]): void {
  pseudonymiser ??= createPseudonymiser(options);
  const { rewriteSet, rewriteChanges } = pseudonymiser;
  for (const [position, writer] of outputs.entries()) {
    const set = setNames[position];
    const rows = writer.view();
    const rewritten = set === undefined ? rewriteChanges(rows) : rewriteSet(source, set, rows);
    writer.clear();
    writer.putBytes(rewritten, 0, rewritten.length);
  }
}

/** Checks the books and writes the report. What draws its charts and packs its workbook is loaded by the one thread that does. */
export function report({ metrics, tables, history }: ReportTask): Promise<Answer<ReportFiles>> {
  return answerLater(async () => {
    const { formatReport } = await import("./run-report.js");
    return formatReport({ metrics: { ...metrics, dimensions: listDimensions(tables) }, history });
  }).finally(collectGarbage);
}

/** A thread keeps what it has understood of a source for the source's next shard. */
function enterSource(source: Source, { rules, register }: Room): Assessor {
  if (assessed === null || assessed.name !== source.name) {
    assessed = { name: source.name, assessor: createAssessor(source, rules, register) };
  }
  return assessed.assessor;
}

/** The same for a source that is published. What reading and judging knew goes: a run is published last. */
function enterPublished(
  source: Source,
  { pipeline, rules, register, verdictTexts }: Room,
  into: ShardWriters,
): ShardPublisher {
  if (assessed !== null || judgedRun !== null) {
    assessed = null;
    judgedRun = null;
    collectGarbage();
  }
  if (published === null || published.name !== source.name) {
    const { vaccines } = rules.vaccines;
    const { limits } = pipeline.rules;
    const options = { source, register, verdictTexts, vaccines, limits, rulesVersion };
    published = { name: source.name, publisher: createShardPublisher(options, into) };
  }
  return published.publisher;
}

function enterRun(
  run: JudgedRun,
  { report: { dimensions } }: Pipeline,
  { vaccines: { vaccines } }: AssessRules,
): NumberedRun {
  return {
    ...run,
    dimensions: numberValues(dimensions, { ...run, vaccines }),
    signDimensions: numberValues(causeDimensions, { ...run, vaccines }),
  };
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
  if (register?.isCopy && Atomics.sub(register.threadsToOpen, 0, 1) === 1) unlinkSync(register.path);
  const runJudge = createJudge(policy);
  room = {
    pipeline,
    judge: runJudge,
    verdictTexts: new VerdictTexts(runJudge),
    rules: createAssessRules(pipeline, tables, asOf),
    register: register === null || reader === null ? null : { index: register.index, reader },
  };
  return room;
}
