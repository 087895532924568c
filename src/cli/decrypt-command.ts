import type { Command } from "commander";
import { exitCodes } from "../errors.js";
import { type CommandContext, toJsonLine } from "./command-outcome.js";
import { keyFileText } from "./option-values.js";

const examples = `
Examples:
  lamsach decrypt reports/2023-06-13-1a2b3c --key-file night.key --out plain
  lamsach decrypt reports/2023-06-13-1a2b3c/changes.csv.sealed --key-file night.key --out - | head

A file that was changed or cut short is refused (exit code 3), one of another key too (2); nothing of it is written.`;

interface Options {
  readonly keyFile?: string;
  readonly out: string;
  readonly json: boolean;
}

/** `lamsach decrypt <what…>`: sealed files as they were. */
export function addDecryptCommand(program: Command, { effects, finish }: CommandContext): void {
  program
    .command("decrypt")
    .summary("write what sealed files hold")
    .description("Writes what sealed files, or all files of a sealed run, hold.")
    .argument("<what...>", "sealed files (.sealed), or folders of runs")
    .requiredOption("--out <dir>", "the folder to write to; - is stdout, for one file")
    .option("--key-file <file>", keyFileText)
    .option("--json", "print one JSON object", false)
    .addHelpText("after", examples)
    .action(async (what: readonly string[], options: Options) => {
      const { decryptAll, printSealed } = await import("../job/decrypt-files.js");
      const job = { what, keyFile: options.keyFile ?? null };
      if (options.out === "-") {
        await printSealed(job, process.stdout, effects);
        finish({ exitCode: exitCodes.done, stdout: "" });
        return;
      }
      const written = decryptAll({ ...job, out: options.out }, effects);
      const lines = written.map((file) => `${file}\n`).join("");
      finish({ exitCode: exitCodes.done, stdout: options.json ? toJsonLine({ written }) : lines });
    });
}
