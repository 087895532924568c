import { closeSync, openSync, readSync, statSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import type { Batch } from "../ingest/scanner.js";
import { readShard } from "../ingest/shards.js";

const maxHeaderBytes = 1 << 20;

/** Reads a published set file (in the clear) once, some thousand rows in memory at a time; rows in the file's order. */
export function readSetFile(
  file: string,
  onRow: (headers: readonly string[], batch: Batch, row: number) => void,
): void {
  const { headers, dataOffset } = readHeader(file);
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
        for (let row = 0; row < batch.rows; row++) onRow(headers, batch, row);
      },
    },
  );
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
