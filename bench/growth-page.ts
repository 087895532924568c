import type { Contender } from "./contenders.js";
import type { BuiltRegister } from "./contest.js";
import type { Dataset } from "./dataset.js";
import { readCounts, readRegisterSize } from "./lamsach-output.js";
import { describeNoise, describeSetting } from "./machine.js";
import { formatCount, formatMegabytes, formatRate, formatSpread, formatTable } from "./markdown.js";
import { type Measurement, readOwn } from "./measure.js";
import { summarise } from "./medians.js";
import { fitLine, type Line, project } from "./projection.js";

/** One size of the same data. */
export interface Size {
  readonly dataset: Dataset;
  readonly register: BuiltRegister;
  readonly turns: readonly SizeTurn[];
}

export interface SizeTurn {
  readonly measurement: Measurement;
  /** Most that stood in the work folder, without the sets that were later published. */
  readonly workBytes: number;
  /** The published folder. */
  readonly outputBytes: number;
}

/** The page of growth, Markdown. */
export function renderGrowth(
  sizes: readonly Size[],
  { command, mix, lamsach }: { readonly command: string; readonly mix: string; readonly lamsach: Contender },
): string {
  const figures = sizes.map(readFigures);
  const measurements = sizes.flatMap(({ turns }) => turns.map(({ measurement }) => measurement));
  return `# Growth

Written by \`${command}\`; do not edit by hand. How to read it: docs/performance.md.

${lamsach.about}, over long CSVs of the mix \`${mix}\`, as whole processes, one size after the other; turns of each: ${sizes[0]?.turns.length}.
Sizes cannot take turns, so a machine that slows down between them shows as growth. ${describeNoise(measurements)}

## A run

${formatTable(
  [
    "rows",
    "people",
    "wall s",
    "rows/s",
    "MB of input/s",
    "CPU s",
    "peak memory MB",
    "index MB",
    "beyond the index MB",
  ],
  sizes.map((size, at) => describeRun(size, figures[at] as Figures)),
)}

## Its disk

The work folder is what stands beside the sets while they are made; it stays for \`lamsach judge\`. It was looked at five
times a second.

${formatTable(["rows", "input MB", "work folder MB", "bytes a row", "published MB", "bytes a row"], figures.map(describeDisk))}

## Its register

${formatTable(
  ["people", "s", "people/s", "CPU s", "peak memory MB", "file MB", "index MB", "index bytes a person"],
  sizes.map((size, at) => describeRegister(size, figures[at] as Figures)),
)}

${sizes.length < 2 ? "One size says nothing of growth." : `${describeSteps(figures)}\n\n${describeNation(figures)}`}

## The setting

${describeSetting(lamsach.packages)}
`;
}

interface Figures {
  readonly rows: number;
  readonly people: number;
  readonly inputBytes: number;
  readonly seconds: number;
  readonly peakBytes: number;
  readonly indexBytes: number;
  readonly beyondBytes: number;
  readonly workBytes: number;
  readonly outputBytes: number;
  readonly registerSeconds: number;
  readonly registerBytes: number;
}

/** Medians of a size. */
function readFigures({ dataset, register, turns }: Size): Figures {
  const median = (read: (turn: SizeTurn) => number): number => summarise(turns.map(read)).median;
  const { people, indexBytes } = readRegisterSize(register.built);
  const peakBytes = median(({ measurement }) => readOwn(measurement, "peakBytes"));
  return {
    ...{ people, indexBytes, peakBytes, beyondBytes: peakBytes - indexBytes },
    rows: readCounts((turns[0] as SizeTurn).measurement).records,
    inputBytes: dataset.inputBytes,
    seconds: median(({ measurement }) => measurement.wallMs / 1000),
    workBytes: median(({ workBytes }) => workBytes),
    outputBytes: median(({ outputBytes }) => outputBytes),
    registerSeconds: register.built.wallMs / 1000,
    registerBytes: register.bytes,
  };
}

