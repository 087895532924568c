import { countRowSets, type DimensionTable, tabulateAll, type Unit } from "./dimension-table.js";
import { buildFunnel, type Funnel } from "./funnel.js";
import type { Dimension, Metrics, Tally } from "./metrics.js";
import {
  cleanliness,
  cleanlinessOf,
  countSets,
  coverage,
  coverageOf,
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
 * which they were counted (rows by key, codes and findings by name, files by name, all in code units). In pieces: the
 * text of a nation is larger than all that it is made of.
 */
export function* formatSummaryJson(metrics: Metrics): Generator<string> {
  const empty = "{}\n}";
  const outer = JSON.stringify({ ...summarise(metrics), dimensions: {} }, undefined, 2);
  yield outer.slice(0, -empty.length);
  const tables = Object.entries(tabulateAll(metrics.dimensions));
  for (const [position, [dimension, table]] of tables.entries()) {
    yield `${position === 0 ? "{" : ","}\n    ${JSON.stringify(dimension)}: [`;
    yield* formatRows(table);
    yield "\n    ]";
  }
  yield tables.length === 0 ? `${empty}\n` : "\n  }\n}\n";
}

/** Each row is a `SummaryRow`, written as text at once: there are tens of thousands, and none is needed twice. */
function* formatRows(table: DimensionTable): Generator<string> {
  const formatDoses = tallyFormatter(table, "doses");
  const formatPeople = tallyFormatter(table, "people");
  for (const [row, key] of table.keys.entries()) {
    const [comma, name] = [
      row === 0 ? "" : ",",
      JSON.stringify({ key, label: table.labels[row] }).slice(1, -1),
    ];
    yield `${comma}\n      {${name},"doses":${formatDoses(row)},"people":${formatPeople(row)}}`;
  }
}

/** A `TallySummary` of a row. */
function tallyFormatter(table: DimensionTable, unit: Unit): (row: number) => string {
  const setsOf = countRowSets(table, unit);
  const { starts, codes, counts } = table[unit];
  const names = table.codes.map((code) => `${JSON.stringify(code)}:`);
  return (row) => {
    const sets = setsOf(row);
    const { records, cleaned, errors, exceptions } = sets;
    const clean = formatPercentage(cleanlinessOf(sets));
    const covered = formatPercentage(coverageOf(sets));
    let byCode = "";
    const end = starts[row + 1] as number;
    for (let entry = starts[row] as number; entry < end; entry++) {
      byCode += `${byCode === "" ? "" : ","}${names[codes[entry] as number]}${counts[entry]}`;
    }
    return `{"records":${records},"cleaned":${cleaned},"errors":${errors},"exceptions":${exceptions},"cleanliness":${clean},"coverage":${covered},"byCode":{${byCode}}}`;
  };
}

function formatPercentage({ numerator, denominator, percent }: Percentage): string {
  return `{"numerator":${numerator},"denominator":${denominator},"percent":${percent}}`;
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
