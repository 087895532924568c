import { execFileSync, spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { locateScript } from "./checkout.js";

/** What one whole process took. */
export interface Measurement {
  readonly wallMs: number;
  /** User and system time of all its threads; null for a program that is not Node. */
  readonly cpuMs: number | null;
  /** Peak resident memory by the kernel's own count; null as above. */
  readonly peakBytes: number | null;
  /** Share of the machine's processors that other processes used meanwhile, 0 to 1; null off Linux. */
  readonly othersShare: number | null;
  /** What it printed. */
  readonly output: string;
}

/** Measures one command. */
export type Measure = (command: readonly string[]) => Promise<Measurement>;

/** What can be measured of a Node program alone. */
export type OwnFigure = "cpuMs" | "peakBytes";

/** A figure that the program, being Node, has reported; throws when it has not. */
export function readOwn(measurement: Measurement, figure: OwnFigure): number {
  const value = measurement[figure];
  if (value === null)
    throw new Error(`${figure}: not measured; expected a Node program. Measure its wall time alone.`);
  return value;
}

/**
 * Runs a command to its end and measures the whole process; Node scripts also report their own use, in a file of
 * `work`, by the compiled `report-usage`. Throws when it fails.
 */
export async function measure(command: readonly string[], work: string): Promise<Measurement> {
  const [program = "", ...args] = command;
  const isNode = program === process.execPath;
  const usageFile = path.join(work, "usage.json");
  const preload = ["--import", pathToFileURL(locateScript("report-usage")).href];
  rmSync(usageFile, { force: true });
  // What the program before has left unwritten would be written at the cost of this one's fsync.
  execFileSync("sync");
  const busyBefore = readBusyMs();
  const start = process.hrtime.bigint();
  const child = spawn(program, isNode ? [...preload, ...args] : args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, LAMSACH_BENCH_USAGE: usageFile },
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const [output, code] = await Promise.all([text(child.stdout), ended]);
  const wallMs = Number(process.hrtime.bigint() - start) / 1e6;
  const busyAfter = readBusyMs();
  if (code !== 0)
    throw new Error(`${command.join(" ")}: ended with ${code}; expected 0. Run it alone to see why.`);
  const usage: { cpuUs: number; peakKb: number } | null = isNode
    ? JSON.parse(readFileSync(usageFile, "utf8"))
    : null;
  const cpuMs = usage === null ? null : usage.cpuUs / 1000;
  const others = busyBefore === null || busyAfter === null ? null : busyAfter - busyBefore - (cpuMs ?? 0);
  return {
    wallMs,
    cpuMs,
    peakBytes: usage === null ? null : usage.peakKb * 1024,
    othersShare:
      others === null || cpuMs === null ? null : Math.max(0, others) / (wallMs * availableParallelism()),
    output,
  };
}

/** Processor time spent by everybody since the machine started, from /proc/stat (100 ticks a second); null off Linux. */
function readBusyMs(): number | null {
  try {
    const [, user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0] = (
      readFileSync("/proc/stat", "utf8").split("\n")[0] as string
    )
      .split(/\s+/)
      .map(Number);
    return (user + nice + system + irq + softIrq) * 10;
  } catch {
    return null;
  }
}
