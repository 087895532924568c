import path from "node:path";
import type { Command } from "commander";
import { exitCodes, LamsachError } from "../errors.js";
import { type CommandContext, toJsonLine } from "./command-outcome.js";
import { readPort } from "./option-values.js";
import { findRunFolder } from "./run-folder.js";

const examples = `
Examples:
  lamsach report 2023-06-13
  lamsach report 2023-06-13 --since 2023-06-01 --out-file june.html
  lamsach report --serve

The page is made anew from what the run stored: nothing is read, matched or counted again. --serve prints an address
with a token in it: whoever has it, on this machine, sees all runs, until Ctrl-C. No person is in any of it.`;

interface Options {
  readonly since?: string;
  readonly outFile?: string;
  readonly serve: boolean;
  readonly port?: number;
  readonly out: string;
  readonly json: boolean;
}

/** `lamsach report <run>` and `lamsach report --serve`: the page that a manager opens. */
export function addReportCommand(program: Command, { effects, finish }: CommandContext): void {
  program
    .command("report")
    .summary("make a run's page anew, or show all runs in a browser")
    .description(
      "Makes the page of a run anew from what it stored, or shows the pages of all runs in a browser.",
    )
    .argument("[run]", "the run's folder, or its id under --out (the beginning is enough)")
    .option("--since <run>", "tell what has changed since this run, instead of since the one before")
    .option(
      "--out-file <file>",
      "where the page goes, a name in .html (default: pages/<run>.html under --out)",
    )
    .option("--serve", "show all runs on this machine alone, until Ctrl-C", false)
    .option("--port <n>", "with --serve: the port (default: any that is free)", readPort)
    .option("--out <dir>", "where the runs are", "reports")
    .option("--json", "print one JSON object (run, file)", false)
    .addHelpText("after", examples)
    .action(async (named: string | undefined, options: Options) => {
      const out = path.resolve(effects.cwd, options.out);
      if (readsServe(named, options)) {
        const { serveReports } = await import("../serve/serve-reports.js");
        await serveReports({ out, port: options.port ?? 0 }, effects);
        finish({ exitCode: exitCodes.done, stdout: "" });
        return;
      }
      const find = (run: string): string => findRunFolder({ named: run, out: options.out, cwd: effects.cwd });
      const runDir = find(named as string);
      const { writePage } = await import("../job/write-page.js");
      const file = writePage({
        runDir,
        sinceDir: options.since === undefined ? null : find(options.since),
        file: options.outFile === undefined ? null : path.resolve(effects.cwd, options.outFile),
      });
      const run = path.basename(runDir);
      finish({
        exitCode: exitCodes.done,
        stdout: options.json ? toJsonLine({ run, file }) : `The page of run ${run} is in ${file}\n`,
      });
    });
}

/** Whether it is --serve that is asked for; of what belongs to the other way of use nothing may be there. */
function readsServe(named: string | undefined, { serve, since, outFile, port, json }: Options): boolean {
  if (serve) {
    if (named === undefined && since === undefined && outFile === undefined && !json) return true;
    throw usage(
      "--serve shows all runs; expected no run, --since, --out-file or --json with it. Leave them out.",
    );
  }
  if (named === undefined) throw usage("no run is named; expected one, or --serve. See `lamsach runs`.");
  if (port !== undefined) throw usage("--port is for --serve; expected that with it. Leave it out.");
  return false;
}

function usage(message: string): LamsachError {
  return new LamsachError(exitCodes.usage, `report: ${message}`);
}
