import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { exitCodes, LamsachError } from "../errors.js";
import { fieldText, rowCells } from "../ingest/read-field.js";
import { readShard } from "../ingest/shards.js";
import { setNames } from "../publish/set-columns.js";

/** One record of a set file, by header. */
export interface PublishedRecord {
  readonly headers: readonly string[];
  readonly cells: readonly string[];
}

const maxHeaderBytes = 1 << 20;

/** The first record of a run's set files with this record_id. Throws `LamsachError` (exit 2) when there is none. */
export function findPublishedRecord(runDir: string, recordId: string): PublishedRecord[] {
  if (!existsSync(path.join(runDir, "manifest.json"))) {
    throw new LamsachError(
      exitCodes.usage,
      `${runDir}: this run was withheld; expected a published one, whose sets hold the record. \`lamsach judge\` works on it.`,
    );
  }
  const found: PublishedRecord[] = [];
  for (const set of setNames) {
    for (const name of readdirSync(path.join(runDir, set)).sort()) {
      found.push(...findInFile(path.join(runDir, set, name), recordId));
    }
  }
  if (found.length > 0) return found;
  throw new LamsachError(
    exitCodes.usage,
    `${runDir}: no record has this id; expected a record_id of the run's set files. For a template row it is <file>:<line>:<dose>.`,
  );
}

function findInFile(file: string, recordId: string): PublishedRecord[] {
  const { headers, dataOffset } = readHeader(file);
  const found: PublishedRecord[] = [];
  const byteLength = statSync(file).size;
  readShard(
    {
      name: path.basename(file),
      bytesPath: file,
      byteLength,
      delimiter: ",",
      headers,
      dataOffset,
      lineUnit: "record",
    },
    { index: 0, start: dataOffset, end: byteLength },
    {
      maxBatchRows: 8192,
      maxRecordBytes: 1 << 24,
      maxFieldLines: Number.MAX_SAFE_INTEGER,
      onBatch(batch) {
        for (let row = 0; row < batch.rows; row++) {
          if (fieldText(batch, row, 0).trim() === recordId)
            found.push({ headers, cells: rowCells(batch, row) });
        }
      },
    },
  );
  return found;
}

function readHeader(file: string): { headers: string[]; dataOffset: number } {
  const handle = openSync(file, "r");
  try {
    const buffer = Buffer.alloc(maxHeaderBytes);
    const bytes = buffer.subarray(0, readSync(handle, buffer));
    const records = parse(bytes, { to: 1, info: true }) as unknown as {
      record: string[];
      info: { bytes: number };
    }[];
    return { headers: records[0]?.record ?? [], dataOffset: records[0]?.info.bytes ?? bytes.length };
  } finally {
    closeSync(handle);
  }
}