function describeRun({ turns }: Size, figures: Figures): string[] {
  const { rows, people, seconds, inputBytes, indexBytes, beyondBytes } = figures;
  const measurements = turns.map(({ measurement }) => measurement);
  return [
    ...[formatCount(rows), formatCount(people)],
    formatSpread(summarise(measurements.map(({ wallMs }) => wallMs / 1000)), 2),
    ...[formatRate(rows / seconds), formatRate(inputBytes / seconds / 1e6)],
    formatSpread(summarise(measurements.map((one) => readOwn(one, "cpuMs") / 1000)), 2),
    formatSpread(summarise(measurements.map((one) => readOwn(one, "peakBytes") / 1e6)), 0),
    ...[formatMegabytes(indexBytes), formatMegabytes(beyondBytes)],
  ];
}

function describeDisk({ rows, inputBytes, workBytes, outputBytes }: Figures): string[] {
  return [
    ...[formatCount(rows), formatMegabytes(inputBytes)],
    ...[formatMegabytes(workBytes), (workBytes / rows).toFixed(1)],
    ...[formatMegabytes(outputBytes), (outputBytes / rows).toFixed(1)],
  ];
}

function describeRegister({ register: { built, bytes } }: Size, figures: Figures): string[] {
  const { people, indexBytes, registerSeconds } = figures;
  return [
    ...[formatCount(people), registerSeconds.toFixed(2), formatRate(people / registerSeconds)],
    ...[(readOwn(built, "cpuMs") / 1000).toFixed(2), formatMegabytes(readOwn(built, "peakBytes"))],
    ...[formatMegabytes(bytes), formatMegabytes(indexBytes), (indexBytes / people).toFixed(1)],
  ];
}

/** How each size compares with the first one. */
function describeSteps(figures: readonly Figures[]): string {
  const [first, ...others] = figures as [Figures, ...Figures[]];
  const compare = (one: Figures, name: keyof Figures): string => (one[name] / first[name]).toFixed(2);
  return `## Against the smallest size

${formatTable(
  ["rows", "rows ÷", "time ÷", "memory beyond the index ÷", "work folder ÷", "register time ÷"],
  others.map((one) => [
    formatCount(one.rows),
    ...(["rows", "seconds", "beyondBytes", "workBytes", "registerSeconds"] as const).map((name) =>
      compare(one, name),
    ),
  ]),
)}`;
}

const nation = { doses: 266_000_000, people: 100_000_000 };

/** Extrapolates every figure to a nation by the thing it grows with. */
function describeNation(figures: readonly Figures[]): string {
  const drawLine = (name: keyof Figures, by: "rows" | "people"): Line =>
    fitLine(figures.map((one) => ({ x: one[by], y: one[name] })));
  const time = drawLine("seconds", "rows");
  const index = drawLine("indexBytes", "people");
  const beyond = drawLine("beyondBytes", "rows");
  const work = drawLine("workBytes", "rows");
  const output = drawLine("outputBytes", "rows");
  const register = drawLine("registerSeconds", "people");
  const factor = nation.doses / Math.max(...figures.map(({ rows }) => rows));
  const peak = project(index, nation.people) + project(beyond, nation.doses);
  const table = formatTable(
    ["", "grows by", "at a nation's size"],
    [
      ["time of a run", describeSeconds(time, "rows"), formatMinutes(project(time, nation.doses))],
      ["index in memory", describeBytes(index, "person"), formatGigabytes(project(index, nation.people))],
      ["memory beyond it", describeBytes(beyond, "row"), formatGigabytes(project(beyond, nation.doses))],
      ["peak memory, the two together", "", formatGigabytes(peak)],
      ["work folder", describeBytes(work, "row"), formatGigabytes(project(work, nation.doses))],
      ["published folder", describeBytes(output, "row"), formatGigabytes(project(output, nation.doses))],
      [
        "time of building the register",
        describeSeconds(register, "people"),
        formatMinutes(project(register, nation.people)),
      ],
    ],
  );
  return `## A nation: an extrapolation

**Not measured.** Straight lines (least squares) through ${figures.length} sizes, carried to ${formatCount(nation.doses)} doses and
${formatCount(nation.people)} people: ${factor.toFixed(0)} times the rows of the largest size.

${table}`;
}

function describeSeconds({ slope }: Line, things: string): string {
  return `${(slope * 1e6).toFixed(2)} s a million ${things}`;
}

function describeBytes({ slope }: Line, thing: string): string {
  return `${slope.toFixed(1)} bytes a ${thing}`;
}

function formatGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function formatMinutes(seconds: number): string {
  return `${(seconds / 60).toFixed(0)} min`;
}
