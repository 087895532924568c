import { exitCodes, LamsachError } from "../errors.js";
import { renderReport } from "../report/page/page.js";
import type { PastRun, RunHistory } from "../report/run-history.js";
import { describePast } from "./collect-history.js";
import { readAudit } from "./read-audit.js";
import { readReport } from "./read-report.js";
import { findOutputFolder } from "./workspace.js";

/**
 * The page of the run in `runDir`, made anew from what the run stored: without `sinceDir` and without an audit of its
 * sample, the bytes that it published. With `sinceDir`, the folder of another run of its pipeline, the page tells what
 * has changed since that one. Throws `LamsachError`: 2 when the two cannot be compared, 3 as `readReport`.
 */
export function makePage({ runDir, sinceDir }: { runDir: string; sinceDir: string | null }): string {
  const { metrics, history } = readReport(runDir);
  const audit = readAudit(findOutputFolder(runDir), metrics.run.id);
  if (sinceDir === null) return renderReport({ metrics, history, audit });
  const { metrics: earlier } = readReport(sinceDir);
  refuseOther(metrics.run, earlier.run);
  return renderReport({ metrics, history: tellSince(history, describePast(earlier)), audit });
}

/** The history as if the given run had been the last one before. One that is not in it stands alone: it may be of other files. */
function tellSince(history: RunHistory, since: PastRun): RunHistory {
  const at = history.runs.findIndex(({ id }) => id === since.id);
  return { ...history, runs: at === -1 ? [since] : history.runs.slice(0, at + 1) };
}

type Named = { readonly id: string; readonly pipeline: string };

function refuseOther(run: Named, since: Named): void {
  const problem =
    run.id === since.id
      ? "this is the run itself; expected an earlier one"
      : run.pipeline === since.pipeline
        ? null
        : `that run is of the pipeline ${since.pipeline}; expected one of ${run.pipeline}`;
  if (problem === null) return;
  throw new LamsachError(exitCodes.usage, `--since: ${problem}. See \`lamsach runs\`.`);
}
