import type { Effects } from "../effects.js";

/** What a command leaves: the exit code and what belongs on stdout, ending in a line break when not empty. */
export interface CommandOutcome {
  readonly exitCode: number;
  readonly stdout: string;
}

/** What a command is given beside its options. */
export interface CommandContext {
  readonly effects: Effects;
  /** Takes the outcome; called once by the action of a command. */
  finish(outcome: CommandOutcome): void;
}

/** Writes one JSON value as the one line that --json prints. */
export function toJsonLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

/** A text as whole lines. */
export function toLines(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
