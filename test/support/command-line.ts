import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder. */
export const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** What a command left behind. */
export interface CommandResult {
  /** As a person would type it. */
  readonly command: string;
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd: string;
  /** Beside PATH, HOME and TMPDIR, which are all that a command gets of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A command that is still running. */
export interface RunningCommand {
  readonly pid: number | undefined;
  readonly finished: Promise<CommandResult>;
  /** What it has said so far. */
  stdout(): string;
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
}

const main = path.join(repository, "dist/cli/main.js");

/** Starts the built command line as a process of its own. */
export function startLamsach(args: readonly string[], { cwd, env = {} }: CommandOptions): RunningCommand {
  const { PATH = "", HOME = "", TMPDIR = "/tmp" } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { PATH, HOME, TMPDIR, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8");
    child[stream].on("data", (text: string) => {
      output[stream] += text;
    });
  }
  const finished = new Promise<CommandResult>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve({ command: ["lamsach", ...args].join(" "), code, signal, ...output });
    });
  });
  return {
    pid: child.pid,
    finished,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    kill: (signal) => child.kill(signal),
  };
}

/** Runs the built command line to its end. */
export function runLamsach(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return startLamsach(args, options).finished;
}

/** The result itself when the command ended with `code`; else an error that shows everything there is to see. */
export function expectCode(result: CommandResult, code: number): CommandResult {
  if (result.code === code) return result;
  throw new Error(`expected exit code ${code}\n${describeResult(result)}`);
}

/** Command, status and both streams, for the message of a failure. */
export function describeResult({ command, code, signal, stdout, stderr }: CommandResult): string {
  const status = signal === null ? `exit code ${code}` : `signal ${signal}`;
  return `command: ${command}\nstatus: ${status}\nstdout:\n${stdout}\nstderr:\n${stderr}`;
}
