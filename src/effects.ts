import type { Logger } from "pino";

/** What the outside world gives a command; passed in, never reached for. */
export interface Effects {
  /** Wall clock. */
  now(): Date;
  /** Monotonic milliseconds, for durations only. */
  elapsedMs(): number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isInteractive: boolean;
  stdout(text: string): void;
  stderr(text: string): void;
  readonly log: Logger;
  /**
   * From the first call on, SIGINT and SIGTERM no longer end the program at once: they abort what is returned, and the
   * reason is the `LamsachError` to end with. Only for work that looks at it.
   */
  catchStop(): AbortSignal;
}
