import { rmSync, statSync } from "node:fs";
import path from "node:path";
import type { Source } from "../ingest/source.js";
import { abandonClaims, createOffsetClaims, readOffsets } from "../publish/offset-claims.js";
import { changesHeader, setFileNames, setHeader, setNames } from "../publish/set-columns.js";
import type { ValueChange } from "../publish/standard-values.js";
import { writeShardBytes } from "../publish/write-shard.js";
import { type Additions, sliceAdditions } from "../reconcile/additions.js";
import type { RunOutline, ShardExtent } from "../reconcile/run-table.js";
import { quoteField } from "../report/csv-field.js";
import { makePrivateDir } from "../storage/atomic-file.js";
import { followFiles } from "../storage/following-hash.js";
import { holdFolders } from "../storage/held-folders.js";
import { killPoint } from "../storage/kill-point.js";
import { createOutput, endOutput, outputLength, writeOutputAt } from "../storage/output-file.js";
import { createSeal, type FileSeal, sealedSuffix } from "../storage/sealed-file.js";
import { mapInOrder } from "../threads/map-in-order.js";
import type { AssessedShard } from "./assess-phase.js";
import { rulesVersion } from "./rules-version.js";
import type { WorkerPool } from "./worker-pool.js";
import type { PublishTask, WorkerContext } from "./worker-tasks.js";
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

export interface WrittenSets {
  /** Data rows by file, below the staging folder. */
  readonly rows: ReadonlyMap<string, number>;
  /** SHA-256, hex, by whole path, of those that were large enough to be read while they were written; none of sealed files. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Throws `LamsachError` (exit 4) when a folder of them is no longer the one that was made. */
  requireSameFolders(): void;
}

/**
 * First half of phase 3: writes every record into the set of its verdict, and the change log, in the staging folder.
 * Threads write their shards side by side; each claims its place in the files when all before it have. Large
 * files are read back meanwhile for their fingerprints.
 */
export async function writeSets(options: WriteSetsOptions): Promise<WrittenSets> {
  const { paths, sources, pool } = options;
  const { sealKey } = options.context;
  rmSync(paths.staging, { recursive: true, force: true });
  const folders = stagedFolders.map((folder) => path.join(paths.staging, folder));
  for (const folder of folders) makePrivateDir(folder);
  const requireSameFolders = holdFolders(folders);
  killPoint("staging-made");

  const suffix = sealKey === null ? "" : sealedSuffix;
  const names = [...listSetFiles(sources), changesFile].map((name) => `${name}${suffix}`);
  const seals = sealKey === null ? null : names.map(() => createSeal(sealKey));
  const sealOf = (position: number) => seals?.[position] ?? null;
  const headers = sources.flatMap((source) => setNames.map((set) => setHeader(source, set)));
  const written = names.map((name, position) =>
    createOutput(paths.staging, name, headers[position] ?? changesHeader, sealOf(position)),
  );
  const claims = createOffsetClaims(written);
  killPoint("outputs-made");
  const changesAt = names.length - 1;
  const changesName = names[changesAt] as string;
  const rows = new Map(names.map((name) => [name, 0]));
  const addRows = (name: string, count: number): void => {
    rows.set(name, (rows.get(name) as number) + count);
  };
  const valueChanges = sources.map(() => new Map<string, ValueChange>());
  const tasks = planTasks(options);
  // A sealed file has two, which are taken when it is whole.
  const following = sealKey === null ? followFiles(options.stop) : null;
  const addBytes = (file: number, bytes: number): void => {
    written[file] = (written[file] as number) + bytes;
    following?.follow(path.join(paths.staging, names[file] as string), written[file] as number);
  };
  const place = (source: number) => ({
    claims,
    root: paths.staging,
    names,
    seals: pickSeals(seals, source),
    sourceIndex: source,
  });
  try {
    await mapInOrder(
      tasks,
      pool.width,
      options.stop,
      (task, turn) =>
        pool.publish({
          ...describeTask(options, task),
          ...place(task.source),
          turn,
        }),
      ({ added, rows: setRows, changeRows, valueChanges: found }, { source }, turn) => {
        // Every turn before this one has been taken, so this one has come.
        const sizes =
          "sizes" in added ? added.sizes : writeShardBytes({ ...place(source), turn }, added.unwritten, 0);
        if (sizes === null) throw new Error("a shard's turn did not come when it was its turn");
        const first = source * setNames.length;
        for (const [position, set] of setNames.entries()) {
          addRows(names[first + position] as string, setRows[set]);
          addBytes(first + position, sizes[position] as number);
        }
        addRows(changesName, changeRows);
        addBytes(changesAt, sizes.at(-1) as number);
        for (const change of found) {
          valueChanges[source]?.set(`${change.column}\0${change.before}`, change);
        }
      },
    );
    const hashes = await endFiles();
    return { rows, hashes, requireSameFolders };
  } catch (error) {
    abandonClaims(claims);
    await following?.abandon();
    throw error;
  }

  /** Writes what stands last in the files; their hashes, as `WrittenSets` has them. */
  async function endFiles(): Promise<ReadonlyMap<string, string>> {
    const readings = sources.flatMap(({ name }, position) =>
      [...describeDateReadings(), ...(valueChanges[position] as Map<string, ValueChange>).values()].map(
        (change) => describeChange(name, change),
      ),
    );
    const ends = readOffsets(claims);
    const last = Buffer.from(readings.join(""));
    const lastSeal = sealOf(changesAt);
    writeOutputAt(path.join(paths.staging, changesName), ends[changesAt] as number, last, lastSeal);
    ends[changesAt] = (ends[changesAt] as number) + outputLength(last.length, lastSeal);
    for (const [position, name] of names.entries()) {
      endOutput(path.join(paths.staging, name), ends[position] as number, sealOf(position));
    }
    addRows(changesName, readings.length);
    killPoint("sets-written");
    return (await following?.finish((file) => statSync(file).size)) ?? new Map<string, string>();
  }
}

/** A run may have thousands of files: a task carries the seals that it needs. */
function pickSeals(seals: readonly FileSeal[] | null, source: number): readonly FileSeal[] | null {
  if (seals === null) return null;
  const first = source * setNames.length;
  return [...seals.slice(first, first + setNames.length), seals.at(-1) as FileSeal];
}

const changesFile = "changes.csv";
/** Of a run, in the staging folder; that itself is the last to be made durable. */
export const stagedFolders = [...setNames, "report", "."];

function listSetFiles(sources: readonly Source[]): string[] {
  const fileNames = setFileNames(sources.map(({ name }) => name));
  return fileNames.flatMap((name) => setNames.map((set) => `${set}/${name}`));
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
