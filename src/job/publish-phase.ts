import { renameSync, rmSync } from "node:fs";
import path from "node:path";
import type { Source } from "../ingest/source.js";
import type { Judge } from "../judge/judge-record.js";
import { quoteField } from "../publish/byte-writer.js";
import { type ListedFile, OutputFile } from "../publish/output-file.js";
import { changesHeader, type SetName, setFileNames, setHeader, setNames } from "../publish/set-columns.js";
import type { ValueChange } from "../publish/standard-values.js";
import { describeVerdicts, shareVerdicts } from "../publish/verdict-text.js";
import type { Reconciliation } from "../reconcile/reconcile.js";
import type { RunTable, ShardExtent } from "../reconcile/run-table.js";
import type { AssessedShard } from "./assess-phase.js";
import { makePrivateDir, syncDirectory } from "./atomic-file.js";
import { rulesVersion } from "./rules-version.js";
import type { WorkerContext } from "./shard-worker.js";
import { mapInOrder, type WorkerPool } from "./worker-pool.js";
import type { RunPaths } from "./workspace.js";

export interface PublishPhaseOptions {
  readonly sources: readonly Source[];
  readonly shards: readonly AssessedShard[];
  readonly table: RunTable;
  readonly judge: Judge;
  readonly reconciliation: Reconciliation;
  readonly context: WorkerContext;
  readonly pool: WorkerPool;
  readonly paths: RunPaths;
  readonly stop: AbortSignal;
  /** The report's files by path below the run's folder. */
  readonly reportFiles: Readonly<Record<string, { readonly text: string; readonly rows: number }>>;
  /** The manifest's text, given every other file. */
  readonly writeManifest: (files: readonly ListedFile[]) => string;
}

/**
 * Phase 3: writes every record into the set of its verdict, the change log, the report and, last, the manifest, all in
 * a staging folder that then becomes the run's folder: everything appears at once, or nothing does.
 */
export async function publishRun(options: PublishPhaseOptions): Promise<ListedFile[]> {
  const { paths, sources } = options;
  rmSync(paths.staging, { recursive: true, force: true });
  makePrivateDir(paths.staging);
  for (const folder of [...setNames, "report"]) makePrivateDir(path.join(paths.staging, folder));
  const listed: ListedFile[] = [];
  const changes = new OutputFile(paths.staging, "changes.csv");
  changes.append(changesHeader, 0);
  const verdictTexts = shareVerdicts(describeVerdicts(options.judge));
  const fileNames = setFileNames(sources.map(({ name }) => name));
  let current: SourceOutputs | null = null;

  await mapInOrder(
    planTasks(options),
    options.pool.width,
    options.stop,
    (task) =>
      task.shard === null
        ? Promise.resolve(null)
        : publishOne(options, verdictTexts, task.shard, task.firstLine),
    (published, { source }) => {
      if (current?.source !== source) {
        finishSource();
        current = openOutputs(source);
      }
      if (published === null) return;
      for (const set of setNames) {
        (current as SourceOutputs).files[set].append(published.sets[set].bytes, published.sets[set].rows);
      }
      changes.append(published.changes.bytes, published.changes.rows);
      for (const change of published.valueChanges) {
        (current as SourceOutputs).valueChanges.set(`${change.column}\0${change.before}`, change);
      }
    },
  );
  finishSource();
  listed.push(changes.close());
  for (const [name, { text, rows }] of Object.entries(options.reportFiles)) {
    listed.push(writeOutput(paths.staging, name, text, rows));
  }
  listed.sort((a, b) => (a.path < b.path ? -1 : 1));
  writeOutput(paths.staging, "manifest.json", options.writeManifest(listed), 0);
  for (const folder of [...setNames, "report", "."]) syncDirectory(path.join(paths.staging, folder));
  renameSync(paths.staging, paths.published);
  syncDirectory(path.dirname(paths.published));
  return listed;

  function openOutputs(source: number): SourceOutputs {
    const open = (set: SetName): OutputFile => {
      const file = new OutputFile(paths.staging, `${set}/${fileNames[source]}`);
      file.append(setHeader(sources[source] as Source, set), 0);
      return file;
    };
    return {
      source,
      files: { cleaned: open("cleaned"), errors: open("errors"), exceptions: open("exceptions") },
      valueChanges: new Map(),
    };
  }

  function finishSource(): void {
    if (current === null) return;
    const lines = [...describeDateReadings(), ...current.valueChanges.values()].map((change) =>
      describeChange((sources[(current as SourceOutputs).source] as Source).name, change),
    );
    changes.append(lines.join(""), lines.length);
    for (const set of setNames) listed.push(current.files[set].close());
    current = null;
  }
}

interface SourceOutputs {
  readonly source: number;
  readonly files: Readonly<Record<SetName, OutputFile>>;
  /** By column and delivered text: the first shard that met it says it. */
  readonly valueChanges: Map<string, ValueChange>;
}

interface SourceTask {
  readonly source: number;
  /** Null: the source has no row. */
  readonly shard: number | null;
  readonly firstLine: number;
}

/** Every shard in input order; a source without any still gets its files. */
function planTasks({ sources, table }: PublishPhaseOptions): SourceTask[] {
  return sources.flatMap((source, position): SourceTask[] => {
    let firstLine = source.dataLine;
    const own = [...table.shards.entries()].filter(([, extent]) => extent.source === position);
    if (own.length === 0) return [{ source: position, shard: null, firstLine }];
    return own.map(([shard, { lines }]) => {
      const task = { source: position, shard, firstLine };
      firstLine += lines;
      return task;
    });
  });
}

function publishOne(
  { sources, shards, table, reconciliation, context, pool }: PublishPhaseOptions,
  verdictTexts: Uint8Array<SharedArrayBuffer>,
  shard: number,
  firstLine: number,
): ReturnType<WorkerPool["publish"]> {
  const { source, start, end, first, records } = table.shards[shard] as ShardExtent;
  return pool.publish({
    context,
    source: sources[source] as Source,
    start,
    end,
    firstLine,
    file: (shards[shard] as AssessedShard).file,
    verdicts: reconciliation.verdicts.slice(first, first + records),
    verdictTexts,
  });
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

function writeOutput(root: string, name: string, text: string, rows: number): ListedFile {
  const file = new OutputFile(root, name);
  file.append(text, rows);
  return file.close();
}
