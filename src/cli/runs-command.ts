import path from "node:path";
import type { Command } from "commander";
import { exitCodes } from "../errors.js";
import type { LedgerRun } from "../job/ledger.js";
import { type CommandContext, toJsonLine } from "./command-outcome.js";

const examples = `
Examples:
  lamsach runs
  lamsach runs --out /srv/lamsach --json`;

/** `lamsach runs`: the history in the ledger. */
export function addRunsCommand(program: Command, { effects, finish }: CommandContext): void {
  program
    .command("runs")
    .summary("list the runs")
    .description("Lists the runs of an output folder, newest first, as its ledger has them.")
    .option("--out <dir>", "where the runs are", "reports")
    .option("--json", "print one JSON object", false)
    .addHelpText("after", examples)
    .action(async (options: { out: string; json: boolean }) => {
      const { listHistory } = await import("../job/published-history.js");
      const runs = listHistory(path.resolve(effects.cwd, options.out)) ?? [];
      finish({
        exitCode: exitCodes.done,
        stdout: options.json ? toJsonLine({ runs }) : listRuns(options.out, runs),
      });
    });
}

/** Of the counts, those a line has room for; --json has them all. */
const setNames = ["records", "cleaned", "errors", "exceptions"] as const;

function listRuns(out: string, runs: readonly LedgerRun[]): string {
  if (runs.length === 0) return `No runs in ${out} yet.\n`;
  const rows = runs.map((run) => [
    run.id,
    run.state,
    run.pipeline,
    run.asOf,
    run.startedAt,
    run.finishedAt ?? "-",
    run.exitCode === null ? "-" : String(run.exitCode),
    setNames
      .flatMap((name) => (run.counts[name] === undefined ? [] : [`${name} ${run.counts[name]}`]))
      .join(", "),
  ]);
  const table = [["run", "state", "pipeline", "as of", "started", "finished", "exit", "counts"], ...rows];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => (row[column] ?? "").length))) ?? [];
  const lines = table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}
