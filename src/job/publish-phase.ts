import { renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import type { Source } from "../ingest/source.js";
import { quoteField } from "../publish/byte-writer.js";
import { abandonClaims, createOffsetClaims, readOffsets } from "../publish/offset-claims.js";
import { createOutput, type ListedFile, syncOutput, writeOutputAt } from "../publish/output-file.js";
import { changesHeader, setFileNames, setHeader, setNames } from "../publish/set-columns.js";
import type { ValueChange } from "../publish/standard-values.js";
import { writeShardBytes } from "../publish/write-shard.js";
import { type Additions, sliceAdditions } from "../reconcile/additions.js";
import type { RunOutline, ShardExtent } from "../reconcile/run-table.js";
import type { AssessedShard } from "./assess-phase.js";
import { makePrivateDir, syncDirectory } from "./atomic-file.js";
import { rulesVersion } from "./rules-version.js";
import type { ReportFiles } from "./run-report.js";
import type { PublishTask, WorkerContext } from "./shard-worker.js";
import { mapInOrder, type WorkerPool } from "./worker-pool.js";
import type { RunPaths } from "./workspace.js";

export interface WriteSetsOptions {
  readonly sources: readonly Source[];
  readonly shards: readonly AssessedShard[];
  readonly outline: RunOutline;
  readonly additions: Additions;
  readonly context: WorkerContext;
  readonly pool: WorkerPool;
  readonly paths: RunPaths;
  readonly stop: AbortSignal;
}

/** Data rows by file, below the staging folder. */
export type WrittenRows = ReadonlyMap<string, number>;

/**
 * First half of phase 3: writes every record into the set of its verdict, and the change log, in the staging folder.
 * Threads write their shards side by side; each claims its place in the files when all before it have.
 */
export async function writeSets(options: WriteSetsOptions): Promise<WrittenRows> {
  const { paths, sources, pool } = options;
  rmSync(paths.staging, { recursive: true, force: true });
  makePrivateDir(paths.staging);
  for (const folder of [...setNames, "report"]) makePrivateDir(path.join(paths.staging, folder));

  const names = [...listSetFiles(sources), changesFile];
  const headers = sources.flatMap((source) => setNames.map((set) => setHeader(source, set)));
  const claims = createOffsetClaims(
    names.map((name, position) => createOutput(paths.staging, name, headers[position] ?? changesHeader)),
  );
  const rows = new Map(names.map((name) => [name, 0]));
  const addRows = (name: string, count: number): void => {
    rows.set(name, (rows.get(name) as number) + count);
  };
  const valueChanges = sources.map(() => new Map<string, ValueChange>());
  const tasks = planTasks(options);
  const place = { claims, root: paths.staging, names };
  try {
    await mapInOrder(
      tasks,
      pool.width,
      options.stop,
      (task, turn) =>
        pool.publish({
          ...describeTask(options, task),
          ...place,
          sourceIndex: task.source,
          turn,
        }),
      ({ unwritten, rows: added, changeRows, valueChanges: found }, { source }, turn) => {
        // Every turn before this one has been taken, so this one has come.
        if (unwritten !== null) writeShardBytes({ ...place, sourceIndex: source, turn }, unwritten, 0);
        for (const [position, set] of setNames.entries()) {
          addRows(names[source * setNames.length + position] as string, added[set]);
        }
        addRows(changesFile, changeRows);
        for (const change of found) {
          valueChanges[source]?.set(`${change.column}\0${change.before}`, change);
        }
      },
    );
  } catch (error) {
    abandonClaims(claims);
    throw error;
  }
  const readings = sources.flatMap(({ name }, position) =>
    [...describeDateReadings(), ...(valueChanges[position] as Map<string, ValueChange>).values()].map(
      (change) => describeChange(name, change),
    ),
  );
  const end = readOffsets(claims).at(-1) as number;
  writeOutputAt(path.join(paths.staging, changesFile), end, Buffer.from(readings.join("")));
  addRows(changesFile, readings.length);
  return rows;
}

const changesFile = "changes.csv";

function listSetFiles(sources: readonly Source[]): string[] {
  const fileNames = setFileNames(sources.map(({ name }) => name));
  return fileNames.flatMap((name) => setNames.map((set) => `${set}/${name}`));
}

export interface PublishOptions {
  readonly paths: RunPaths;
  readonly pool: Pick<WorkerPool, "hashFile">;
  readonly written: WrittenRows;
  readonly reportFiles: ReportFiles;
  /** The manifest's text, given every other file. */
  readonly writeManifest: (files: readonly ListedFile[]) => string;
}

/**
 * Second half of phase 3: adds the report and, last, the manifest, makes everything durable, and turns the staging
 * folder into the run's folder: everything appears at once, or nothing does.
 */
export async function publishRun(options: PublishOptions): Promise<void> {
  const { paths, pool, written } = options;
  const rows = new Map(written);
  for (const [name, { text, rows: count }] of Object.entries(options.reportFiles)) {
    createOutput(paths.staging, name, text);
    rows.set(name, count);
  }
  const listed = await Promise.all(
    [...rows.keys()].sort().map(async (name): Promise<ListedFile> => {
      const file = path.join(paths.staging, name);
      const sha256 = await pool.hashFile(file);
      syncOutput(file);
      const count = name.endsWith(".csv") ? (rows.get(name) as number) : null;
      return { path: name, bytes: statSync(file).size, rows: count, sha256 };
    }),
  );
  createOutput(paths.staging, "manifest.json", options.writeManifest(listed));
  syncOutput(path.join(paths.staging, "manifest.json"));
  for (const folder of [...setNames, "report", "."]) syncDirectory(path.join(paths.staging, folder));
  renameSync(paths.staging, paths.published);
  syncDirectory(path.dirname(paths.published));
}

interface ShardTask {
  readonly source: number;
  readonly shard: number;
  readonly firstLine: number;
}

/** Every shard in input order, with the line it begins on. */
function planTasks({ sources, outline }: WriteSetsOptions): ShardTask[] {
  const nextLine = sources.map(({ dataLine }) => dataLine);
  return outline.shards.map(({ source, lines }, shard) => {
    const firstLine = nextLine[source] as number;
    nextLine[source] = firstLine + lines;
    return { source, shard, firstLine };
  });
}

function describeTask(
  { sources, shards, outline, additions, context }: WriteSetsOptions,
  { source, shard, firstLine }: ShardTask,
): Pick<PublishTask, "context" | "source" | "start" | "end" | "firstLine" | "file" | "additions"> {
  const { start, end, first, records } = outline.shards[shard] as ShardExtent;
  return {
    context,
    source: sources[source] as Source,
    start,
    end,
    firstLine,
    file: (shards[shard] as AssessedShard).file,
    additions: sliceAdditions(additions, first, records),
  };
}

interface ChangeLine extends ValueChange {
  readonly scope?: "column";
}

/** Dates in the source's own form are read alike in every row, so they are told once. */
function describeDateReadings(): ChangeLine[] {
  return ["birth_date", "vaccination_date"].map((column) => ({
    scope: "column",
    column,
    before: "dd/mm/yyyy",
    after: "yyyy-mm-dd",
    rule: "read-date",
  }));
}

function describeChange(sourceName: string, { scope, column, before, after, rule }: ChangeLine): string {
  const fields = [scope ?? "value", "", sourceName, "", column, before, after, rule, rulesVersion];
  return `${fields.map(quoteField).join(",")}\n`;
}
