import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { exitCodes, LamsachError } from "../errors.js";
import { fieldText, rowCells } from "../ingest/read-field.js";
import type { ReadClear } from "../job/clear-reader.js";
import { readSetFile } from "../job/read-set-file.js";
import { setNames } from "../publish/set-columns.js";

/** One record of a set file, by header. */
export interface PublishedRecord {
  readonly headers: readonly string[];
  readonly cells: readonly string[];
}

/**
 * The records of a run's set files with this record_id; `readClear` reads a set file in the clear, also when it is
 * sealed. Throws `LamsachError` (exit 2) when there is none.
 */
export function findPublishedRecord(
  runDir: string,
  recordId: string,
  readClear: ReadClear,
): PublishedRecord[] {
  if (!existsSync(path.join(runDir, "manifest.json"))) {
    throw new LamsachError(
      exitCodes.usage,
      `${runDir}: this run was withheld; expected a published one, whose sets hold the record. \`lamsach judge\` works on it.`,
    );
  }
  const found: PublishedRecord[] = [];
  for (const set of setNames) {
    for (const name of readdirSync(path.join(runDir, set)).sort()) {
      found.push(...readClear(path.join(runDir, set, name), (file) => findInFile(file, recordId)));
    }
  }
  if (found.length > 0) return found;
  throw new LamsachError(
    exitCodes.usage,
    `${runDir}: no record has this id; expected a record_id of the run's set files. For a template row it is <file>:<line>:<dose>.`,
  );
}

function findInFile(file: string, recordId: string): PublishedRecord[] {
  const found: PublishedRecord[] = [];
  readSetFile(file, (headers, batch, row) => {
    if (fieldText(batch, row, 0).trim() === recordId) found.push({ headers, cells: rowCells(batch, row) });
  });
  return found;
}
