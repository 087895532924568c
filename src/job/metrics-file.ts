import { existsSync } from "node:fs";
import path from "node:path";
import type { Effects } from "../effects.js";
import { type ExitCode, exitCodeOf, LamsachError } from "../errors.js";
import { writeFileAtomic } from "../storage/atomic-file.js";
import { openLedger } from "./ledger.js";
import type { NightOutcome } from "./night-outcome.js";
import type { RunNightOptions } from "./plan-run.js";
import { locateWorkspace } from "./workspace.js";

/** For everybody: the collector is another user, and no person is in it. */
const metricsMode = 0o644;

type MeteredOptions = Pick<RunNightOptions, "pipelinePath" | "out" | "dryRun">;

/**
 * Does a night's work and writes its figures to `file`, whole or not at all, when it ends in success, withheld or by an
 * error (which is thrown on). A file that cannot be written is said on stderr and changes nothing of the run. A dry run
 * writes none.
 */
export async function meterNight(
  file: string | null,
  options: MeteredOptions,
  effects: Effects,
  work: () => Promise<NightOutcome>,
): Promise<NightOutcome> {
  if (file === null || options.dryRun) return work();
  const begun = effects.elapsedMs();
  const keep = (exitCode: ExitCode, outcome: NightOutcome | null): Promise<void> =>
    writeMetrics({ file, options, exitCode, outcome, durationMs: effects.elapsedMs() - begun }, effects);
  let outcome: NightOutcome;
  try {
    outcome = await work();
  } catch (failure) {
    await keep(exitCodeOf(failure), null);
    throw failure;
  }
  await keep(outcome.exitCode, outcome);
  return outcome;
}

interface Ending {
  readonly file: string;
  readonly options: MeteredOptions;
  readonly exitCode: ExitCode;
  readonly outcome: NightOutcome | null;
  readonly durationMs: number;
}

async function writeMetrics(
  { file, options, exitCode, outcome, durationMs }: Ending,
  effects: Effects,
): Promise<void> {
  // Loaded here: a run without a metrics file has no use for it.
  const { formatPrometheus } = await import("../report/prometheus-text.js");
  const text = await formatPrometheus({
    pipeline: path.parse(options.pipelinePath).name,
    exitCode,
    finishedAt: Math.floor(effects.now().getTime() / 1000),
    durationSeconds: durationMs / 1000,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    publishedAt: findLastPublished(path.resolve(effects.cwd, options.out)),
    inputBytes: outcome?.inputBytes ?? null,
    metrics: outcome?.metrics ?? null,
  });
  try {
    writeFileAtomic(path.resolve(effects.cwd, file), text, metricsMode);
  } catch (error) {
    if (!(error instanceof LamsachError)) throw error;
    effects.stderr(`lamsach: the metrics are not written, the run is not touched by it: ${error.message}\n`);
  }
}

/** Seconds since 1970; null when nothing was published, or when the ledger cannot say. */
function findLastPublished(out: string): number | null {
  const { ledger: file } = locateWorkspace(out);
  // Opening a ledger makes it.
  if (!existsSync(file)) return null;
  try {
    const ledger = openLedger(file);
    try {
      const finished = ledger.listRuns().flatMap(({ state, finishedAt }) => {
        return state === "published" && finishedAt !== null ? [Date.parse(finishedAt)] : [];
      });
      return finished.length === 0 ? null : Math.floor(Math.max(...finished) / 1000);
    } finally {
      ledger.close();
    }
  } catch (error) {
    if (error instanceof LamsachError) return null;
    throw error;
  }
}
