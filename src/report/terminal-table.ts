import { findCode } from "../judge/code-catalogue.js";
import { listDoubts } from "./doubts.js";
import { formatCount, formatMeasure, formatPercent, formatShare } from "./figures.js";
import type { Metrics } from "./metrics.js";
import { cleanliness, countNotClean, countSets, coverage } from "./percentages.js";
import { rankByNotClean, rankCodes } from "./ranking.js";
import { countColumns, showLabel } from "./visible-text.js";

const shownCodes = 10;
const shownProvinces = 5;
const bold = { on: "\u001b[1m", off: "\u001b[22m" };

interface Block {
  readonly title: string;
  readonly lines: readonly string[];
}

/**
 * What a run did, as plain text of a screenful: sets, percentages, codes with carve-outs apart from errors, provinces,
 * gates, and where the files are. Titles are bold on an interactive terminal; otherwise no escape sequence is written.
 */
export function renderTerminalSummary({
  metrics,
  runDir,
  isInteractive,
  suffix = "",
}: {
  readonly metrics: Metrics;
  readonly runDir: string;
  readonly isInteractive: boolean;
  /** What the names of the sets and of the change log end in after `.csv`. */
  readonly suffix?: string;
}): string {
  const { run } = metrics;
  const blocks: readonly Block[] = [
    {
      title: `${showLabel(run.pipeline)} · run ${showLabel(run.id)} · as of ${showLabel(run.asOf)}`,
      lines: alignRows(describeRun(metrics), "ll"),
    },
    { title: "LEFT OUT: these deliveries could not be read", lines: describeLeftOut(metrics) },
    { title: "Look at these deliveries", lines: alignRows(describeDoubts(metrics), "ll") },
    { title: "Sets", lines: alignRows(describeSets(metrics), "lrr") },
    { title: "Percentages", lines: alignRows(describePercentages(metrics), "lrlrl") },
    { title: "Cleaned, by how they were authenticated", lines: describeCodes(metrics, "C") },
    { title: "Carve-outs of Scheme 06: not counted as errors", lines: describeCodes(metrics, "X") },
    { title: "Errors: to be repaired", lines: describeCodes(metrics, "E") },
    { title: "Provinces with the most doses that are not clean", lines: describeProvinces(metrics) },
    { title: "Gates", lines: alignRows(describeGates(metrics), "lll") },
    { title: "Files", lines: alignRows(describeFiles(runDir, suffix), "ll") },
  ];
  const texts = blocks
    .filter(({ lines }) => lines.length > 0)
    .map(({ title, lines }) =>
      [isInteractive ? `${bold.on}${title}${bold.off}` : title, ...lines].join("\n"),
    );
  return `${texts.join("\n\n")}\n`;
}

function describeRun({ run, files }: Metrics): string[][] {
  const register =
    run.registerVersion === null
      ? "none: nothing could be authenticated"
      : `${showLabel(run.registerVersion)}, ${formatCount(run.registerPeople, "en")} people`;
  return [
    ["policy", `${showLabel(run.policy)}, rules ${showLabel(run.rulesVersion)}`],
    ["register", register],
    ["inputs", `${formatCount(files.length, "en")} files`],
  ];
}

function describeLeftOut({ leftOut }: Metrics): string[] {
  return leftOut.map(({ name, reason }) => `  ${showLabel(name)}: ${showLabel(reason)}`);
}

function describeDoubts(metrics: Metrics): string[][] {
  return listDoubts(metrics).map(({ name, doubt }) => [showLabel(name), doubt.en]);
}

function describeSets({ doses, people }: Metrics): string[][] {
  const inDoses = countSets(doses);
  const inPeople = countSets(people);
  return [
    ["", "doses", "people"],
    ...(["cleaned", "errors", "exceptions", "records"] as const).map((set) => [
      set,
      formatCount(inDoses[set], "en"),
      formatCount(inPeople[set], "en"),
    ]),
  ];
}

function describePercentages({ doses, people }: Metrics): string[][] {
  return [
    ["", "doses", "", "people", ""],
    ...(
      [
        ["cleanliness", cleanliness],
        ["clean of all", coverage],
      ] as const
    ).map(([name, share]) => [
      name,
      formatPercent(share(doses), "en"),
      formatShare(share(doses), "en"),
      formatPercent(share(people), "en"),
      formatShare(share(people), "en"),
    ]),
  ];
}

function describeCodes(metrics: Metrics, prefix: string): string[] {
  const codes = rankCodes(metrics, prefix);
  if (codes.length === 0) return [];
  const rows = codes
    .slice(0, shownCodes)
    .map((code) => [
      code,
      formatCount(metrics.doses.byCode[code] ?? 0, "en"),
      formatCount(metrics.people.byCode[code] ?? 0, "en"),
      findCode(code)?.en ?? "",
    ]);
  const rest = codes.length - rows.length;
  return [
    ...alignRows([["code", "doses", "people", "meaning"], ...rows], "lrrl"),
    ...(rest > 0 ? [`  … and ${rest} more: see report/summary.csv`] : []),
  ];
}

function describeProvinces({ dimensions }: Metrics): string[] {
  const worst = rankByNotClean(dimensions.province ?? [])
    .filter(({ doses }) => countNotClean(doses) > 0)
    .slice(0, shownProvinces);
  if (worst.length === 0) return [];
  const rows = worst.map(({ label, key, doses }) => {
    const { records, errors, exceptions } = countSets(doses);
    return [
      showLabel(label || key || "(blank)"),
      ...[countNotClean(doses), errors, exceptions, records].map((count) => formatCount(count, "en")),
      formatPercent(cleanliness(doses), "en"),
      formatShare(cleanliness(doses), "en"),
    ];
  });
  const head = ["province", "not clean", "errors", "exceptions", "records", "cleanliness", ""];
  return alignRows([head, ...rows], "lrrrrrl");
}

function describeGates({ gates }: Metrics): string[][] {
  return gates.map(({ name, limit, value, passed }) => [
    passed ? "passed" : "FAILED",
    showLabel(name),
    `${formatMeasure(value, "en")} (limit ${formatMeasure(limit, "en")})`,
  ]);
}

function describeFiles(runDir: string, suffix: string): string[][] {
  const dir = showLabel(runDir).replace(/\/+$/, "");
  return [
    ["cleaned", `${dir}/cleaned/`],
    ["errors", `${dir}/errors/`],
    ["exceptions", `${dir}/exceptions/`],
    ["changes", `${dir}/changes.csv${suffix}`],
    ["report", `${dir}/report/`],
    ["manifest", `${dir}/manifest.json`],
  ];
}

/** Indented lines with aligned columns; `sides` says left or right for each, and the last column is never padded. */
function alignRows(rows: readonly (readonly string[])[], sides: string): string[] {
  const widths = [...sides].map((_, column) =>
    Math.max(...rows.map((row) => countColumns(row[column] ?? ""))),
  );
  return rows.map((row) =>
    `  ${row
      .map((cell, column) => {
        const padding = " ".repeat((widths[column] ?? 0) - countColumns(cell));
        return sides[column] === "r" ? padding + cell : cell + padding;
      })
      .join("  ")}`.trimEnd(),
  );
}
