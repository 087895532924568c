import { renameSync, statSync } from "node:fs";
import path from "node:path";
import pLimit from "p-limit";
import { exitCodes, LamsachError } from "../errors.js";
import { syncDirectory } from "../storage/atomic-file.js";
import { killPoint } from "../storage/kill-point.js";
import { createOutput, type ListedFile, syncOutput } from "../storage/output-file.js";
import type { ReportFiles } from "./run-report.js";
import { hearSignals } from "./stop-signals.js";
import type { WorkerPool } from "./worker-pool.js";
import type { RunPaths } from "./workspace.js";
import { stagedFolders, type WrittenSets } from "./write-sets.js";

export interface PublishOptions {
  readonly paths: RunPaths;
  readonly pool: Pick<WorkerPool, "hashFile">;
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
  for (const [name, { content }] of Object.entries(options.reportFiles)) {
    createOutput(paths.staging, name, content);
    killPoint("report-file-written");
  }
  const listed = await listOutputs(options);
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

/** Makes every output durable and takes the fingerprints of those that have none yet, side by side, the largest first: it takes longest. In the order of their paths. */
async function listOutputs({
  paths,
  pool,
  stop,
  written,
  reportFiles,
}: PublishOptions): Promise<ListedFile[]> {
  const inTurn = pLimit(syncedAtOnce);
  const files = [...written.files.keys(), ...Object.keys(reportFiles)]
    .map((name) => ({ name, bytes: statSync(path.join(paths.staging, name)).size }))
    .sort((a, b) => b.bytes - a.bytes);
  const listed = await Promise.all(
    files.map(async ({ name, bytes }): Promise<ListedFile> => {
      const file = path.join(paths.staging, name);
      stop.throwIfAborted();
      const [described] = await Promise.all([describe(name, file, bytes), inTurn(sync, file)]);
      return { path: name, bytes, ...described };
    }),
  );
  return listed.sort((a, b) => (a.path < b.path ? -1 : 1));

  async function describe(
    name: string,
    file: string,
    bytes: number,
  ): Promise<Pick<ListedFile, "rows" | "sha256" | "content">> {
    const set = written.files.get(name);
    if (set !== undefined) {
      const { bytes: appended, ...known } = set;
      if (appended !== bytes) throw notAsWritten(file);
      return known;
    }
    const sha256 = await pool.hashFile(file);
    killPoint("output-hashed");
    return { rows: name.endsWith(".csv") ? (reportFiles[name]?.rows ?? null) : null, sha256 };
  }

  async function sync(file: string): Promise<void> {
    await syncOutput(file);
    killPoint("output-synced");
  }
}

function notAsWritten(file: string): LamsachError {
  return new LamsachError(
    exitCodes.environment,
    `${file}: this file is not as long as what was written to it; expected nobody else to write there. Run again.`,
  );
}
