import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { type AssessedRows, assessShard } from "../../src/assess/assess-shard.js";
import { decodeAssessment, encodeAssessment } from "../../src/assess/assessment.js";
import { type Assessor, createAssessor } from "../../src/assess/assessor.js";
import type { Register } from "../../src/assess/identify.js";
import { openSource } from "../../src/ingest/open-source.js";
import { planShards } from "../../src/ingest/shards.js";
import type { Source } from "../../src/ingest/source.js";
import { createAssessRules } from "../../src/job/assess-rules.js";
import { createJudge, judgeAll } from "../../src/judge/judge-record.js";
import { loadPipeline, resolvePipelinePath } from "../../src/pipeline/pipeline.js";
import { loadPolicy } from "../../src/pipeline/policy.js";
import { loadTables } from "../../src/pipeline/tables.js";
import { createShardPublisher, createShardWriters } from "../../src/publish/publish-shard.js";
import { setHeader, setNames } from "../../src/publish/set-columns.js";
import { VerdictTexts } from "../../src/publish/verdict-text.js";
import {
  type Additions,
  applyAdditions,
  joinAdditions,
  sliceAdditions,
} from "../../src/reconcile/additions.js";
import { numberValues } from "../../src/reconcile/dimensions.js";
import { judgePartition } from "../../src/reconcile/judge-partition.js";
import { JudgedTotals } from "../../src/reconcile/judged-totals.js";
import { splitByPerson } from "../../src/reconcile/person-sections.js";
import type { RunCounts } from "../../src/reconcile/run-counts.js";
import { outlineRun, type RunOutline, type ShardExtent } from "../../src/reconcile/run-table.js";
import { buildRegister } from "../../src/register/build-register.js";
import { openRegister } from "../../src/register/open-register.js";
import { loadRegisterIndex } from "../../src/register/register-index.js";
import { checkBooks } from "../../src/report/check-books.js";
import type { Metrics } from "../../src/report/metrics.js";
import { repository } from "./command-line.js";

/** Limits small enough to be passed by a small file. */
export const smallLimits = { maxRecordBytes: 2000, maxFieldLines: 3 };

/** One row of a set file, by its headers. */
export type ProcessedRow = Readonly<Record<string, string>>;

/** What became of a delivery. */
export interface Processed {
  /** Null when the file was read. */
  readonly refused: string | null;
  /** The rows of all sets, in the order of the input. */
  readonly rows: readonly ProcessedRow[];
  /** Everything that does not add up; empty when nothing was lost. */
  readonly problems: readonly string[];
}

const pipeline = loadPipeline(path.join(repository, "pipelines/covid19-vaccination.yaml"));
const tables = loadTables(pipeline);
const rules = createAssessRules(pipeline, tables, "2023-06-13");
const policy = loadPolicy(resolvePipelinePath(pipeline, pipeline.policy));
const { vaccines } = rules.vaccines;
const writers = createShardWriters();
/** Of the report's dimensions, two that every record has. */
const countedBy = ["province", "file"] as const;
const noAdditions: Additions = joinAdditions([]);
const limits = { ...pipeline.rules.limits, ...smallLimits };

/** A folder to work in, and the register of whom the deliveries are about. Close the register. */
export interface ReadingRoom {
  readonly folder: string;
  readonly register: Register;
}

/** Builds the register from the text of a population file. */
export async function openReadingRoom(folder: string, population: string): Promise<ReadingRoom> {
  const input = path.join(folder, "population.csv");
  const out = path.join(folder, "population.db");
  writeFileSync(input, population);
  await buildRegister({ inputs: [input], out, placeCodes: tables.placeCodes });
  return { folder, register: { index: loadRegisterIndex(out), reader: openRegister(out) } };
}

/**
 * Takes a delivery the way of a run, without its threads: opened, assessed shard by shard with guessed beginnings,
 * judged and counted, published. Shards are of `shardBytes`; everything is written below the room's folder.
 */
export async function processDelivery(
  { folder, register }: ReadingRoom,
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
  shardBytes: number,
): Promise<Processed> {
  mkdirSync(path.join(folder, "work"), { recursive: true });
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  const { sources, columns } = pipeline;
  const opened = await openSource(
    { name, path: file },
    { workDir: path.join(folder, "work"), sources, aliases: columns.aliases, limits },
  );
  if ("reason" in opened) return { refused: opened.reason, rows: [], problems: [] };
  const problems: string[] = [];
  const files = assessInShards({ folder, register }, opened, shardBytes);
  const outline = outlineRun(files.map((path) => ({ source: 0, path })));
  checkShards(opened, outline, problems);
  const added = judgeRun(opened, files, outline, problems);
  const rows = publishRun(register, opened, files, outline, added);
  if (rows.length !== outline.records)
    problems.push(`${outline.records} records were assessed and ${rows.length} published`);
  const lines = new Set(rows.map((row) => row.source_line));
  const rowsRead = outline.shards.reduce((sum, shard) => sum + shard.rows, 0);
  if (lines.size !== rowsRead)
    problems.push(`${rowsRead} rows were read and rows of ${lines.size} lines published`);
  return { refused: null, rows, problems };
}

