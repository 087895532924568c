import type { Command } from "commander";
import { type CommandContext, toJsonLine, toLines } from "./command-outcome.js";
import { keyFileText } from "./option-values.js";
import { findRunFolder } from "./run-folder.js";

const examples = `
Examples:
  lamsach explain 2023-06-13 R000123
  lamsach explain 2023-06-13 exports/ha-noi.csv:118 --register population.db
  lamsach explain 2023-06-13 R000123 --reveal

Without --reveal who somebody is stays masked: name, numbers, birth date, address, note. Dose, facility and place codes
are shown.`;

interface Options {
  readonly reveal: boolean;
  readonly register?: string;
  readonly keyFile?: string;
  readonly out: string;
  readonly json: boolean;
}

/** `lamsach explain <run> <record-id>`: why a record has its code. */
export function addExplainCommand(program: Command, { effects, finish }: CommandContext): void {
  program
    .command("explain")
    .summary("say why a record has its code")
    .description(
      "Says how one record came to its code: findings, comparison levels, order of judgement, what to do.",
    )
    .argument("<run>", "the run's folder, or its id under --out (the beginning is enough)")
    .argument("<record-id>", "the record_id as in the outputs")
    .option("--reveal", "show the record's values too (personal data, on your terminal)", false)
    .option("--register <db>", "the register, to compare with the person once more")
    .option("--key-file <file>", `of a sealed run or register: ${keyFileText}`)
    .option("--out <dir>", "where the runs are", "reports")
    .option("--json", "print one JSON object", false)
    .addHelpText("after", examples)
    .action(async (named: string, recordId: string, options: Options) => {
      const runDir = findRunFolder({ named, out: options.out, cwd: effects.cwd });
      const { explainRecord } = await import("../explain/explain-record.js");
      const result = await explainRecord(
        {
          runDir,
          recordId,
          reveal: options.reveal,
          registerPath: options.register ?? null,
          keyFile: options.keyFile ?? null,
        },
        effects,
      );
      finish({
        exitCode: result.exitCode,
        stdout: options.json ? toJsonLine(result.json) : toLines(result.text),
      });
    });
}
