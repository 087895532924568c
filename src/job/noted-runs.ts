import type { LogReview, PlacedLine } from "../audit/review-log.js";
import { exitCodes } from "../errors.js";

/** A run that was published, as the audit log has it. */
export interface NotedRun {
  /** The run's first end with a manifest since it was last purged: later ones must not make a changed one good. */
  readonly end: PlacedLine;
  /** A purge of it has begun since and has not ended well: its folder may be there or gone. */
  readonly isGoing: boolean;
}

/** The runs that are published by what the log says, and were not purged since, by id. */
export function findNotedRuns({ entries }: Pick<LogReview, "entries">): ReadonlyMap<string, NotedRun> {
  const runs = new Map<string, NotedRun>();
  for (const line of entries) {
    const { run, command, event, exitCode, manifest } = line.entry;
    if (run === undefined) continue;
    const noted = runs.get(run);
    if (command === "run" && manifest !== undefined) {
      runs.set(run, { end: noted?.end ?? line, isGoing: false });
    } else if (command === "purge" && event === "end" && exitCode === exitCodes.done) {
      runs.delete(run);
    } else if (command === "purge" && noted !== undefined) {
      runs.set(run, { ...noted, isGoing: true });
    }
  }
  return runs;
}
