import { getEnvironmentData, isMainThread, setEnvironmentData } from "node:worker_threads";

/**
 * Every place where a test may end the process, named by what was done last, in the order of a night; then those of a
 * register's build. `test/crash` ends a command at each of them and looks at what the next one makes of it.
 */
export const killPoints = [
  "part-written",
  "part-renamed",
  "lock-file-made",
  "lock-taken",
  "holder-named",
  "ledger-file-made",
  "ledger-ready",
  "lost-run-tidied",
  "lost-run-noted",
  "run-started",
  "work-folders-made",
  "inputs-opened",
  "shard-resumed",
  "sections-written",
  "assessment-written",
  "run-assessed",
  "run-judged",
  "codes-written",
  "repeats-written",
  "state-written",
  "withheld-report-written",
  "staging-made",
  "outputs-made",
  "shard-published",
  "sets-written",
  "report-file-written",
  "output-hashed",
  "output-synced",
  "manifest-written",
  "manifest-synced",
  "folders-synced",
  "run-renamed",
  "run-published",
  "sources-removed",
  "sources-gone",
  "staging-removed",
  "run-finished",
  "holder-removed",
  "register-building-made",
  "register-rows-read",
  "register-written",
  "register-synced",
  "register-renamed",
  "register-published",
] as const;

export type KillPoint = (typeof killPoints)[number];

/** Where LAMSACH_KILL_AT asks for a signal: `<point>`, `<point>#<how often it is reached>`, and `:<signal>` unless SIGKILL. */
interface Ambush {
  readonly name: string;
  readonly time: number;
  readonly signal: string;
  /** How often the point was reached, by all threads together. */
  readonly reached: Int32Array;
}

const ambush = readAmbush(process.env.LAMSACH_KILL_AT);

/** Sends the process the signal that a test asked for at this point; does nothing, at no cost, unless one did. */
export function killPoint(name: KillPoint): void {
  if (ambush !== null && ambush.name === name) spring(ambush);
}

function spring({ time, signal, reached }: Ambush): void {
  if (Atomics.add(reached, 0, 1) + 1 === time) process.kill(process.pid, signal);
}

function readAmbush(text: string | undefined): Ambush | null {
  const [, name, time = "1", signal = "SIGKILL"] =
    /^([a-z-]+)(?:#(\d{1,6}))?(?::(SIG[A-Z]+))?$/.exec(text ?? "") ?? [];
  if (name === undefined) return null;
  return { name, time: Number(time), signal, reached: shareCount() };
}

/** The main thread's count, which threads started later get too. */
function shareCount(): Int32Array {
  const key = "lamsach kill point";
  if (isMainThread) setEnvironmentData(key, new Int32Array(new SharedArrayBuffer(4)));
  return getEnvironmentData(key) as Int32Array;
}
