import { availableParallelism, cpus, release, totalmem } from "node:os";
import { readVersion } from "./checkout.js";
import type { Measurement } from "./measure.js";

/** Lines of a page: the machine, and the versions of lamsach and of the packages named. */
export function describeSetting(packages: readonly string[]): string {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  const versions = ["lamsach", ...new Set(packages)].map((name) => `${name} ${readVersion(name)}`);
  return `- ${model}, ${availableParallelism()} cores, ${gibibytes} GiB, ${process.platform} ${process.arch} ${release()}, Node ${process.version}
- ${versions.join(", ")}
- CPU time and peak memory are the kernel's own (getrusage, VmHWM) for the whole process, all threads together; MB are 10^6 bytes`;
}

/** Says whether the seconds can be trusted. */
export function describeNoise(measurements: readonly Measurement[]): string {
  const shares = measurements.map(({ othersShare }) => othersShare).filter((share) => share !== null);
  if (shares.length === 0) return "Whether the machine was quiet is not known.";
  const busiest = `${Math.round(Math.max(...shares) * 100)} %`;
  const noisy = shares.filter((share) => share > quietShare).length;
  return noisy === 0
    ? `The machine was quiet: other processes never used more than ${busiest} of its processors.`
    : `The machine was not quiet: in ${noisy} of ${shares.length} measurements other processes used more than ${quietShare * 100} % of its processors, ${busiest} at most. Trust ratios of CPU time; seconds and ratios of wall time only roughly.`;
}

const quietShare = 0.1;
