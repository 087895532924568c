import type { Agreement } from "./compare-verdicts.js";
import type { Contest, Entry } from "./contest.js";
import { readCounts, readRegisterSize } from "./lamsach-output.js";
import { describeNoise, describeSetting } from "./machine.js";
import {
  formatCount,
  formatMegabytes,
  formatRate,
  formatShare,
  formatSpread,
  formatSpreadCells,
  formatTable,
} from "./markdown.js";
import { type Measurement, readOwn } from "./measure.js";
import { summarise, summariseRatios } from "./medians.js";

/** The results page, Markdown. */
export function renderResults(
  contest: Contest,
  { command, seed }: { readonly command: string; readonly seed: number },
): string {
  const { ours, theirs } = contest;
  const first = ours[0] as Entry;
  const ratios = theirs.map((peer) => describePeer(first, peer));
  if (ours.length > 1) ratios.push(describeMixes(ours));
  const packages = [...ours, ...theirs].flatMap(({ contender }) => contender.packages);
  return `# Benchmark results

Written by \`${command}\`; do not edit by hand. How to read it: docs/performance.md.

The programs clean the same long CSV against the same people, as whole processes, each into an empty folder, in
turn; turns after the warm-up: ${first.turns.length}.

${[first, ...theirs].map(({ contender: { name, about } }) => `- *${name}*: ${about}`).join("\n")}

${describeFigures(contest)}

${ratios.map((section) => `${section}\n\n`).join("")}## Memory beyond the register's index

${formatTable(["lamsach over", "people", "index MB", "peak memory MB", "beyond the index MB"], ours.map(describeMemory))}

## Building the register

Once, before the turns; in none of the figures above.

${describeRegisters(contest)}

## The same answers?

${theirs.length === 0 ? "No peer took part." : theirs.map(describeAgreement).join("\n\n")}

## What each of them writes

All write the three sets with the delivered columns, set and code, and in cleaned the standard values. lamsach alone also
writes findings, reasons in two languages, \`changes.csv\`, the report with its dimensions, and a manifest with the SHA-256
of every file; it can be resumed.

## The setting

${describeSetting(packages)}
${ours.map((entry) => `- mix \`${entry.dataset.mix}\`, seed ${seed}: ${formatCount(countRecords(entry))} records, ${formatCount(entry.dataset.inputBytes)} bytes`).join("\n")}
`;
}

function describeFigures({ ours, theirs, floors }: Contest): string {
  const [first] = ours as [Entry];
  const size = { records: countRecords(first), bytes: first.dataset.inputBytes };
  const table = formatTable(
    ["", "wall s", "rows/s", "MB of input/s", "CPU s", "peak memory MB"],
    [
      ...ours.map((entry) => describeEntry(entry, countRecords(entry))),
      ...theirs.map((entry) => describeEntry(entry, size.records)),
      ["floor: `cp` of the input", ...describeSpeed(floors.copies, size), "", ""],
      ["floor: newline scan in Node", ...describeSpeed(floors.scans, size), "", ""],
      ["floor: what a run publishes, written and hashed", ...describeProgram(floors.publications, size)],
    ],
  );
  const noise = describeNoise([...ours, ...theirs].flatMap(({ turns }) => turns));
  return `${table}

Median (least-most). ${noise}`;
}

function describeEntry(entry: Entry, records: number): string[] {
  const { contender, dataset, turns } = entry;
  return [
    `${contender.name}, \`${dataset.mix}\``,
    ...describeProgram(turns, { records, bytes: dataset.inputBytes }),
  ];
}

function describeProgram(
  turns: readonly Measurement[],
  size: { readonly records: number; readonly bytes: number },
): string[] {
  return [
    ...describeSpeed(turns, size),
    formatSpread(summarise(turns.map((turn) => readOwn(turn, "cpuMs") / 1000)), 2),
    formatSpread(summarise(turns.map((turn) => readOwn(turn, "peakBytes") / 1e6)), 0),
  ];
}

function describeSpeed(
  turns: readonly Measurement[],
  { records, bytes }: { readonly records: number; readonly bytes: number },
): string[] {
  const wall = summarise(turns.map(({ wallMs }) => wallMs / 1000));
  return [formatSpread(wall, 2), formatRate(records / wall.median), formatRate(bytes / wall.median / 1e6)];
}

