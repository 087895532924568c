import { Argument, type Command } from "commander";
import { exitCodes } from "../errors.js";
import type { CommandContext } from "./command-outcome.js";
import { type Shell, shells, writeCompletion } from "./completion-script.js";

const examples = `
Examples:
  lamsach completion bash > ~/.local/share/bash-completion/completions/lamsach
  lamsach completion zsh > "\${fpath[1]}/_lamsach"
  lamsach completion fish > ~/.config/fish/completions/lamsach.fish`;

/** `lamsach completion <shell>`: a completion script made from the commands themselves. */
export function addCompletionCommand(program: Command, { finish }: CommandContext): void {
  program
    .command("completion")
    .summary("print a completion script for a shell")
    .description("Prints a script that lets a shell complete commands, options and file names.")
    .addArgument(new Argument("<shell>", "the shell").choices(shells))
    .addHelpText("after", examples)
    .action((shell: Shell) => {
      finish({ exitCode: exitCodes.done, stdout: writeCompletion(program, shell) });
    });
}
