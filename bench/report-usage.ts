/**
 * Preloaded (`--import`) into a measured process: when it ends, it writes what the operating system counted for it, all
 * threads together, to the file that LAMSACH_BENCH_USAGE names.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const file = process.env.LAMSACH_BENCH_USAGE;
if (file !== undefined && isMainThread) {
  process.on("exit", () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    writeFileSync(file, JSON.stringify({ cpuUs: userCPUTime + systemCPUTime, peakKb: readPeak() ?? maxRSS }));
  });
}

/** The kernel's high-water mark of this process alone; maxRSS also counts what the parent held when it forked. */
function readPeak(): number | null {
  try {
    const kb = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    return kb === undefined ? null : Number(kb);
  } catch {
    return null; // not Linux
  }
}