/** Records that lamsach has counted: the same in every turn. */
function countRecords({ turns }: Entry): number {
  return readCounts(turns[0] as Measurement).records;
}

function describePeer(ours: Entry, theirs: Entry): string {
  const { name } = theirs.contender;
  const compare = (read: (turn: Measurement) => number) => summariseRatios(theirs.turns, ours.turns, read);
  const wall = compare(({ wallMs }) => wallMs);
  const cpu = compare((turn) => readOwn(turn, "cpuMs"));
  const memory = compare((turn) => readOwn(turn, "peakBytes"));
  const table = formatTable(
    [`${name} ÷ lamsach, turn by turn`, "median", "least", "most"],
    [
      ["wall time", ...formatSpreadCells(wall)],
      ["CPU time", ...formatSpreadCells(cpu)],
      ["peak memory", ...formatSpreadCells(memory)],
    ],
  );
  return `${table}

**Beside ${name}, lamsach cleans ${wall.median.toFixed(2)} rows in the time of one**, and spends ${(1 / cpu.median).toFixed(2)} times the processor time.`;
}

/** How much slower lamsach is on the other mixes, in rows a second by the clock and of processor time. */
function describeMixes(ours: readonly Entry[]): string {
  const [first, ...others] = ours as [Entry, ...Entry[]];
  const compare = (other: Entry, read: (turn: Measurement) => number): string[] => {
    // Times are below, so that the ratio is one of rates; the mixes do not have the same number of records.
    const { median, min, max } = summariseRatios(first.turns, other.turns, read);
    const records = countRecords(other) / countRecords(first);
    return formatSpreadCells({ median: median * records, min: min * records, max: max * records });
  };
  const rows = others.flatMap((other) => {
    const name = `\`${other.dataset.mix}\` ÷ \`${first.dataset.mix}\``;
    return [
      [`${name}, rows/s`, ...compare(other, ({ wallMs }) => wallMs)],
      [`${name}, rows/s of CPU time`, ...compare(other, (turn) => readOwn(turn, "cpuMs"))],
    ];
  });
  return formatTable(["lamsach, turn by turn", "median", "least", "most"], rows);
}

function describeMemory({ dataset, register, turns }: Entry): string[] {
  const { people, indexBytes } = readRegisterSize(register.built);
  const peak = summarise(turns.map((turn) => readOwn(turn, "peakBytes"))).median;
  return [
    ...[`\`${dataset.mix}\``, formatCount(people), formatMegabytes(indexBytes), formatMegabytes(peak)],
    formatMegabytes(peak - indexBytes),
  ];
}

function describeRegisters({ ours, theirs }: Contest): string {
  const [first] = ours as [Entry];
  const describeBuild = ({ contender, dataset, register }: Entry, people: number): string[] => [
    `${contender.name}, \`${dataset.mix}\``,
    (register.built.wallMs / 1000).toFixed(2),
    formatRate((people / register.built.wallMs) * 1000),
    formatMegabytes(dataset.populationBytes),
    formatMegabytes(register.bytes),
    formatMegabytes(readOwn(register.built, "peakBytes")),
  ];
  const countPeople = ({ register }: Entry): number => readRegisterSize(register.built).people;
  return formatTable(
    ["", "s", "people/s", "population CSV MB", "register MB", "peak memory MB"],
    [
      ...ours.map((entry) => describeBuild(entry, countPeople(entry))),
      ...theirs.map((entry) => describeBuild(entry, countPeople(first))),
    ],
  );
}

function describeAgreement({
  contender: { name },
  agreement,
}: {
  readonly contender: { readonly name: string };
  readonly agreement: Agreement;
}): string {
  const { records, sameSet, sameCode, unmatched, repeated, kinds } = agreement;
  const share = (part: number): string => `${formatCount(part)} (${formatShare(part, records)})`;
  const told = `Of ${formatCount(records)} records of the last turn, ${share(sameSet)} are in the same set by lamsach and by ${name}, ${share(sameCode)} with
the same code; ${formatCount(unmatched)} are in one output only, ${formatCount(repeated)} are written twice.`;
  if (kinds.length === 0) return told;
  const table = formatTable(
    [`lamsach → ${name}`, "records"],
    kinds.map(({ kind, records: differing }) => [kind, formatCount(differing)]),
  );
  return `${told}\n\n${table}`;
}
