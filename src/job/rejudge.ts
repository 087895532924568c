import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { Effects } from "../effects.js";
import { type ExitCode, exitCodes, LamsachError } from "../errors.js";
import { codeCatalogue } from "../judge/code-catalogue.js";
import { createJudge } from "../judge/judge-record.js";
import { loadPipeline } from "../pipeline/pipeline.js";
import { loadPolicy, type Policy } from "../pipeline/policy.js";
import { loadTables, type Tables } from "../pipeline/tables.js";
import { type Additions, decodeAdditions } from "../reconcile/additions.js";
import { judgePartition } from "../reconcile/judge-partition.js";
import { JudgedTotals } from "../reconcile/judged-totals.js";
import type { Counts } from "../reconcile/run-counts.js";
import { outlineRun } from "../reconcile/run-table.js";
import type { Tally } from "../report/metrics.js";
import { cleanliness, countSets } from "../report/percentages.js";
import type { FileKey } from "../storage/file-key.js";
import { buildVaccineTable } from "../vaccination/vaccine.js";
import { noteAct } from "./audit-trail.js";
import { keepSections, locateSections } from "./person-files.js";
import { rulesVersion } from "./rules-version.js";
import { findSealKey } from "./run-key.js";
import { type RunState, readRunState } from "./run-state.js";
import { findOutputFolder, type RunPaths } from "./workspace.js";

export interface RejudgeOptions {
  readonly runDir: string;
  readonly policyPath: string;
  readonly keyFile: string | null;
}

/** How many records went from one code to another. */
interface Movement {
  readonly from: string;
  readonly to: string;
  readonly doses: number;
}

interface UnitTallies {
  readonly doses: Tally;
  readonly people: Tally;
}

const tallySchema = z.object({ records: z.number(), byCode: z.record(z.string(), z.number()) });
/** The part of a run's `summary.json` that is compared. */
const summarySchema = z.object({
  run: z.object({ id: z.string(), policy: z.string() }),
  doses: tallySchema,
  people: tallySchema,
});

/**
 * Judges a finished run's stored assessments by another policy and tells how the sets would move. Reads neither the
 * exports nor the register. Throws `LamsachError` (exit 2) when the run was made by other rules or tables.
 */
export async function rejudgeRun(
  { runDir, policyPath, keyFile }: RejudgeOptions,
  effects: Pick<Effects, "cwd" | "env" | "log" | "now">,
): Promise<{ exitCode: ExitCode; text: string; json: unknown }> {
  const { state, paths } = readRunState(runDir);
  const sealKey = findSealKey(runDir, state.identity, keyFile, effects);
  const pipeline = loadPipeline(state.pipelineFile);
  const tables = loadTables(pipeline);
  refuseOtherRules(runDir, state.identity, { pipeline: pipeline.fingerprint, tables: tables.fingerprint });
  const policy = loadPolicy(path.resolve(effects.cwd, policyPath));
  const summary = summarySchema.parse(
    JSON.parse(readFileSync(path.join(runDir, "report/summary.json"), "utf8")),
  );

  const { counts, codes } = judgeAgain(state, paths, { tables, policy, sealKey });
  const moved = countMovement(readFileSync(paths.codes), codes);
  const { rules } = state.identity;
  noteAct(
    findOutputFolder(runDir),
    {
      command: "judge",
      run: summary.run.id,
      versions: {
        pipeline: pipeline.fingerprint,
        policy: policy.fingerprint,
        tables: tables.fingerprint,
        rules,
      },
    },
    effects,
  );
  effects.log.info({ run: summary.run.id, records: codes.length }, "judged again");
  return {
    exitCode: exitCodes.done,
    text: renderComparison({ run: summary.run, before: summary, after: counts, policy: policy.name, moved }),
    json: {
      run: summary.run.id,
      policy: policy.name,
      counts: flattenCounts(counts),
      before: flattenCounts(summary),
      moved,
    },
  };
}

