import path from "node:path";
import type { Command } from "commander";
import { exitCodes } from "../errors.js";
import { type CommandContext, toJsonLine } from "./command-outcome.js";

const examples = `
Examples:
  lamsach doctor
  lamsach doctor --out /srv/lamsach --register population.db
  lamsach doctor --json

Exit code 4 when something is wrong.`;

interface Options {
  readonly out: string;
  readonly register?: string;
  readonly json: boolean;
}

/** `lamsach doctor`: would a run work on this machine? */
export function addDoctorCommand(program: Command, { effects, finish }: CommandContext): void {
  program
    .command("doctor")
    .summary("check the machine, the output folder and the register")
    .description(
      "Checks Node, the native module, disk space, permissions, and the health of ledger and register.",
    )
    .option("--out <dir>", "the output folder to check", "reports")
    .option("--register <db>", "a register to check")
    .option("--json", "print one JSON object", false)
    .addHelpText("after", examples)
    .action(async (options: Options) => {
      const { examineMachine } = await import("./machine-checks.js");
      const checks = await examineMachine({
        out: path.resolve(effects.cwd, options.out),
        register: options.register === undefined ? null : path.resolve(effects.cwd, options.register),
      });
      const isHealthy = checks.every(({ passed }) => passed);
      const lines = checks.map(
        ({ name, passed, detail }) => `${passed ? "ok   " : "WRONG"} ${name}: ${detail}\n`,
      );
      finish({
        exitCode: isHealthy ? exitCodes.done : exitCodes.environment,
        stdout: options.json ? toJsonLine({ healthy: isHealthy, checks }) : lines.join(""),
      });
    });
}
