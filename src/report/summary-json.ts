import { buildFunnel, type Funnel } from "./funnel.js";
import type { Dimension, Metrics, Tally } from "./metrics.js";
import {
  cleanliness,
  countSets,
  coverage,
  dimensionOrder,
  type Percentage,
  type SetCounts,
} from "./percentages.js";
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
  readonly dimensions: Readonly<
    Partial<
      Record<Dimension, readonly { key: string; label: string; doses: TallySummary; people: TallySummary }[]>
    >
  >;
}

/**
 * The summary as JSON, one line for each value of a dimension, with a final line feed; the same metrics give the same bytes, whatever the order in
 * which they were counted (rows by key, codes and findings by name, files by name, all in code units).
 */
export function formatSummaryJson(metrics: Metrics): string {
  const { dimensions, ...rest } = summarise(metrics);
  const outer = JSON.stringify({ ...rest, dimensions: {} }, undefined, 2);
  const rows = Object.entries(dimensions).map(
    ([dimension, values]) =>
      `    ${JSON.stringify(dimension)}: [${values.map((value) => `\n      ${JSON.stringify(value)}`).join(",")}\n    ]`,
  );
  const inner = rows.length === 0 ? "{}" : `{\n${rows.join(",\n")}\n  }`;
  return `${outer.replace(/\{\}\n\}$/, () => `${inner}\n}`)}\n`;
}

function summarise({ run, doses, people, dimensions, findings, files, gates }: Metrics): Summary {
  const metrics = { run, doses, people, dimensions, findings, files, gates };
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
    dimensions: Object.fromEntries(
      dimensionOrder.flatMap((dimension) => {
        const rows = dimensions[dimension];
        if (rows === undefined) return [];
        const summaries = sortBy(rows, (row) => row.key).map((row) => ({
          key: row.key,
          label: row.label,
          doses: summariseTally(row.doses),
          people: summariseTally(row.people),
        }));
        return [[dimension, summaries]];
      }),
    ),
    findings: sortKeys(findings),
    files: sortBy(files, (file) => file.name).map(
      ({ name, format, encoding, layout, records, blankLines }) => ({
        name,
        format,
        encoding,
        layout,
        records,
        blankLines,
      }),
    ),
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
  return Object.fromEntries(sortBy(Object.entries(counts), ([key]) => key));
}
