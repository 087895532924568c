import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { z } from "zod";
import { estimateAccuracy } from "../accuracy/estimate-accuracy.js";
import { type Answers, readAnswers, refuseProblems } from "../accuracy/read-answers.js";
import type { Verdict } from "../accuracy/verdict-text.js";
import type { Effects } from "../effects.js";
import { exitCodes, LamsachError } from "../errors.js";
import type { AuditResult } from "../report/audit-result.js";
import { makePrivateDir, removeParts, writeFileAtomic } from "../storage/atomic-file.js";
import { hashFile } from "../storage/file-hash.js";
import { noteWork } from "./audit-trail.js";
import { type AuditSample, drawAuditSample } from "./draw-audit-sample.js";
import { holdWorkspace } from "./held-workspace.js";
import type { keptAuditSchema } from "./read-audit.js";
import { findOutputFolder, locateRun, locateWorkspace } from "./workspace.js";

export interface EnterOptions {
  /** Folder of a published run. */
  readonly runDir: string;
  /** The filled sample. */
  readonly file: string;
  /** `yyyy-mm-dd` of the latest answer. */
  readonly checkedOn: string;
  readonly keyFile: string | null;
}

/** A sample has some hundred rows of some kilobytes. */
const maxBytes = 256 << 20;

/**
 * Takes in a sample that people have filled: draws it from the run again, holds every row against it, and keeps the
 * counts that follow in `audits/` of the output folder, in the place of an earlier result. Throws `LamsachError`: 2 for
 * a run that is not in its output folder, 3 for answers that are not those of this run's sample, 5 for a held lock.
 */
export async function enterAuditResult(
  { runDir, file, checkedOn, keyFile }: EnterOptions,
  effects: Pick<Effects, "cwd" | "env" | "now" | "log">,
): Promise<AuditResult> {
  const out = findOutputFolder(runDir);
  const run = path.basename(runDir);
  if (!existsSync(locateWorkspace(out).ledger)) {
    throw new LamsachError(
      exitCodes.usage,
      `${runDir}: there is no ledger beside this run; expected it in its output folder, which keeps the result. Check the path.`,
    );
  }
  const name = path.basename(file);
  const answers = readAnswers(readSmallFile(file), name);
  const { seed, size } = answers.sample;
  if (answers.sample.run !== run) {
    throw new LamsachError(
      exitCodes.input,
      `${name}: this is a sample of run ${answers.sample.run}; expected one of ${run}. Name the run that was checked.`,
    );
  }
  const sample = drawAuditSample({ runDir, size, seed, keyFile }, effects);
  const result = countAnswers(sample, answers, { name, checkedOn });
  const paths = locateRun(out, run);
  const { manifest } = sample;
  const facts = { command: "audit-result", run, manifest, inputs: [{ name, sha256: hashFile(file) }] };
  await holdWorkspace(out, effects, () =>
    noteWork(out, facts, effects, async () => {
      if (!existsSync(paths.manifest) || hashFile(paths.manifest) !== manifest)
        throw changedMeanwhile(runDir);
      makePrivateDir(path.dirname(paths.audit));
      removeParts(path.dirname(paths.audit));
      const kept: z.infer<typeof keptAuditSchema> = {
        ...{ format: 1, run, manifest, seed, size },
        result: { ...result, strata: [...result.strata] },
      };
      writeFileAtomic(paths.audit, `${JSON.stringify(kept, null, 2)}\n`);
      return { result: undefined, exitCode: exitCodes.done };
    }),
  );
  return result;
}

/** Every record of the sample has one answer, and every answer a record. */
function countAnswers(
  { strata, records }: AuditSample,
  { answers }: Answers,
  { name, checkedOn }: { readonly name: string; readonly checkedOn: string },
): AuditResult {
  const codeByKey = new Map(records.map(({ key, code }) => [key, code]));
  const counts = new Map(strata.map(({ code }) => [code, { right: 0, wrong: 0, unsure: 0 }]));
  const problems: string[] = [];
  for (const { row, key, verdict } of answers) {
    const code = codeByKey.get(key);
    if (code === undefined) {
      problems.push(`${name}, row ${row}: this key is not in the sample; expected it as it was written.`);
      continue;
    }
    codeByKey.delete(key);
    (counts.get(code) as Record<Verdict, number>)[verdict]++;
  }
  if (codeByKey.size > 0) {
    problems.push(
      `${name}: ${codeByKey.size} of ${records.length} rows of the sample are missing; expected each once. Answers for a part of a sample say nothing sure.`,
    );
  }
  refuseProblems(problems);
  const counted = strata.map((stratum) => ({
    ...stratum,
    ...(counts.get(stratum.code) as Record<Verdict, number>),
  }));
  return {
    population: strata.reduce((sum, { population }) => sum + population, 0),
    checkedOn,
    strata: counted.map(({ code, population, drawn, right, wrong }) => ({
      ...{ code, population, drawn },
      checked: right + wrong,
      right,
    })),
    ...estimateAccuracy(counted),
  };
}

function readSmallFile(file: string): Uint8Array {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile() && found.size <= maxBytes) return readFileSync(file);
  throw new LamsachError(
    exitCodes.input,
    `${file}: this is no file of a sample; expected the CSV file of \`lamsach audit-sample\`, filled in. Check the path.`,
  );
}

function changedMeanwhile(runDir: string): LamsachError {
  return new LamsachError(
    exitCodes.usage,
    `${runDir}: this run was removed while its sample was read; expected it to stay. Nothing was kept.`,
  );
}
