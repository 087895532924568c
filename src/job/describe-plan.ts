import { mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { openSource } from "../ingest/open-source.js";
import { planShards } from "../ingest/shards.js";
import type { Source } from "../ingest/source.js";
import { findControlFault } from "./plan-inputs.js";
import type { RunPlan } from "./plan-run.js";

/** What a run would do, for `--dry-run`. */
export interface PlanText {
  readonly run: string;
  readonly isFinished: boolean;
  readonly asOf: string;
  readonly pipeline: string;
  readonly policy: string;
  readonly register: { readonly version: string; readonly people: number } | null;
  readonly workers: number;
  readonly inputs: readonly PlannedSource[];
}

interface PlannedSource {
  readonly name: string;
  /** Null of what is no file that can be read; so is the next one. */
  readonly bytes: number | null;
  readonly sha256: string | null;
  readonly refused: string | null;
  readonly format: string | null;
  readonly encoding: string | null;
  readonly layout: string | null;
  readonly coding: string | null;
  readonly headerLine: number | null;
  /** Canonical field by the file's own header. */
  readonly columns: Readonly<Record<string, string>>;
  readonly shards: number;
}

/** What is said of an input that is not opened. */
const unread: PlannedSource = {
  ...{ name: "", bytes: null, sha256: null, refused: null, format: null, encoding: null, layout: null },
  ...{ coding: null, headerLine: null, columns: {}, shards: 0 },
};

export interface DescribePlanOptions {
  readonly isFinished: boolean;
  readonly shardBytes: number;
  readonly workers: number;
  readonly tempDir: string;
}

/** Opens each input far enough to tell how it would be read; decoded copies go to a folder that is removed again. */
export async function describePlan(
  plan: RunPlan,
  { isFinished, shardBytes, workers, tempDir }: DescribePlanOptions,
): Promise<{ plan: PlanText; text: string }> {
  const workDir = mkdtempSync(path.join(tempDir, "lamsach-plan-"));
  const inputs: PlannedSource[] = [];
  try {
    for (const input of plan.inputs) {
      const opened = await openSource(input, {
        workDir,
        sources: plan.pipeline.sources,
        aliases: plan.pipeline.columns.aliases,
        limits: plan.pipeline.rules.limits,
      });
      const source = "bytesPath" in opened ? opened : null;
      const fault = findControlFault(input, plan.pipeline.deliveries);
      inputs.push({
        name: input.name,
        bytes: input.bytes,
        sha256: input.sha256,
        refused: fault?.reason ?? ("reason" in opened ? opened.reason : null),
        format: source?.format ?? null,
        encoding: source?.encoding ?? null,
        layout: source?.layout ?? null,
        coding: source?.coding.name ?? null,
        headerLine: source === null ? null : source.dataLine - 1,
        columns: source === null ? {} : mapColumns(source),
        shards: source === null ? 0 : planShards(source, shardBytes).length,
      });
    }
    for (const { name, reason } of plan.unreadable) inputs.push({ ...unread, name, refused: reason });
    inputs.sort((a, b) => (a.name < b.name ? -1 : 1));
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
  const described: PlanText = {
    run: plan.runId,
    isFinished,
    asOf: plan.asOf,
    pipeline: plan.pipeline.name,
    policy: plan.policy.name,
    register:
      plan.register === null
        ? null
        : { version: plan.register.info.version, people: plan.register.info.people },
    workers,
    inputs,
  };
  return { plan: described, text: renderPlan(described) };
}

function mapColumns({ headers, columns, doses }: Source): Record<string, string> {
  const mapped: Record<string, string> = {};
  for (const [name, column] of Object.entries(columns))
    if (column >= 0) mapped[name] = headers[column] as string;
  for (const [position, dose] of doses.entries()) {
    for (const [name, column] of Object.entries(dose)) {
      if (column >= 0) mapped[`${name} (dose ${position + 1})`] = headers[column] as string;
    }
  }
  return mapped;
}

function renderPlan(plan: PlanText): string {
  const register =
    plan.register === null
      ? "none: nobody is authenticated (E61)"
      : `${plan.register.people} people, version ${plan.register.version.slice(0, 12)}`;
  const lines = [
    `run       ${plan.run}${plan.isFinished ? " (complete already)" : ""}`,
    `pipeline  ${plan.pipeline}, policy ${plan.policy}, as of ${plan.asOf}`,
    `register  ${register}`,
    `workers   ${plan.workers}`,
  ];
  for (const input of plan.inputs) {
    lines.push("", input.name);
    if (input.sha256 !== null) lines.push(`  ${input.bytes} bytes, sha256 ${input.sha256}`);
    if (input.refused !== null) {
      lines.push(`  refused: ${input.refused}`);
      continue;
    }
    lines.push(
      `  ${input.format}, ${input.encoding}, ${input.layout}, header ends on line ${input.headerLine}, coding ${input.coding}, ${input.shards} shards`,
    );
    for (const [name, header] of Object.entries(input.columns)) lines.push(`    ${name} <- ${header}`);
  }
  return `${lines.join("\n")}\n`;
}
