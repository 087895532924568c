import type { Command } from "commander";
import { createProgram } from "../../src/cli/program.js";
import { createSystemEffects } from "../../src/job/system-effects.js";

/** A command of the program, with the words that call it. */
export interface ListedCommand {
  readonly words: readonly string[];
  readonly command: Command;
}

/** The program itself, to read its commands and options. */
export const program: Command = createProgram("0.0.0", {
  effects: createSystemEffects({ level: "silent" }),
  finish: () => {},
});

/** Every command of the program, also those that only hold others, each before its own. */
export function listCommands(parent: Command = program, before: readonly string[] = []): ListedCommand[] {
  return parent.commands.flatMap((command) => {
    const words = [...before, command.name()];
    return [{ words, command }, ...listCommands(command, words)];
  });
}
