import { setImmediate } from "node:timers/promises";
import { exitCodes, LamsachError } from "../errors.js";

/** How long the work at hand may take to come to a safe place; killed anywhere, a run goes on as well. */
const graceMs = 4000;

/**
 * Gives `Effects.catchStop`. The first SIGINT or SIGTERM aborts the signal that it returns and, when the work has not
 * ended in four seconds, ends the process; the second ends it at once.
 */
export function createStopCatcher(): () => AbortSignal {
  const stopper = new AbortController();
  let isListening = false;
  return () => {
    if (!isListening) {
      isListening = true;
      process.on("SIGINT", () => stop(stopper, "SIGINT", exitCodes.interrupted));
      process.on("SIGTERM", () => stop(stopper, "SIGTERM", exitCodes.terminated));
    }
    return stopper.signal;
  };
}

/** Lets a signal in that came while one answer of a thread after the other was taken: two turns, the first may be over. */
export async function hearSignals(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

function stop(stopper: AbortController, signal: string, exitCode: 130 | 143): void {
  if (stopper.signal.aborted) process.exit(exitCode);
  const reason = new LamsachError(exitCode, `stopped by ${signal}; the same command goes on from here.`);
  stopper.abort(reason);
  setTimeout(() => {
    process.stderr.write(`lamsach: ${reason.message}\n`);
    process.exit(exitCode);
  }, graceMs).unref();
}
