import type { Command } from "commander";
import { type CommandContext, toJsonLine, toLines } from "./command-outcome.js";
import { keyFileText } from "./option-values.js";
import { findRunFolder } from "./run-folder.js";

const examples = `
Examples:
  lamsach judge 2023-06-13 --policy pipelines/policies/scheme-06.yaml
  lamsach judge reports/2023-06-13-1a2b3c --policy stricter.yaml --json

Nothing is read or matched again: the stored assessments are judged by the other policy, and the counts are compared.`;

interface Options {
  readonly policy: string;
  readonly out: string;
  readonly keyFile?: string;
  readonly json: boolean;
}

/** `lamsach judge <run>`: what would another policy make of a run? */
export function addJudgeCommand(program: Command, { effects, finish }: CommandContext): void {
  program
    .command("judge")
    .summary("judge a finished run by another policy")
    .description("Judges the stored assessments of a run by another policy and shows what would change.")
    .argument("<run>", "the run's folder, or its id under --out (the beginning is enough)")
    .requiredOption("--policy <file>", "the policy to judge by")
    .option("--out <dir>", "where the runs are", "reports")
    .option("--key-file <file>", `of a sealed run: ${keyFileText}`)
    .option("--json", "print one JSON object", false)
    .addHelpText("after", examples)
    .action(async (named: string, options: Options) => {
      const runDir = findRunFolder({ named, out: options.out, cwd: effects.cwd });
      const { rejudgeRun } = await import("../job/rejudge.js");
      const result = await rejudgeRun(
        { runDir, policyPath: options.policy, keyFile: options.keyFile ?? null },
        effects,
      );
      finish({
        exitCode: result.exitCode,
        stdout: options.json ? toJsonLine(result.json) : toLines(result.text),
      });
    });
}
