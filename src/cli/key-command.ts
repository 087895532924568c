import path from "node:path";
import type { Command } from "commander";
import { exitCodes } from "../errors.js";
import { writeKeyFile } from "../storage/file-key.js";
import { type CommandContext, toJsonLine } from "./command-outcome.js";

const examples = `
Examples:
  lamsach key new night.key
  lamsach key new night.key --json

Keep a copy of the key where the sealed files are not: without it nobody can read them again.`;

/** `lamsach key new`: a key to seal files and to make pseudonyms with. */
export function addKeyCommand(program: Command, { effects, finish }: CommandContext): void {
  const key = program
    .command("key")
    .summary("make a key")
    .description("Makes keys, with which outputs and registers are sealed and pseudonyms are made.");
  key
    .command("new")
    .description("Writes 32 random bytes to a new file for its owner alone (0600), and says the key's id.")
    .argument("<file>", "the file to make; one that is there is refused")
    .option("--json", "print one JSON object", false)
    .addHelpText("after", examples)
    .action((file: string, options: { json: boolean }) => {
      const { id } = writeKeyFile(path.resolve(effects.cwd, file));
      const stdout = options.json ? toJsonLine({ file, keyId: id }) : `${file}: key ${id}\n`;
      finish({ exitCode: exitCodes.done, stdout });
    });
}
