import { performance } from "node:perf_hooks";
import { type Bindings, destination, type Logger, type LoggerOptions, pino } from "pino";
import type { Effects } from "../effects.js";
import { exitCodes, LamsachError } from "../errors.js";
import { createStopCatcher } from "./stop-signals.js";

export const logLevels = ["silent", "fatal", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];

/** What a log line may carry beside level, time and msg; everything else is dropped, so that no record gets in. */
const allowedFields: ReadonlySet<string> = new Set([
  "run",
  "phase",
  "shard",
  "shards",
  "source",
  "workers",
  "worker",
  "rows",
  "records",
  "files",
  "bytes",
  "people",
  "findings",
  "exitCode",
  "status",
  "durationMs",
  "rowsPerSecond",
  "memoryBytes",
  "resumed",
  "code",
  "signal",
  "attempt",
]);
const maxTextLength = 200;

/** The real clock, terminal, signals and logger. `level`: from --log-level; else LAMSACH_LOG; else warn. */
export function createSystemEffects({ level }: { level?: LogLevel } = {}): Effects {
  return {
    now: () => new Date(),
    elapsedMs: () => performance.now(),
    cwd: process.cwd(),
    env: process.env,
    isInteractive: process.stderr.isTTY === true,
    stdout: (text) => {
      process.stdout.write(text);
    },
    stderr: (text) => {
      process.stderr.write(text);
    },
    log: createLogger(level ?? readLogLevel(process.env.LAMSACH_LOG), openLogSink()),
    catchStop: createStopCatcher(),
  };
}

/** stderr, written at once; a log that cannot be written stops no run. */
function openLogSink(): ReturnType<typeof destination> {
  const sink = destination({ dest: 2, sync: true });
  sink.on("error", () => {});
  return sink;
}

/** The level that LAMSACH_LOG or --log-level names; warn when it names none; a `LamsachError` (exit 2) when unknown. */
export function readLogLevel(text: string | undefined): LogLevel {
  if (text === undefined || text === "") return "warn";
  const level = logLevels.find((known) => known === text);
  if (level !== undefined) return level;
  throw new LamsachError(
    exitCodes.usage,
    `log level: this level is not known; expected ${logLevels.join(", ")}. Set --log-level or LAMSACH_LOG.`,
  );
}

/** A JSON-lines logger that lets only allow-listed fields, short texts and numbers through, and no foreign message. */
export function createLogger(level: LogLevel, stream: { write(line: string): void }): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: {
      level: (label) => ({ level: label }),
      bindings: keepAllowed,
      log: keepAllowed,
    },
    hooks: {
      // pino takes the message of an error it is given as the line's own.
      logMethod(given, method) {
        const [first, second] = given as unknown[];
        if (first instanceof Error) return method.apply(this, [{ err: first }, textOr(second, "failed")]);
        if (typeof first === "object" && first !== null)
          return method.apply(this, [first, textOr(second, "")]);
        return method.apply(this, [textOr(first, "")]);
      },
    },
  };
  const logger = pino(options, stream);
  // Trap: pino gives a child no formatter of bindings but the one its maker names.
  const makeChild = logger.child;
  logger.child = function (this: Logger, bindings: Bindings) {
    return makeChild.call(this, bindings, { formatters: { bindings: keepAllowed } });
  } as typeof logger.child;
  return logger;
}

/** An error as a log line has it: its kind, code and places in the code; the message only when it is our own. */
export function describeError(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = (error as { code?: unknown }).code;
  return {
    type: isWord(error.name) ? error.name : "Error",
    ...(isWord(code) ? { code } : {}),
    ...(error instanceof LamsachError ? { message: error.message, exitCode: error.exitCode } : {}),
    frames: listFrames(error),
  };
}

/** Kinds and codes of errors, such as TypeError and CSV_QUOTE_NOT_CLOSED: letters first, so that no number is one. */
function isWord(text: unknown): text is string {
  return typeof text === "string" && /^[A-Za-z]+(?:_[A-Z\d]+)*$/.test(text) && text.length <= 60;
}

/** Where an error came from: up to eight `file:line:column`, nothing of its message. */
export function listFrames({ stack = "", message }: Error): readonly string[] {
  // The message stands above the frames, and a line of it may look like one.
  const begin = stack.indexOf(message);
  if (begin < 0) return [];
  const frames: string[] = [];
  for (const line of stack.slice(begin + message.length).split("\n")) {
    const place = /^ {4}at (?:.*[/\\(:])?([\w.-]+\.[cm]?[jt]s:\d+:\d+)\)?$/.exec(line)?.[1];
    if (place !== undefined) frames.push(place);
  }
  return frames.slice(0, 8);
}

function keepAllowed(fields: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (key === "err") kept.err = describeError(value);
    else if (!allowedFields.has(key)) continue;
    else if (typeof value === "string") kept[key] = value.slice(0, maxTextLength);
    else if (typeof value === "number" || typeof value === "boolean") kept[key] = value;
  }
  return kept;
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value.slice(0, maxTextLength) : otherwise;
}