/** The files of the shards' assessments. A wrong guess of where a shard begins is read again, as in a run. */
function assessInShards({ folder, register }: ReadingRoom, source: Source, shardBytes: number): string[] {
  const assessor = enterSource(source, register);
  const shards = planShards(source, shardBytes);
  const assess = (position: number, start?: number): AssessedRows =>
    assessShard({
      assessor,
      source,
      shard: shards[position] as (typeof shards)[number],
      limits,
      ...(start === undefined ? {} : { start }),
    });
  const guessed = shards.map((_, position) => assess(position));
  let expected = source.dataOffset;
  return guessed.map((first, position) => {
    const { header, columns } = first.header.start === expected ? first : assess(position, expected);
    expected = header.end;
    const file = path.join(folder, "work", `${position}.bin`);
    writeFileSync(file, encodeAssessment(header, columns));
    writeFileSync(sectionsOf(file), splitByPerson(columns, header.records, 1));
    return file;
  });
}

let current: { readonly columns: string; readonly register: Register; readonly assessor: Assessor } | null =
  null;

/** An assessor is kept from file to file while the columns are the same, as a thread keeps it from shard to shard. */
function enterSource(source: Source, register: Register): Assessor {
  const { columns: own, doses, coding, layout, delimiter, headers } = source;
  const columns = JSON.stringify([own, doses, coding, layout, delimiter, headers.length]);
  if (current?.columns !== columns || current.register !== register)
    current = { columns, register, assessor: createAssessor(source, rules, register) };
  return current.assessor;
}

function sectionsOf(file: string): string {
  return `${file}.people`;
}

/** Each shard begins where the one before ended, and the last ends with the file. */
function checkShards(source: Source, { shards }: RunOutline, problems: string[]): void {
  let end = source.dataOffset;
  for (const shard of shards) {
    if (shard.start !== end)
      problems.push(`a shard begins at ${shard.start}; the one before ended at ${end}`);
    end = shard.end;
  }
  if (end !== source.byteLength) problems.push(`${end} of ${source.byteLength} bytes were read`);
}

/** Judges and counts everything; what the records' doses say of each other. */
function judgeRun(
  source: Source,
  files: readonly string[],
  outline: RunOutline,
  problems: string[],
): Additions {
  const { places, facilities, shards, records } = outline;
  const dimensions = numberValues(countedBy, {
    places,
    facilities,
    vaccines,
    sourceNames: [source.name],
  });
  const totals = new JudgedTotals(dimensions, []);
  judgePartition(
    {
      shards: shards.map((shard, position) => ({
        ...shard,
        sections: sectionsOf(files[position] as string),
      })),
      partition: 0,
      partitions: 1,
      places,
      facilities,
      repeats: noAdditions,
      codes: new Uint8Array(records),
      judge: createJudge(policy),
      vaccines,
    },
    totals,
  );
  problems.push(...checkBooks(describeMetrics(source, totals.counts, records)));
  return joinAdditions(totals.added);
}

function describeMetrics(source: Source, counts: RunCounts, records: number): Metrics {
  const { name, format, encoding, layout } = source;
  return {
    run: {
      ...{ id: "in-process", pipeline: pipeline.name, asOf: "2023-06-13", policy: policy.name },
      ...{ rulesVersion: "1", registerVersion: null, registerPeople: 0 },
    },
    ...counts.describe(tables),
    files: [{ name, format, encoding, layout, records, blankLines: 0, isWhole: true }],
    gates: [],
    causes: [],
    leftOut: [],
  };
}

function publishRun(
  register: Register,
  source: Source,
  files: readonly string[],
  outline: RunOutline,
  added: Additions,
): ProcessedRow[] {
  const judge = createJudge(policy);
  const texts = setNames.map((set) => [setHeader(source, set)]);
  const publisher = createShardPublisher(
    { source, register, verdictTexts: new VerdictTexts(judge), vaccines, limits, rulesVersion: "1" },
    writers,
  );
  let firstLine = source.dataLine;
  for (const [position, file] of files.entries()) {
    const { start, end, lines, first, records } = outline.shards[position] as ShardExtent;
    const columns = decodeAssessment(readFileSync(file), file);
    applyAdditions(sliceAdditions(added, first, records), columns.findings);
    const verdicts = judgeAll(judge, columns.findings, columns.comparison, records);
    publisher.publish({ start, end, firstLine, columns, verdicts });
    for (const [at, set] of setNames.entries())
      texts[at]?.push(Buffer.from(writers[set].view()).toString("utf8"));
    firstLine += lines;
  }
  return texts
    .flatMap((parts) => parse(parts.join(""), { columns: true, record_delimiter: "\n" }) as ProcessedRow[])
    .sort((a, b) => Number(a.source_line) - Number(b.source_line));
}
