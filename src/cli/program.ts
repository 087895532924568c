import { Command, CommanderError, Option } from "commander";
import { z } from "zod";
import type { Effects } from "../effects.js";
import { type ExitCode, exitCodes, explainSystemError, LamsachError } from "../errors.js";
import { describeError, listFrames, logLevels, readLogLevel } from "../job/system-effects.js";
import { addCodesCommand } from "./codes-command.js";
import type { CommandContext, CommandOutcome } from "./command-outcome.js";
import { addCompletionCommand } from "./completion-command.js";
import { addDoctorCommand } from "./doctor-command.js";
import { addExplainCommand } from "./explain-command.js";
import { addGenerateCommand } from "./generate-command.js";
import { addJudgeCommand } from "./judge-command.js";
import { addRegisterCommand } from "./register-command.js";
import { addRunCommand } from "./run-command.js";
import { addRunsCommand } from "./runs-command.js";
import { addSchemaCommand } from "./schema-command.js";

const examples = `
Examples:
  lamsach register build population.csv --out population.db
  lamsach run pipelines/covid19-vaccination.yaml --register population.db
  lamsach explain <run> <record-id>

Environment: LAMSACH_LOG (log level), LAMSACH_DEBUG=1 (show the whole text of an unexpected error; it may hold data).
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
export function reportFailure(failure: unknown, effects: Pick<Effects, "stderr" | "env" | "log">): ExitCode {
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
  if (effects.env.LAMSACH_DEBUG === "1" && error instanceof Error) effects.stderr(`${error.stack}\n`);
  return exitCodes.bug;
}

// The message of a foreign error can hold a record: only its kind, code and place are shown.
function describeBug(error: unknown): string {
  const kind = error instanceof z.ZodError ? "ZodError" : String(describeError(error).type);
  const code = describeError(error).code;
  const place = error instanceof Error ? listFrames(error)[0] : undefined;
  const what = [kind, code, place === undefined ? undefined : `at ${place}`].filter(
    (part) => part !== undefined,
  );
  return `${what.join(" ")}: this is a bug; expected no such error. LAMSACH_DEBUG=1 shows all of it (it may hold data).`;
}
