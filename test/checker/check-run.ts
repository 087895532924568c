import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { checkReplay, readChanges } from "./change-replay.js";
import type { Conserved } from "./conservation.js";
import { checkPage } from "./page-check.js";
import { checkManifest, listFiles, type PublishedRecord, readRawCsv } from "./published.js";
import { type RunToRead, readChecked } from "./read-checked.js";
import { checkSummary } from "./summary-check.js";
import { checkTruth } from "./truth-check.js";

export interface CheckOptions extends RunToRead {
  /** truth.csv of generated data: record_id (or source_file, source_line) and the code that each record should get. */
  readonly truth?: string;
}

export interface CheckResult {
  /** What is wrong, as sentences without any delivered value; empty when everything holds. */
  readonly problems: readonly string[];
  /** Records found in the three sets. */
  readonly records: number;
  readonly sets: Readonly<Record<"cleaned" | "errors" | "exceptions", number>>;
  /** Records that the inputs hold, by the checker's own reading. */
  readonly delivered: number;
  /** Numbers of the page that were compared, each in both languages; 0 without a page. */
  readonly pageNumbers: number;
  /** Records of the truth that were compared, and those with another code. */
  readonly truth: { readonly compared: number; readonly different: number } | null;
}

const pagePath = "report/index.html";

/** Sentences shown for each check; the rest is counted. */
const shownProblems = 20;

/**
 * Checks a finished run against what was delivered, sharing no code with the pipeline: conservation, set files,
 * delivered cells, the change log, the manifest and the summary. Reads everything into memory.
 */
export async function checkRun({
  runDir,
  inputs,
  truth,
  population,
  headers,
}: CheckOptions): Promise<CheckResult> {
  const problems: string[] = [];
  const add = (found: readonly string[]): void => {
    problems.push(...found.slice(0, shownProblems));
    if (found.length > shownProblems) problems.push(`… and ${found.length - shownProblems} more like these.`);
  };

  const files = await listFiles(runDir);
  const {
    summary,
    checked,
    problems: readingProblems,
  } = await readChecked({ runDir, inputs, population, headers });
  const { records, conserved } = checked;
  for (const found of readingProblems) add(found);
  add(checkVerdicts(records));
  add(await checkChanges(runDir, records, conserved));
  add(await checkManifest(runDir, files));
  if (summary !== null) add(checkSummary(summary, checked));
  // Without people there is half of a page.
  const page =
    files.includes(pagePath) && checked.people !== null
      ? checkPage(await readFile(join(runDir, pagePath), "utf8"), checked, listDimensions(summary))
      : { problems: [], numbers: 0 };
  add(page.problems);
  const compared = truth === undefined ? null : await checkTruth(truth, records);
  if (compared !== null) add(compared.problems);

  const count = (folder: string): number => records.filter((record) => record.folder === folder).length;
  return {
    problems,
    records: records.length,
    sets: { cleaned: count("cleaned"), errors: count("errors"), exceptions: count("exceptions") },
    delivered: conserved.expected,
    pageNumbers: page.numbers,
    truth: compared === null ? null : { compared: compared.compared, different: compared.different },
  };
}

function listDimensions(summary: unknown): string[] {
  return Object.keys((summary as { dimensions?: object } | null)?.dimensions ?? {});
}

const knownCode = /^(?:C[1-3]|X1[0-3]|X2[0-4]|X3[0-4]|E1[0-2]|E2[0-5]|E3[0-6]|E4[0-2]|E50|E6[01])$/;
const setByLetter: Readonly<Record<string, string>> = { C: "cleaned", X: "exceptions", E: "errors" };

function checkVerdicts(records: readonly PublishedRecord[]): string[] {
  return records.flatMap(({ path, line, folder, set, code }) => {
    const where = `${path}, source line ${line}`;
    const problems: string[] = [];
    if (set !== folder) problems.push(`${where}: its set is not that of its folder.`);
    if (!knownCode.test(code)) problems.push(`${where}: its code is none of the catalogue.`);
    if (setByLetter[code.slice(0, 1)] !== set)
      problems.push(`${where}: its code does not belong to its set.`);
    return problems;
  });
}

async function checkChanges(
  runDir: string,
  records: readonly PublishedRecord[],
  conserved: Conserved,
): Promise<string[]> {
  const problems: string[] = [];
  let bytes: Buffer;
  try {
    bytes = await readFile(join(runDir, "changes.csv"));
  } catch {
    return ["changes.csv: it is missing."];
  }
  const log = readChanges(readRawCsv("changes.csv", bytes, problems), problems);
  const cleaned = records.filter((record) => record.folder === "cleaned" && conserved.sources.has(record));
  return [...problems, ...checkReplay(cleaned, conserved.deliveredValue, log)];
}

const [, script, ...words] = process.argv;
if (script !== undefined && import.meta.url === pathToFileURL(script).href) {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { population: { type: "string" } },
  });
  const [runDir, ...paths] = positionals;
  if (runDir === undefined) {
    process.stderr.write(
      "usage: npx tsx test/checker/check-run.ts <run folder> <input…> [--population <register csv>]\n",
    );
    process.exitCode = 2;
  } else {
    const inputs = paths.map((path) => ({ name: basename(path), path }));
    const result = await checkRun({ runDir, inputs, ...values });
    process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
    process.exitCode = result.problems.length > 0 ? 1 : 0;
  }
}
