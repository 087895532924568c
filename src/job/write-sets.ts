import { rmSync } from "node:fs";
import path from "node:path";
import type { Source } from "../ingest/source.js";
import { setNames } from "../publish/set-columns.js";
import type { ValueChange } from "../publish/standard-values.js";
import { type Additions, sliceAdditions } from "../reconcile/additions.js";
import type { RunOutline, ShardExtent } from "../reconcile/run-table.js";
import { quoteField } from "../report/csv-field.js";
import { makePrivateDir } from "../storage/atomic-file.js";
import { holdFolders } from "../storage/held-folders.js";
import { killPoint } from "../storage/kill-point.js";
import { mapInOrder } from "../threads/map-in-order.js";
import type { AssessedShard } from "./assess-phase.js";
import { rulesVersion } from "./rules-version.js";
import { SetFiles, type WrittenFile } from "./set-files.js";
import type { WorkerPool } from "./worker-pool.js";
import type { PublishTask, WorkerContext } from "./worker-tasks.js";
import type { RunPaths } from "./workspace.js";

export interface WriteSetsOptions {
  readonly sources: readonly Source[];
  readonly shards: readonly AssessedShard[];
  readonly outline: RunOutline;
  readonly additions: Additions;
  readonly context: WorkerContext;
  readonly pool: Pick<WorkerPool, "publish" | "threads">;
  readonly paths: RunPaths;
  readonly stop: AbortSignal;
}

export interface WrittenSets {
  /** By name below the staging folder. */
  readonly files: ReadonlyMap<string, WrittenFile>;
  /** Throws `LamsachError` (exit 4) when a folder of them is no longer the one that was made. */
  requireSameFolders(): void;
}

/**
 * First half of phase 3: writes every record into the set of its verdict, and the change log, in the staging folder.
 * Threads put the bytes of shards together side by side; this one appends them in the order of the input (decision 31).
 */
export async function writeSets(options: WriteSetsOptions): Promise<WrittenSets> {
  const { paths, sources, pool, stop } = options;
  rmSync(paths.staging, { recursive: true, force: true });
  const folders = stagedFolders.map((folder) => path.join(paths.staging, folder));
  for (const folder of folders) makePrivateDir(folder);
  const requireSameFolders = holdFolders(folders);
  killPoint("staging-made");
  const files = new SetFiles(paths.staging, sources, options.context.sealKey);
  // One shard's bytes are taken while each thread puts another's together.
  const width = pool.threads + 1;
  const memory = Array.from({ length: width }, (): readonly ArrayBuffer[] => []);
  const valueChanges = sources.map(() => new Map<string, ValueChange>());
  try {
    await files.begin();
    killPoint("outputs-made");
    await mapInOrder(
      planTasks(options),
      width,
      stop,
      (task, turn) =>
        pool.publish({ ...describeTask(options, task), memory: memory[turn % width] as ArrayBuffer[] }),
      async ({ rows, changeRows, outputs, valueChanges: found }, { source }, turn) => {
        await files.add(source, {
          parts: outputs.map(({ memory, length }) => new Uint8Array(memory, 0, length)),
          rows: [...setNames.map((set) => rows[set]), changeRows],
        });
        memory[turn % width] = outputs.map(({ memory }) => memory);
        for (const change of found) {
          valueChanges[source]?.set(`${change.column}\0${change.before}`, change);
        }
      },
    );
    const readings = sources.flatMap(({ name }, position) =>
      [...describeDateReadings(), ...(valueChanges[position] as Map<string, ValueChange>).values()].map(
        (change) => describeChange(name, change),
      ),
    );
    const written = await files.end(readings);
    killPoint("sets-written");
    return { files: written, requireSameFolders };
  } catch (error) {
    await files.abandon();
    throw error;
  }
}

/** Of a run, in the staging folder; that itself is the last to be made durable. */
export const stagedFolders = [...setNames, "report", "."];

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
