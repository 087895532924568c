import { reportDimensions } from "../pipeline/report-dimensions.js";
import { buildFunnel, type Funnel } from "./funnel.js";
import type { Dimension, DimensionRow, Metrics, Tally } from "./metrics.js";
import { cleanliness, countSets, coverage, type Percentage, type SetCounts } from "./percentages.js";
import { sortBy } from "./ranking.js";

/** A tally with its sets and percentages beside it. */
export interface TallySummary extends SetCounts {
  readonly cleanliness: Percentage;
  readonly coverage: Percentage;
  readonly byCode: Readonly<Record<string, number>>;
}

/** What `report/summary.json` holds: `Metrics`, and beside each tally what follows from it. */
export interface Summary extends Omit<Metrics, "doses" | "people" | "dimensions"> {
  readonly doses: TallySummary;
  readonly people: TallySummary;
  readonly funnel: Funnel;
  readonly dimensions: Readonly<Partial<Record<Dimension, readonly SummaryRow[]>>>;
}

export interface SummaryRow {
  readonly key: string;
  readonly label: string;
  readonly doses: TallySummary;
  readonly people: TallySummary;
}

/**
 * The summary as JSON, one line for each value of a dimension, with a final line feed; the same metrics give the same bytes, whatever the order in
 * which they were counted (rows by key, codes and findings by name, files by name, all in code units).
 */
export function formatSummaryJson(metrics: Metrics): string {
  const outer = JSON.stringify({ ...summarise(metrics), dimensions: {} }, undefined, 2);
  const rows = reportDimensions.flatMap((dimension) => {
    const values = metrics.dimensions[dimension];
    if (values === undefined) return [];
    const lines = sortBy(values, (row) => row.key).map((row) => `\n      ${formatRow(row)}`);
    return [`    ${JSON.stringify(dimension)}: [${lines.join(",")}\n    ]`];
  });
  const inner = rows.length === 0 ? "{}" : `{\n${rows.join(",\n")}\n  }`;
  return `${outer.replace(/\{\}\n\}$/, () => `${inner}\n}`)}\n`;
}

/** A row is text at once: there are tens of thousands, and none is needed twice. */
function formatRow({ key, label, doses, people }: DimensionRow): string {
  const summary: SummaryRow = { key, label, doses: summariseTally(doses), people: summariseTally(people) };
  return JSON.stringify(summary);
}

function summarise({
  run,
  doses,
  people,
  dimensions,
  findings,
  files,
  causes,
  leftOut,
  gates,
}: Metrics): Omit<Summary, "dimensions"> {
  const metrics = { run, doses, people, dimensions, findings, files, causes, leftOut, gates };
  return {
    run: {
      id: run.id,
      pipeline: run.pipeline,
      asOf: run.asOf,
      policy: run.policy,
      rulesVersion: run.rulesVersion,
      registerVersion: run.registerVersion,
      registerPeople: run.registerPeople,
    },
    doses: summariseTally(doses),
    people: summariseTally(people),
    funnel: buildFunnel(metrics),
    findings: sortKeys(findings),
    files: sortBy(files, (file) => file.name).map(
      ({ name, format, encoding, layout, records, blankLines, isWhole }) => ({
        name,
        format,
        encoding,
        layout,
        records,
        blankLines,
        isWhole,
      }),
    ),
    causes,
    leftOut: sortBy(leftOut, (file) => file.name).map(({ name, reason, reasonVi }) => ({
      ...{ name, reason },
      ...(reasonVi === undefined ? {} : { reasonVi }),
    })),
    gates: gates.map(({ name, limit, value, passed }) => ({ name, limit, value, passed })),
  };
}

function summariseTally(tally: Tally): TallySummary {
  return {
    ...countSets(tally),
    cleanliness: cleanliness(tally),
    coverage: coverage(tally),
    byCode: sortKeys(tally.byCode),
  };
}

function sortKeys(counts: Readonly<Record<string, number>>): Record<string, number> {
  const sorted: Record<string, number> = {};
  for (const key of Object.keys(counts).sort()) sorted[key] = counts[key] as number;
  return sorted;
}
