import { existsSync, rmSync } from "node:fs";
import type { Effects } from "../effects.js";
import { removeParts, syncDirectory } from "../storage/atomic-file.js";
import { killPoint } from "../storage/kill-point.js";
import { takeMeasures } from "./gates.js";
import type { Ledger, RunFinish } from "./ledger.js";
import { countRun, readPublishedMetrics } from "./published-metrics.js";
import { locateRun, type RunPaths } from "./workspace.js";

/**
 * Ends in the ledger the runs that nobody saw end. Only the holder of the lock may call this: a run that the ledger has
 * as running then died with its process. What it published counts as published; any other is stopped, keeps its
 * checkpoints, and loses the files that hold whole records.
 */
export function recoverLostRuns(out: string, ledger: Ledger, effects: Pick<Effects, "log" | "now">): void {
  removeParts(out);
  for (const { id, state } of ledger.listRuns()) {
    if (state !== "running") continue;
    const paths = locateRun(out, id);
    removeLeftovers(paths);
    killPoint("lost-run-tidied");
    const isDone = isPublished(paths);
    // It may have died between the rename and this.
    if (isDone) syncDirectory(out);
    ledger.finishRun(id, {
      ...(isDone
        ? { state: "published", exitCode: 0, ...countPublished(paths) }
        : { state: "stopped", exitCode: null, counts: {} }),
      finishedAt: effects.now().toISOString(),
    });
    killPoint("lost-run-noted");
    effects.log.warn({ run: id }, isDone ? "a lost run was published" : "a run was lost with its process");
  }
}

/** Nothing when the summary is damaged: what became of an old run must not stop a new one. */
function countPublished({ published }: RunPaths): Pick<RunFinish, "counts" | "measures"> {
  try {
    const metrics = readPublishedMetrics(published);
    return { counts: countRun(metrics), measures: { ...takeMeasures(metrics, null) } };
  } catch {
    return { counts: {} };
  }
}

/** Removes what holds whole records (decoded deliveries, unfinished sets) and half-written files; checkpoints stay. */
export function removeLeftovers({ sources, staging, shards, work }: RunPaths): void {
  rmSync(sources, { recursive: true, force: true });
  killPoint("sources-removed");
  rmSync(staging, { recursive: true, force: true });
  killPoint("staging-removed");
  for (const folder of [shards, work]) removeParts(folder);
}

/** Whether a run's folder is there, which is so only when everything in it is whole. */
export function isPublished({ manifest }: RunPaths): boolean {
  return existsSync(manifest);
}
