import path from "node:path";
import { inspect } from "node:util";
import { Command, CommanderError, Option } from "commander";
import { z } from "zod";
import type { Effects } from "../effects.js";
import { type ExitCode, exitCodes, explainSystemError, LamsachError } from "../errors.js";
import { describeError, listFrames, logLevels, readLogLevel } from "../job/system-effects.js";
import { writeFileAtomic } from "../storage/atomic-file.js";
import { addAuditCommand } from "./audit-command.js";
import { addAuditResultCommand } from "./audit-result-command.js";
import { addAuditSampleCommand } from "./audit-sample-command.js";
import { addCodesCommand } from "./codes-command.js";
import type { CommandContext, CommandOutcome } from "./command-outcome.js";
import { addCompletionCommand } from "./completion-command.js";
import { addDecryptCommand } from "./decrypt-command.js";
import { addDoctorCommand } from "./doctor-command.js";
import { addExplainCommand } from "./explain-command.js";
import { addGenerateCommand } from "./generate-command.js";
import { addJudgeCommand } from "./judge-command.js";
import { addKeyCommand } from "./key-command.js";
import { addPurgeCommand } from "./purge-command.js";
import { addRegisterCommand } from "./register-command.js";
import { addReportCommand } from "./report-command.js";
import { addRunCommand } from "./run-command.js";
import { addRunsCommand } from "./runs-command.js";
import { addSchemaCommand } from "./schema-command.js";

const examples = `
Examples:
  lamsach register build population.csv --out population.db
  lamsach run pipelines/covid19-vaccination.yaml --register population.db
  lamsach explain <run> <record-id>

Environment: LAMSACH_LOG (log level), LAMSACH_KEY (the key, when no --key-file is given), LAMSACH_DEBUG=<file> (keep the
whole of an unexpected error there; it may hold data).
Exit codes: 0 done · 1 a quality gate withheld the outputs · 2 usage or configuration · 3 input unreadable ·
4 environment (space, permission) · 5 another run holds the lock · 70 a bug · 130/143 stopped by a signal, resumable.`;

/** The command line as commander has it; help, completion and the check of the papers read it too. */
export function createProgram(version: string, context: CommandContext): Command {
  const { effects } = context;
  const program = new Command("lamsach");
  program
    .description(
      "Cleans COVID-19 vaccination records against the population register, every night, on one machine.",
    )
    .version(version, "-V, --version", "show the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .addOption(
      new Option("--log-level <level>", "how much is logged on stderr, as JSON lines").choices(logLevels),
    )
    .addHelpText("after", examples)
    .showSuggestionAfterError(true)
    .showHelpAfterError("`lamsach help` lists the commands, `lamsach help <command>` shows how one is used.")
    .exitOverride()
    .configureOutput({ writeOut: effects.stdout, writeErr: effects.stderr })
    .hook("preAction", (root) => {
      const level: unknown = root.opts().logLevel;
      if (typeof level === "string") effects.log.level = readLogLevel(level);
    });
  addRunCommand(program, context);
  addRegisterCommand(program, context);
  addExplainCommand(program, context);
  addJudgeCommand(program, context);
  addRunsCommand(program, context);
  addReportCommand(program, context);
  addAuditCommand(program, context);
  addAuditSampleCommand(program, context);
  addAuditResultCommand(program, context);
  addPurgeCommand(program, context);
  addKeyCommand(program, context);
  addDecryptCommand(program, context);
  addCodesCommand(program, context);
  addDoctorCommand(program, context);
  addGenerateCommand(program, context);
  addSchemaCommand(program, context);
  addCompletionCommand(program, context);
  return program;
}

/** Runs one command line (without node and script) to its exit code; what belongs on stdout is returned, not written. */
export async function runCommandLine(
  argv: readonly string[],
  version: string,
  effects: Effects,
): Promise<CommandOutcome> {
  let outcome: CommandOutcome = { exitCode: exitCodes.done, stdout: "" };
  const finish = (finished: CommandOutcome): void => {
    outcome = finished;
  };
  try {
    await createProgram(version, { effects, finish }).parseAsync(argv, { from: "user" });
    return outcome;
  } catch (error) {
    return { exitCode: reportFailure(error, effects), stdout: "" };
  }
}

/** Says on stderr why a command failed, in one readable line (a line for each problem), and gives its exit code. */
export function reportFailure(
  failure: unknown,
  effects: Pick<Effects, "stderr" | "env" | "log" | "cwd">,
): ExitCode {
  const error = explainSystemError(failure);
  if (error instanceof CommanderError) {
    // Commander has said what is wrong; asking for help or the version is no failure.
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  if (error instanceof LamsachError) {
    effects.stderr(`lamsach: ${error.message}\n`);
    return error.exitCode;
  }
  effects.log.fatal({ err: error }, "a bug");
  effects.stderr(`lamsach: ${describeBug(error)}\n`);
  const { LAMSACH_DEBUG: file = "" } = effects.env;
  if (file !== "") keepError(path.resolve(effects.cwd, file), error, effects);
  return exitCodes.bug;
}

/** Everything an error holds, in a file for its owner alone: a record may be in it, so stderr and the log are no place. */
function keepError(file: string, error: unknown, effects: Pick<Effects, "stderr">): void {
  try {
    writeFileAtomic(file, `${inspect(error, { depth: 5 })}\n`);
  } catch (failure) {
    effects.stderr(
      `lamsach: ${failure instanceof LamsachError ? failure.message : "the error is not kept"}\n`,
    );
  }
}

// The message of a foreign error can hold a record: only its kind, code and place are shown.
function describeBug(error: unknown): string {
  const kind = error instanceof z.ZodError ? "ZodError" : String(describeError(error).type);
  const code = describeError(error).code;
  const place = error instanceof Error ? listFrames(error)[0] : undefined;
  const what = [kind, code, place === undefined ? undefined : `at ${place}`].filter(
    (part) => part !== undefined,
  );
  return `${what.join(" ")}: this is a bug; expected no such error. LAMSACH_DEBUG=<file> keeps all of it there (it may hold data).`;
}