/** Judges the run's stored records part by part, as the run was. */
function judgeAgain(
  state: RunState,
  paths: RunPaths,
  { tables, policy, sealKey }: { tables: Tables; policy: Policy; sealKey: FileKey | null },
): { counts: Counts; codes: Uint8Array } {
  const files = state.shards.map(({ source, file }) => ({ source, path: path.join(paths.shards, file) }));
  const { records, shards, places, facilities } = outlineRun(files, sealKey);
  const sectioned = shards.map((shard, position) => {
    const { path: file } = files[position] as (typeof files)[number];
    keepSections(file, shard.records, state.partitions, sealKey);
    return { ...shard, sections: locateSections(file) };
  });
  const codes = new Uint8Array(records);
  const repeats = readRepeats(paths);
  const judge = createJudge(policy);
  const { vaccines } = buildVaccineTable(tables.vaccines);
  const totals = new JudgedTotals([], []);
  for (let partition = 0; partition < state.partitions; partition++) {
    judgePartition(
      {
        shards: sectioned,
        partition,
        partitions: state.partitions,
        sealKey,
        places,
        facilities,
        repeats,
        codes,
        judge,
        vaccines,
      },
      totals,
    );
  }
  return { counts: totals.counts.describe(tables), codes };
}

function readRepeats({ repeats }: RunPaths): Additions {
  const additions = decodeAdditions(readFileSync(repeats));
  if (additions !== null) return additions;
  throw new LamsachError(
    exitCodes.environment,
    `${repeats}: this file is damaged; expected what the run wrote. Delete the run's work folder and run again.`,
  );
}

function refuseOtherRules(
  runDir: string,
  identity: RunState["identity"],
  now: { readonly pipeline: string; readonly tables: string },
): void {
  const changed = [
    identity.rules === rulesVersion ? null : "rules",
    identity.pipeline === now.pipeline ? null : "pipeline",
    identity.tables === now.tables ? null : "tables",
  ].filter((part) => part !== null);
  if (changed.length === 0) return;
  throw new LamsachError(
    exitCodes.usage,
    `${runDir}: this run was made with another version of: ${changed.join(", ")}; expected the same as now. Run it again first.`,
  );
}

function flattenCounts({ doses, people }: UnitTallies): Record<string, number> {
  const { records, cleaned, errors, exceptions } = countSets(doses);
  return { records, cleaned, errors, exceptions, people: people.records, ...doses.byCode };
}

function countMovement(before: Uint8Array, after: Uint8Array): Movement[] {
  const kinds = codeCatalogue.length;
  const pairs = new Float64Array(kinds * kinds);
  for (const [record, from] of before.entries()) {
    const pair = from * kinds + (after[record] as number);
    pairs[pair] = (pairs[pair] as number) + 1;
  }
  const moved: Movement[] = [];
  for (const [pair, doses] of pairs.entries()) {
    const from = Math.floor(pair / kinds);
    const to = pair % kinds;
    if (doses === 0 || from === to) continue;
    moved.push({ from: codeCatalogue[from]?.code as string, to: codeCatalogue[to]?.code as string, doses });
  }
  return moved.sort((a, b) => b.doses - a.doses);
}

interface Comparison {
  readonly run: { readonly id: string; readonly policy: string };
  readonly policy: string;
  readonly before: UnitTallies;
  readonly after: UnitTallies;
  readonly moved: readonly Movement[];
}

function renderComparison({ run, policy, before, after, moved }: Comparison): string {
  const lines = [`run ${run.id}: policy ${run.policy} -> ${policy}; nothing was read again`, ""];
  for (const unit of ["doses", "people"] as const) {
    const old = countSets(before[unit]);
    const now = countSets(after[unit]);
    lines.push(unit);
    for (const set of ["cleaned", "errors", "exceptions"] as const) {
      lines.push(`  ${set.padEnd(12)}${signed(old[set], now[set])}`);
    }
    lines.push(`  ${"cleanliness".padEnd(12)}${share(before[unit])} -> ${share(after[unit])}`);
  }
  lines.push("", moved.length === 0 ? "No record has another code." : "records that have another code");
  for (const { from, to, doses } of moved) lines.push(`  ${from} -> ${to}  ${doses}`);
  return `${lines.join("\n")}\n`;
}

function signed(old: number, now: number): string {
  const change = now - old;
  return `${old} -> ${now} (${change > 0 ? "+" : ""}${change})`;
}

function share(tally: Tally): string {
  const { numerator, denominator, percent } = cleanliness(tally);
  return percent === null ? "not applicable" : `${percent} % (${numerator} of ${denominator})`;
}
