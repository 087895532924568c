import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { exitCodes, LamsachError } from "../errors.js";
import { parseHistoryJson } from "../report/history-json.js";
import type { Metrics } from "../report/metrics.js";
import { noHistory } from "../report/run-history.js";
import { O_NOFOLLOW, O_RDONLY, withOpenFile } from "../storage/open-file.js";
import type { PublishedReport } from "./run-report.js";

const summaryFile = "report/summary.json";
const historyFile = "report/history.json";

const tally = z.looseObject({ records: z.int(), byCode: z.record(z.string(), z.int()) });
const summarySchema = z.looseObject({
  run: z.looseObject({ id: z.string(), pipeline: z.string(), asOf: z.string() }),
  doses: tally,
  people: tally,
  dimensions: z.record(z.string(), z.array(z.looseObject({ key: z.string(), label: z.string() }))),
  findings: z.record(z.string(), z.int()),
  files: z.array(z.looseObject({ name: z.string() })),
  /** A run of an older lamsach looked for none. */
  causes: z.array(z.looseObject({ kind: z.string() })).default([]),
  leftOut: z.array(z.looseObject({ name: z.string() })),
  gates: z.array(z.looseObject({ name: z.string() })),
});

/**
 * What the page of the run in `runDir` was made from: a published run's files must be those of its manifest; a withheld
 * run has none. Throws `LamsachError` (exit 3) when a file is missing or has been changed.
 */
export function readReport(runDir: string): PublishedReport {
  const listed = readListed(runDir);
  const summary = readOwn(runDir, summaryFile, listed);
  // A run of an older lamsach has no history.
  const hasHistory = listed === null ? existsSync(path.join(runDir, historyFile)) : listed.has(historyFile);
  const history = hasHistory ? parseHistoryJson(readOwn(runDir, historyFile, listed)) : noHistory;
  if (history === null) throw changed(path.join(runDir, historyFile));
  return { metrics: parseSummary(summary, path.join(runDir, summaryFile)), history };
}

const manifestSchema = z.object({ files: z.array(z.object({ path: z.string(), sha256: z.string() })) });

/** SHA-256 by file; null for a run that has no manifest. */
function readListed(runDir: string): ReadonlyMap<string, string> | null {
  const file = path.join(runDir, "manifest.json");
  if (!existsSync(file)) return null;
  try {
    const { files } = manifestSchema.parse(JSON.parse(readFileSync(file, "utf8")));
    return new Map(files.map(({ path: name, sha256 }) => [name, sha256]));
  } catch {
    throw changed(file);
  }
}

function readOwn(runDir: string, name: string, listed: ReadonlyMap<string, string> | null): string {
  const file = path.join(runDir, name);
  const bytes = withOpenFile(file, O_RDONLY | O_NOFOLLOW, (handle) => readFileSync(handle));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (listed !== null && listed.get(name) !== sha256) throw changed(file);
  return bytes.toString("utf8");
}

function parseSummary(text: string, file: string): Metrics {
  try {
    // The rest of it is as the manifest says, and so as lamsach wrote it.
    return summarySchema.parse(JSON.parse(text)) as unknown as Metrics;
  } catch {
    throw changed(file);
  }
}

function changed(file: string): LamsachError {
  return new LamsachError(
    exitCodes.input,
    `${file}: this is not as the run wrote it; expected it unchanged. See \`lamsach audit verify --files\`; the same run made again elsewhere has it.`,
  );
}
