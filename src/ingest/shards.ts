import { readSync } from "node:fs";
import { exitCodes, LamsachError } from "../errors.js";
import { O_RDONLY, withOpenFile } from "../storage/open-file.js";
import { type Batch, createBatch, type ScanDialect, scanBatch } from "./scanner.js";
import type { Source } from "./source.js";

/** A nominal byte range [start, end) of a source's data; the rows that start in it are the shard's. */
export interface Shard {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** The part of a source that reading needs. */
export type ReadableSource = Pick<
  Source,
  "name" | "bytesPath" | "byteLength" | "delimiter" | "headers" | "dataOffset" | "lineUnit"
>;

export interface ReadShardOptions {
  /** Byte offset of the shard's first record, when known exactly; guessed otherwise. */
  readonly start?: number;
  /** Called in order; the batch and its bytes are reused as soon as it returns. */
  onBatch(batch: Batch): void;
  readonly maxBatchRows: number;
  readonly maxRecordBytes: number;
  readonly maxFieldLines: number;
  /** Bytes read at once; 1 MiB unless said. */
  readonly bufferBytes?: number;
}

/** What one shard held; shard k was read right when its `start` is the `end` of shard k - 1. */
export interface ShardReading {
  readonly start: number;
  /** Where the next shard's first line begins. */
  readonly end: number;
  readonly lines: number;
  readonly blankLines: number;
  readonly rows: number;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Cuts a source's data rows into ranges of `shardBytes`; none when it has no data. */
export function planShards(source: Pick<Source, "dataOffset" | "byteLength">, shardBytes: number): Shard[] {
  const shards: Shard[] = [];
  for (let start = source.dataOffset; start < source.byteLength; start += shardBytes) {
    shards.push({ index: shards.length, start, end: Math.min(start + shardBytes, source.byteLength) });
  }
  return shards;
}

/**
 * Reads every record that starts in the shard, to its end beyond the shard if need be. Without `options.start` the
 * first line after the nominal start is taken for the first record, which a quoted line break can prove wrong: the
 * caller compares `start` with the `end` of the shard before, and reads again with that `start` when they differ.
 * The first shard needs no guess. Throws LamsachError(3) when the file has become shorter.
 */
export function readShard(source: ReadableSource, shard: Shard, options: ReadShardOptions): ShardReading {
  return withOpenFile(source.bytesPath, O_RDONLY, (file) => {
    const start =
      options.start ?? (shard.index === 0 ? shard.start : guessStart(file, source, shard, options));
    if (start >= shard.end) return { start, end: start, lines: 0, blankLines: 0, rows: 0 };
    return readRecords(file, source, start, shard.end, options);
  });
}

/** Reads records from memory as `readShard` does from a file; for a few rows. */
export function readRows(
  source: Pick<ReadableSource, "delimiter" | "headers" | "lineUnit">,
  bytes: Uint8Array,
  { onBatch, maxBatchRows, maxRecordBytes, maxFieldLines }: Omit<ReadShardOptions, "start" | "bufferBytes">,
): ShardReading {
  const delimiter = source.delimiter.charCodeAt(0);
  const dialect: ScanDialect = { delimiter, maxRecordBytes, maxFieldLines, lineUnit: source.lineUnit };
  const batch = createBatch(source.headers.length, maxBatchRows);
  let end = 0;
  let lines = 0;
  let blankLines = 0;
  let rows = 0;
  let outcome: ReturnType<typeof scanBatch>;
  do {
    outcome = scanBatch(batch, bytes, end, bytes.length, true, dialect);
    ({ end } = batch);
    batch.fileOffset = 0;
    batch.firstLine = lines;
    lines += batch.lines;
    blankLines += batch.blankLines;
    rows += batch.rows;
    if (batch.rows > 0) onBatch(batch);
  } while (outcome === "full");
  return { start: 0, end, lines, blankLines, rows };
}

function readRecords(
  file: number,
  source: ReadableSource,
  start: number,
  shardEnd: number,
  options: ReadShardOptions,
): ShardReading {
  const dialect: ScanDialect = {
    delimiter: source.delimiter.charCodeAt(0),
    maxRecordBytes: options.maxRecordBytes,
    maxFieldLines: options.maxFieldLines,
    lineUnit: source.lineUnit,
  };
  const batch = takeBatch(source.headers.length, options.maxBatchRows);
  let buffer = takeBuffer(bufferBytes(options, source.byteLength - start));
  let offset = start;
  let filled = 0;
  let from = 0;
  let lines = 0;
  let blankLines = 0;
  let rows = 0;
  for (;;) {
    // Keep what is not read yet, make room when that is everything, and fill up.
    buffer.copyWithin(0, from, filled);
    offset += from;
    filled -= from;
    if (filled === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
    filled += readBytes(file, source, buffer, filled, offset + filled);
    const isLast = offset + filled >= source.byteLength;
    const bytes = buffer.subarray(0, filled);
    let outcome: "done" | "full" | "needs-more";
    from = 0;
    do {
      outcome = scanBatch(batch, bytes, from, shardEnd - offset, isLast, dialect);
      from = batch.end;
      batch.fileOffset = offset;
      batch.firstLine = lines;
      lines += batch.lines;
      blankLines += batch.blankLines;
      rows += batch.rows;
      if (batch.rows > 0) options.onBatch(batch);
    } while (outcome === "full");
    if (outcome === "done") {
      spareBatch = batch;
      spareBuffer = buffer;
      return { start, end: offset + from, lines, blankLines, rows };
    }
  }
}

// Kept from shard to shard: memory that the system has to hand over anew costs more than the scan.
let spareBatch: Batch | null = null;
let spareBuffer: Buffer | null = null;

function takeBatch(columns: number, maxRows: number): Batch {
  const spare = spareBatch;
  spareBatch = null;
  if (spare === null || spare.columns !== columns || spare.maxRows !== maxRows)
    return createBatch(columns, maxRows);
  spare.insideLongLine = false;
  return spare;
}

function takeBuffer(bytes: number): Buffer {
  const spare = spareBuffer;
  spareBuffer = null;
  return spare !== null && spare.length === bytes ? spare : Buffer.allocUnsafe(bytes);
}

/** The line after the first break at or after `shard.start - 1`; `shard.end` when no line begins in the shard. */
function guessStart(file: number, source: ReadableSource, shard: Shard, options: ReadShardOptions): number {
  const buffer = Buffer.allocUnsafe(bufferBytes(options, shard.end - shard.start + 1));
  let offset = shard.start - 1;
  let wasReturn = false;
  while (offset < shard.end) {
    const filled = readBytes(file, source, buffer, 0, offset);
    if (filled === 0) break;
    if (wasReturn) return buffer[0] === lineFeed ? offset + 1 : offset;
    for (let i = 0; i < filled; i++) {
      const byte = buffer[i];
      if (byte === lineFeed) return offset + i + 1;
      if (byte === carriageReturn) {
        if (i + 1 < filled) return buffer[i + 1] === lineFeed ? offset + i + 2 : offset + i + 1;
        wasReturn = true;
      }
    }
    offset += filled;
  }
  return shard.end;
}

function bufferBytes(options: ReadShardOptions, needed: number): number {
  return Math.max(1, Math.min(options.bufferBytes ?? 1 << 20, needed));
}

/** Fills `buffer` from `at` with the file's bytes from `position`, short only at the end of the source. */
function readBytes(
  file: number,
  source: ReadableSource,
  buffer: Buffer,
  at: number,
  position: number,
): number {
  const wanted = Math.min(buffer.length - at, source.byteLength - position);
  let done = 0;
  while (done < wanted) {
    const read = readSync(file, buffer, at + done, wanted - done, position + done);
    if (read === 0) {
      throw new LamsachError(
        exitCodes.input,
        `${source.name}: the file became shorter while it was read; expected an unchanged file. Deliver it again and start the run anew`,
      );
    }
    done += read;
  }
  return done;
}
