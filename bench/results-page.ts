import type { Agreement } from "./compare-verdicts.js";
import { type Measurement, summarise } from "./measure.js";

/** One turn: lamsach, then the plain script. */
export interface Pair {
  readonly ours: Measurement;
  readonly theirs: Measurement;
}

/** Everything the results page says. */
export interface Results {
  readonly pairs: readonly Pair[];
  /** Wall milliseconds of the two floors, one per turn. */
  readonly floors: { readonly copy: readonly number[]; readonly scan: readonly number[] };
  readonly agreement: Agreement;
  readonly setting: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly platform: string;
    readonly node: string;
    readonly lamsach: string;
    readonly packages: readonly string[];
    /** Rows that were asked for. */
    readonly rows: number;
    readonly records: number;
    readonly bytes: number;
    readonly mix: string;
    /** The one build of our register before the turns: its time, and the sizes of the index and of the CSV. */
    readonly register: { readonly wallMs: number; readonly bytes: number; readonly deliveredBytes: number };
    readonly seed: number;
    readonly workers: number;
  };
}

/** The results page, Markdown. */
export function renderResults({ pairs, floors, agreement, setting }: Results): string {
  const { records, bytes } = setting;
  const ours = pairs.map((pair) => pair.ours);
  const theirs = pairs.map((pair) => pair.theirs);
  const speed = summarise(pairs.map((pair) => pair.theirs.wallMs / pair.ours.wallMs));
  const work = summarise(pairs.map((pair) => (pair.theirs.cpuMs ?? 0) / (pair.ours.cpuMs ?? 1)));
  const memory = summarise(pairs.map((pair) => (pair.theirs.peakKb ?? 0) / (pair.ours.peakKb ?? 1)));
  const busiest = Math.max(...[...ours, ...theirs].map(({ othersShare }) => othersShare ?? 0));
  return `# Benchmark results

Written by \`npm run bench -- --rows ${setting.rows} --mix ${setting.mix} --seed ${setting.seed} --runs ${pairs.length}\`; do not edit by hand. How to read it: docs/performance.md.

Both programs clean the same long CSV against the same register, as whole processes, one after the other in ${pairs.length} turns
after a warm-up. *lamsach* is \`lamsach run\` with ${setting.workers} workers and an empty output folder. The *plain script* is
\`bench/plain-script.ts\`: csv-parse → zod → better-sqlite3 → csv-stringify on one thread, all rows held in memory.

| | wall s: median (min-max) | rows/s, median | CPU s, median | peak memory MB: median (min-max) |
|---|---|---|---|---|
${row("lamsach", ours, records)}
${row("plain script", theirs, records)}
${floor("floor: `cp` of the input", floors.copy, records)}
${floor("floor: newline scan in Node", floors.scan, records)}

| plain script ÷ lamsach, turn by turn | median | min | max |
|---|---|---|---|
| wall time | ${fixed(speed)} |
| CPU time | ${fixed(work)} |
| peak memory | ${fixed(memory)} |

**lamsach cleans ${speed.median.toFixed(2)} rows in the time the plain script takes for one**, and spends ${(1 / work.median).toFixed(2)} times its processor time.
${
  busiest > 0.1
    ? `The machine was not quiet: other processes used ${shares(ours)} of its processors while lamsach ran, ${shares(theirs)} while the
plain script ran, turn by turn. Trust the ratio of CPU time; the seconds and the ratio of wall time only roughly.`
    : `The machine was quiet: other processes never used more than ${Math.round(busiest * 100)} % of its processors.`
}

## The same answers?

Of ${count(agreement.records)} records of the last turn, ${count(agreement.sameSet)} (${share(agreement.sameSet, agreement.records)}) are in the same set in both outputs,
${count(agreement.sameCode)} (${share(agreement.sameCode, agreement.records)}) with the same code; ${count(agreement.unmatched)} are in one output only.
${kinds(agreement)}
## What each of them writes

Both write the three sets with the delivered columns, set and code, and in cleaned the standard values. lamsach alone
also writes findings, reasons in two languages, \`changes.csv\`, the report with its dimensions, and a manifest with the
SHA-256 of every file; it can be resumed. The plain script holds all rows in memory.

## The setting

- ${setting.cpu}, ${setting.cores} cores, ${Math.round(setting.memoryBytes / 2 ** 30)} GiB, ${setting.platform}, Node ${setting.node}
- lamsach ${setting.lamsach}; ${setting.packages.join(", ")}
- input: ${count(records)} records, ${count(bytes)} bytes, mix \`${setting.mix}\`, seed ${setting.seed}; building the registers is not in the figures
- lamsach reads ${megabytes(bytes / (summarise(ours.map(({ wallMs }) => wallMs)).median / 1000))} MB of input a second (median); its register was built once, in ${(setting.register.wallMs / 1000).toFixed(1)} s, from ${megabytes(setting.register.deliveredBytes)} MB of CSV to ${megabytes(setting.register.bytes)} MB
- CPU time and peak memory are the kernel's own (getrusage, VmHWM), all threads together
`;
}

function row(name: string, runs: readonly Measurement[], records: number): string {
  const wall = summarise(runs.map(({ wallMs }) => wallMs / 1000));
  const cpu = summarise(runs.map(({ cpuMs }) => (cpuMs ?? 0) / 1000));
  const peak = summarise(runs.map(({ peakKb }) => (peakKb ?? 0) / 1024));
  return `| ${name} | ${wall.median.toFixed(2)} (${wall.min.toFixed(2)}-${wall.max.toFixed(2)}) | ${count(roundTo(records / wall.median, 1000))} | ${cpu.median.toFixed(2)} | ${peak.median.toFixed(0)} (${peak.min.toFixed(0)}-${peak.max.toFixed(0)}) |`;
}

function floor(name: string, wallMs: readonly number[], records: number): string {
  const wall = summarise(wallMs.map((ms) => ms / 1000));
  return `| ${name} | ${wall.median.toFixed(2)} (${wall.min.toFixed(2)}-${wall.max.toFixed(2)}) | ${count(roundTo(records / wall.median, 1000))} | | |`;
}

function kinds({ kinds: differing }: Agreement): string {
  if (differing.length === 0) return "";
  const lines = differing.map(({ kind, records }) => `| ${kind} | ${count(records)} |`);
  return `
| lamsach → plain script | records |\n|---|---|\n${lines.join("\n")}\n`;
}

function shares(runs: readonly Measurement[]): string {
  return runs.map(({ othersShare }) => `${Math.round((othersShare ?? 0) * 100)} %`).join(", ");
}

function fixed({ median, min, max }: { median: number; min: number; max: number }): string {
  return [median, min, max].map((value) => value.toFixed(2)).join(" | ");
}

function share(part: number, whole: number): string {
  return `${(Math.floor((100_000 * part) / whole) / 1000).toFixed(3)} %`; // rounded down: 100 is all of them
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function roundTo(value: number, step: number): number {
  return Math.round(value / step) * step;
}

function count(value: number): string {
  return value.toLocaleString("en");
}
