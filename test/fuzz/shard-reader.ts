import { writeFileSync } from "node:fs";
import path from "node:path";
import { rowCells } from "../../src/ingest/read-field.js";
import type { Batch } from "../../src/ingest/scanner.js";
import { planShards, readRows, readShard, type Shard, type ShardReading } from "../../src/ingest/shards.js";
import type { Reading, ReadingLimits, ReadRow } from "./reading.js";

/** How a file is cut; the rows must not depend on it. */
export interface Cutting {
  readonly shardBytes: number;
  readonly bufferBytes: number;
  readonly maxBatchRows: number;
}

/**
 * Reads the bytes as a run does: every shard with a guessed start first, then again each whose guess the end of the
 * shard before proves wrong. Writes them to a file in `folder`.
 */
export function readInShards(
  folder: string,
  bytes: Buffer,
  limits: ReadingLimits,
  cutting: Cutting,
): Reading {
  const bytesPath = path.join(folder, "delivery.csv");
  writeFileSync(bytesPath, bytes);
  const source = { ...sourceOf(limits), name: "delivery.csv", bytesPath, byteLength: bytes.length };
  const shards = planShards(source, cutting.shardBytes);
  const read = (shard: Shard, start?: number): { rows: ReadRow[]; reading: ShardReading } => {
    const rows: ReadRow[] = [];
    const onBatch = (batch: Batch): void => collectRows(batch, rows);
    const known = start === undefined ? {} : { start };
    return { reading: readShard(source, shard, { ...limits, ...cutting, ...known, onBatch }), rows };
  };
  const guessed = shards.map((shard) => read(shard));
  const rows: ReadRow[] = [];
  let lines = 0;
  let blankLines = 0;
  let end = limits.dataOffset;
  for (const [position, shard] of shards.entries()) {
    let part = guessed[position] as (typeof guessed)[number];
    if (part.reading.start !== end) part = read(shard, end);
    for (const row of part.rows) rows.push({ ...row, line: lines + row.line });
    lines += part.reading.lines;
    blankLines += part.reading.blankLines;
    end = part.reading.end;
  }
  return { rows, lines, blankLines, end };
}

/** Reads the bytes from memory at once; offsets count from the file's beginning. */
export function readInMemory(bytes: Buffer, limits: ReadingLimits, maxBatchRows: number): Reading {
  const found: ReadRow[] = [];
  const onBatch = (batch: Batch): void => collectRows(batch, found);
  const reading = readRows(sourceOf(limits), bytes.subarray(limits.dataOffset), {
    ...limits,
    maxBatchRows,
    onBatch,
  });
  const { dataOffset } = limits;
  const rows = found.map((row) => ({ ...row, start: row.start + dataOffset, end: row.end + dataOffset }));
  return { rows, lines: reading.lines, blankLines: reading.blankLines, end: reading.end + dataOffset };
}

function sourceOf({ columns, delimiter, lineUnit, dataOffset }: ReadingLimits) {
  const headers = Array.from({ length: columns }, (_, column) => `column ${column}`);
  return { headers, delimiter, lineUnit, dataOffset };
}

function collectRows(batch: Batch, rows: ReadRow[]): void {
  for (let row = 0; row < batch.rows; row++) {
    rows.push({
      start: batch.fileOffset + (batch.rowStart[row] as number),
      end: batch.fileOffset + (batch.rowEnd[row] as number),
      line: batch.firstLine + (batch.rowLine[row] as number),
      fault: batch.rowFault[row] as number,
      // A NUL is \u0001 in the reference.
      cells: rowCells(batch, row).map((cell) => cell.replaceAll("\0", "\u0001")),
    });
  }
}
