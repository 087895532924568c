import { renameSync, statSync } from "node:fs";
import path from "node:path";
import pLimit from "p-limit";
import { syncDirectory } from "../storage/atomic-file.js";
import type { FileKey } from "../storage/file-key.js";
import { killPoint } from "../storage/kill-point.js";
import { createOutput, type ListedFile, syncOutput } from "../storage/output-file.js";
import { sealedSuffix } from "../storage/sealed-file.js";
import type { ReportFiles } from "./run-report.js";
import { hearSignals } from "./stop-signals.js";
import type { WorkerPool } from "./worker-pool.js";
import type { RunPaths } from "./workspace.js";
import { stagedFolders, type WrittenSets } from "./write-sets.js";

export interface PublishOptions {
  readonly paths: RunPaths;
  readonly pool: Pick<WorkerPool, "hashFile" | "hashSealed">;
  readonly sealKey: FileKey | null;
  readonly stop: AbortSignal;
  readonly written: WrittenSets;
  readonly reportFiles: ReportFiles;
  /** The manifest's text, given every other file. */
  readonly writeManifest: (files: readonly ListedFile[]) => string;
}

/**
 * Second half of phase 3: adds the report and, last, the manifest, makes everything durable, and turns the staging
 * folder into the run's folder: everything appears at once, or nothing does. Throws the reason of `stop` unless the
 * manifest is written by then.
 */
export async function publishRun(options: PublishOptions): Promise<void> {
  const { paths, stop, written } = options;
  const rows = new Map(written.rows);
  for (const [name, { content, rows: count }] of Object.entries(options.reportFiles)) {
    createOutput(paths.staging, name, content);
    killPoint("report-file-written");
    rows.set(name, count);
  }
  const listed = await listOutputs(options, rows);
  await hearSignals();
  stop.throwIfAborted();
  createOutput(paths.staging, "manifest.json", options.writeManifest(listed));
  killPoint("manifest-written");
  await syncOutput(path.join(paths.staging, "manifest.json"));
  killPoint("manifest-synced");
  for (const folder of stagedFolders) syncDirectory(path.join(paths.staging, folder));
  written.requireSameFolders();
  killPoint("folders-synced");
  renameSync(paths.staging, paths.published);
  killPoint("run-renamed");
  syncDirectory(path.dirname(paths.published));
  killPoint("run-published");
}

/** Files that are made durable at once: as many as Node has threads for. */
const syncedAtOnce = 4;

/**
 * Makes every output durable and takes its fingerprint, when it is not known, side by side, the largest first: it takes
 * longest. `rows`: data rows by file. In the order of their paths.
 */
async function listOutputs(
  { paths, pool, sealKey, stop, written }: PublishOptions,
  rows: ReadonlyMap<string, number>,
): Promise<ListedFile[]> {
  const inTurn = pLimit(syncedAtOnce);
  const files = [...rows]
    .map(([name, count]) => ({ name, count, bytes: statSync(path.join(paths.staging, name)).size }))
    .sort((a, b) => b.bytes - a.bytes);
  const listed = await Promise.all(
    files.map(async ({ name, count, bytes }): Promise<ListedFile> => {
      const file = path.join(paths.staging, name);
      stop.throwIfAborted();
      const [hashes] = await Promise.all([hash(name, file), inTurn(sync, file)]);
      const isTable = name.replace(sealedSuffix, "").endsWith(".csv");
      return { path: name, bytes, rows: isTable ? count : null, ...hashes };
    }),
  );
  return listed.sort((a, b) => (a.path < b.path ? -1 : 1));

  async function hash(name: string, file: string): Promise<Pick<ListedFile, "sha256" | "content">> {
    const known = written.hashes.get(file);
    if (known !== undefined) return { sha256: known };
    const isSealed = sealKey !== null && name.endsWith(sealedSuffix);
    const hashes = isSealed
      ? await pool.hashSealed({ file, key: sealKey })
      : { sha256: await pool.hashFile(file) };
    killPoint("output-hashed");
    return hashes;
  }

  async function sync(file: string): Promise<void> {
    await syncOutput(file);
    killPoint("output-synced");
  }
}
