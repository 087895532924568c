import { existsSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import { exitCodes, LamsachError } from "../errors.js";
import type { Expired } from "../job/expire-runs.js";
import { locateWorkspace } from "../job/workspace.js";
import { type CommandContext, toJsonLine } from "./command-outcome.js";

const examples = `
Examples:
  lamsach purge 2023-06-13-0103b9106b0a --yes
  lamsach purge --expired --pipeline pipelines/covid19-vaccination.yaml --dry-run
  lamsach purge --expired --pipeline pipelines/covid19-vaccination.yaml

Gone are the run's outputs, its assessments, its row of the ledger and what the ledger's free pages held; the audit log
keeps its id, hashes and times. Stopped in the middle, the same command finishes it. Copies elsewhere are yours to remove.`;

interface Options {
  readonly yes: boolean;
  readonly expired: boolean;
  readonly pipeline?: string;
  readonly dryRun: boolean;
  readonly out: string;
  readonly json: boolean;
}

/** `lamsach purge <run>` and `lamsach purge --expired`: remove runs for good. */
export function addPurgeCommand(program: Command, { effects, finish }: CommandContext): void {
  program
    .command("purge")
    .summary("remove a run, or what is past its retention, for good")
    .description("Removes a run, or everything past the retention of a pipeline, for good.")
    .argument("[run]", "the whole id of a run under --out")
    .option("--yes", "remove the run; without it nothing is removed", false)
    .option("--expired", "remove what is past the pipeline's retention, instead of one run", false)
    .option("--pipeline <file>", "the pipeline whose retention counts, and whose runs are looked at")
    .option("--dry-run", "with --expired: say what would be removed, and remove nothing", false)
    .option("--out <dir>", "where the runs are", "reports")
    .option("--json", "print one JSON object", false)
    .addHelpText("after", examples)
    .action(async (run: string | undefined, options: Options) => {
      const asked = readRequest(run, options);
      const out = path.resolve(effects.cwd, options.out);
      requireLedger(out);
      const { holdWorkspace } = await import("../job/held-workspace.js");
      const { findExpired, purgeExpired } = await import("../job/expire-runs.js");
      const { loadPipeline } = await import("../pipeline/pipeline.js");
      const pipeline = "pipeline" in asked ? loadPipeline(path.resolve(effects.cwd, asked.pipeline)) : null;
      const gone = await holdWorkspace(out, effects, async (ledger): Promise<Expired> => {
        const found: Expired =
          pipeline === null
            ? { runs: [{ run: run as string, part: "run" }], logs: [] }
            : findExpired({ out, pipeline }, ledger, effects);
        if (!options.dryRun) await purgeExpired(out, found, ledger, effects);
        return found;
      });
      finish({
        exitCode: exitCodes.done,
        stdout: options.json
          ? toJsonLine({ dryRun: options.dryRun, ...gone })
          : describe(gone, options.dryRun),
      });
    });
}

function requireLedger(out: string): void {
  if (existsSync(locateWorkspace(out).ledger)) return;
  throw usage(
    `${out}: there is no ledger; expected an output folder. Check --out, or see \`lamsach doctor --rebuild-ledger\`.`,
  );
}

/** One of the two ways to use it, and the words that confirm it. */
function readRequest(run: string | undefined, options: Options): { run: string } | { pipeline: string } {
  if ((run === undefined) !== options.expired) {
    throw usage(
      "purge: a run and --expired exclude each other; expected one of them. Name a run, or give --expired.",
    );
  }
  if (run === undefined) {
    if (options.pipeline !== undefined) return { pipeline: options.pipeline };
    throw usage(
      "purge: --expired has no pipeline; expected the file that says how long runs are kept. Give --pipeline.",
    );
  }
  if (options.dryRun || options.pipeline !== undefined) {
    throw usage(
      "purge: --dry-run and --pipeline are for --expired; expected neither with a run. Leave them out.",
    );
  }
  if (!options.yes) {
    throw usage(
      "purge: nothing was removed; expected --yes, since a run that is removed cannot be brought back. Add it.",
    );
  }
  return { run };
}

function describe({ runs, logs }: Expired, dryRun: boolean): string {
  const verb = dryRun ? "would remove" : "removed";
  const lines = [
    ...runs.map(({ run, part }) => `${verb} ${part === "run" ? "run" : "the assessments of run"} ${run}`),
    ...logs.map((name) => `${verb} ${name}`),
  ];
  return lines.length === 0 ? "Nothing is past its retention.\n" : `${lines.join("\n")}\n`;
}

function usage(message: string): LamsachError {
  return new LamsachError(exitCodes.usage, message);
}
