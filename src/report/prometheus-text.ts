import { Gauge, Registry } from "prom-client";
import { codeCatalogue } from "../judge/code-catalogue.js";
import type { Metrics } from "./metrics.js";
import { cleanliness, coverage, type Percentage } from "./percentages.js";

/** What is known when a run ends, however it ends. */
export interface RunFigures {
  /** Name of the pipeline's file without its ending: the one label that tells two nightly jobs apart. */
  readonly pipeline: string;
  readonly exitCode: number;
  /** Seconds since 1970, as all times here. */
  readonly finishedAt: number;
  readonly durationSeconds: number;
  readonly peakMemoryBytes: number;
  /** When this output folder last got a published run; null when never, or when the ledger cannot be read. */
  readonly publishedAt: number | null;
  /** Null when the run ended before its inputs were found. */
  readonly inputBytes: number | null;
  /** Null when the run ended before its records were counted. */
  readonly metrics: Metrics | null;
}

/**
 * The figures in Prometheus' text format, for the textfile collector of node_exporter. Labels are the pipeline, the
 * unit, sets, codes and gates: lists that lamsach ships, never a place, a file or anything that was delivered.
 */
export function formatPrometheus(figures: RunFigures): Promise<string> {
  const registry = new Registry();
  registry.setDefaultLabels({ pipeline: figures.pipeline });
  const gauges = describeEnding(figures);
  if (figures.metrics !== null) gauges.push(...describeRecords(figures.metrics));
  for (const { name, help, series } of gauges) {
    const measured = series.filter(({ value }) => value !== null);
    if (measured.length === 0) continue;
    const labelNames = [...new Set(measured.flatMap(({ labels = {} }) => Object.keys(labels)))];
    const gauge = new Gauge({ name, help, labelNames, registers: [registry] });
    for (const { labels = {}, value } of measured) gauge.set(labels, value as number);
  }
  return registry.metrics();
}

interface Series {
  readonly labels?: Readonly<Record<string, string>>;
  /** Null: not applicable, and left out. */
  readonly value: number | null;
}

interface Described {
  readonly name: string;
  readonly help: string;
  readonly series: readonly Series[];
}

function describeEnding(figures: RunFigures): Described[] {
  const { metrics, durationSeconds } = figures;
  const records = metrics?.doses.records ?? null;
  const single = (name: string, help: string, value: number | null): Described => ({
    name: `lamsach_${name}`,
    help,
    series: [{ value }],
  });
  return [
    single(
      "run_finished_timestamp_seconds",
      "When the last run ended, however it ended.",
      figures.finishedAt,
    ),
    single("run_duration_seconds", "How long the last run took.", durationSeconds),
    single("run_exit_code", "Exit code of the last run: 0 done, 1 withheld by a gate.", figures.exitCode),
    single(
      "published_timestamp_seconds",
      "When the newest published run of the output folder ended.",
      figures.publishedAt,
    ),
    single("peak_memory_bytes", "Most memory that the last run held.", figures.peakMemoryBytes),
    single("input_bytes", "Bytes of the files the last run read, as delivered.", figures.inputBytes),
    single(
      "records_per_second",
      "Records of the last run by its duration.",
      records === null || durationSeconds === 0 ? null : records / durationSeconds,
    ),
  ];
}

const units = ["doses", "people"] as const;

function describeRecords(metrics: Metrics): Described[] {
  const ratio = (measure: (tally: Metrics["doses"]) => Percentage): Series[] =>
    units.map((unit) => {
      const { percent } = measure(metrics[unit]);
      // In whole millionths: 89.626 % by 100 would be 0.8962600000000001.
      return { labels: { unit }, value: percent === null ? null : Math.round(percent * 10_000) / 1_000_000 };
    });
  const gates = (value: (gate: Metrics["gates"][number]) => number | null): Series[] =>
    metrics.gates.map((gate) => ({ labels: { gate: gate.name }, value: value(gate) }));
  return [
    {
      name: "lamsach_records",
      help: "Records by set and code; a person has the worst code of their doses.",
      series: units.flatMap((unit) =>
        codeCatalogue.map(({ code, set }) => ({
          labels: { unit, set, code },
          value: metrics[unit].byCode[code] ?? 0,
        })),
      ),
    },
    {
      name: "lamsach_cleanliness_ratio",
      help: "Cleaned by records without exceptions, rounded down to 6 decimals.",
      series: ratio(cleanliness),
    },
    {
      name: "lamsach_coverage_ratio",
      help: "Cleaned by records, rounded down to 6 decimals.",
      series: ratio(coverage),
    },
    {
      name: "lamsach_input_files_left_out",
      help: "Deliveries that were refused and that the pipeline lets a run do without.",
      series: [{ value: metrics.leftOut.length }],
    },
    {
      name: "lamsach_register_people",
      help: "People in the register that the run read; 0 without one.",
      series: [{ value: metrics.run.registerPeople }],
    },
    { name: "lamsach_gate_value", help: "What each gate measured.", series: gates(({ value }) => value) },
    { name: "lamsach_gate_limit", help: "What each gate allows.", series: gates(({ limit }) => limit) },
    {
      name: "lamsach_gate_passed",
      help: "1 when the gate let the run through, 0 when it withheld it.",
      series: gates(({ passed }) => Number(passed)),
    },
  ];
}
