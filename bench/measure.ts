import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { pathToFileURL } from "node:url";

/** What one whole process took. */
export interface Measurement {
  readonly wallMs: number;
  /** User and system time of all its threads; null for a program that is not Node. */
  readonly cpuMs: number | null;
  /** Peak resident memory by the kernel's own count; null as above. */
  readonly peakKb: number | null;
  /** Share of the machine's processors that other processes used meanwhile, 0 to 1; null off Linux. */
  readonly othersShare: number | null;
}

/** Runs a command to its end and measures the whole process; Node scripts also report their own use. Throws when it fails. */
export async function measure(
  command: readonly string[],
  { usageFile, preload }: { readonly usageFile: string; readonly preload: string },
): Promise<Measurement> {
  const [program = "", ...args] = command;
  const isNode = program === process.execPath;
  rmSync(usageFile, { force: true });
  const busyBefore = readBusyMs();
  const start = process.hrtime.bigint();
  const child = spawn(program, isNode ? ["--import", pathToFileURL(preload).href, ...args] : args, {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, LAMSACH_BENCH_USAGE: usageFile },
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const wallMs = Number(process.hrtime.bigint() - start) / 1e6;
  const busyAfter = readBusyMs();
  if (code !== 0) throw new Error(`${program}: ended with ${code}; expected 0. Run it alone to see why.`);
  const usage: { cpuUs: number; peakKb: number } | null = isNode
    ? JSON.parse(readFileSync(usageFile, "utf8"))
    : null;
  const cpuMs = usage === null ? null : usage.cpuUs / 1000;
  const others = busyBefore === null || busyAfter === null ? null : busyAfter - busyBefore - (cpuMs ?? 0);
  return {
    wallMs,
    cpuMs,
    peakKb: usage?.peakKb ?? null,
    othersShare:
      others === null || cpuMs === null ? null : Math.max(0, others) / (wallMs * availableParallelism()),
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

/** Median, least and most. */
export function summarise(values: readonly number[]): { median: number; min: number; max: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  const median = sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
  return { median, min: sorted[0] as number, max: sorted.at(-1) as number };
}
