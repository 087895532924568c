import { readCounts } from "./lamsach-output.js";
import { describeNoise, describeSetting } from "./machine.js";
import { formatCount, formatMegabytes, formatRate, formatSpread, formatTable } from "./markdown.js";
import { type Measurement, readOwn } from "./measure.js";
import { summarise, summariseRatios } from "./medians.js";
import type { VariantFile } from "./slow-variants.js";

/** The plain file (`made` is null) or a variant of it, as lamsach cleaned it. */
export interface SlowPath {
  readonly made: VariantFile | null;
  readonly bytes: number;
  readonly turns: readonly Measurement[];
}

/** The page of the slow paths, Markdown; the plain file is the first one. Throws when records were not judged as they must be. */
export function renderSlowPaths(
  paths: readonly SlowPath[],
  { command, mix }: { readonly command: string; readonly mix: string },
): string {
  const [plain, ...variants] = paths as [SlowPath, ...SlowPath[]];
  for (const variant of variants) requireFate(variant, plain);
  return `# Slow paths

Written by \`${command}\`; do not edit by hand. How to read it: docs/performance.md.

lamsach cleans a long CSV of the mix \`${mix}\` and files made of it in which every row takes a slow path, in turn, as whole
processes; turns after the warm-up: ${plain.turns.length}. The pipeline's gates are open, so that a file of bad rows is published too.

${variants.map(({ made }) => `- *${made?.variant.name}*: ${made?.variant.about}`).join("\n")}

${formatTable(
  ["", "rows changed", "wall s", "rows/s", "MB of input/s", "peak memory MB", "wall ÷ plain", "CPU ÷ plain"],
  paths.map((one) => describePath(one, plain)),
)}

Median (least-most); ratios turn by turn. ${describeNoise(paths.flatMap(({ turns }) => turns))}

## What became of the records

${formatTable(["", "records", "cleaned", "errors", "exceptions"], paths.map(describeSets))}

It was checked that each file gives as many records as the plain one, that the quoted one gives the same sets, and that
each row that was made unreadable is in errors.

## The setting

${describeSetting(["better-sqlite3"])}
`;
}

function describePath({ made, bytes, turns }: SlowPath, plain: SlowPath): string[] {
  const wall = summarise(turns.map(({ wallMs }) => wallMs / 1000));
  const { records } = readCounts(turns[0] as Measurement);
  const compare = (read: (turn: Measurement) => number): string =>
    formatSpread(summariseRatios(turns, plain.turns, read), 2);
  return [
    made?.variant.name ?? "plain",
    made === null ? "" : formatCount(made.changedRows),
    formatSpread(wall, 2),
    formatRate(records / wall.median),
    formatRate(bytes / wall.median / 1e6),
    formatMegabytes(summarise(turns.map((turn) => readOwn(turn, "peakBytes"))).median),
    made === null ? "" : compare(({ wallMs }) => wallMs),
    made === null ? "" : compare((turn) => readOwn(turn, "cpuMs")),
  ];
}

function describeSets({ made, turns }: SlowPath): string[] {
  const counts = readCounts(turns[0] as Measurement);
  const numbers = [counts.records, counts.cleaned, counts.errors, counts.exceptions];
  return [made?.variant.name ?? "plain", ...numbers.map((number) => formatCount(number ?? 0))];
}

/** A variant that is not what it says, or is judged otherwise, measures something else. */
function requireFate({ made, turns }: SlowPath, plain: SlowPath): void {
  const { variant, changedRows } = made as VariantFile;
  const counts = readCounts(turns[0] as Measurement);
  const expected = readCounts(plain.turns[0] as Measurement);
  const isSame = (name: string): boolean => counts[name] === expected[name];
  const isMet = {
    "same sets": ["records", "cleaned", "errors", "exceptions"].every(isSame),
    "same records": isSame("records"),
    errors: (counts.errors ?? 0) >= changedRows && isSame("records"),
  }[variant.fate];
  if (!isMet)
    throw new Error(
      `${variant.name}: the records were judged otherwise; expected ${variant.fate}. Compare the two runs' summaries.`,
    );
}
