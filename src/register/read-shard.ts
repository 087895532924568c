import { exitCodes, LamsachError } from "../errors.js";
import { findLineBreak, nextLine } from "../ingest/line-break.js";
import { type Batch, createBatch, RowFault, type ScanDialect, scanBatch } from "../ingest/scanner.js";
import { readFully, writePartsFully } from "../storage/nameless-file.js";
import { createByteRowReader, type RowRules } from "./byte-row.js";
import { PersonRecords } from "./person-spool.js";
import { measureRecord } from "./record-measure.js";
import { maxRecordBytes } from "./register-csv.js";
import type { RowDefect } from "./register-row.js";

/** A range of an input's bytes; the rows that start in it are the shard's. */
export interface InputShard {
  /** Position among all shards of the build. */
  readonly shard: number;
  readonly name: string;
  /** Descriptor of the input. */
  readonly file: number;
  readonly byteLength: number;
  readonly start: number;
  readonly end: number;
  /** Whether a row is known to begin at `start`; else the first line in the shard is taken for one. */
  readonly isExact: boolean;
  /** Cells of the header, and where each of `registerColumns` stands in it (-1: nowhere). */
  readonly width: number;
  readonly positions: readonly number[];
}

/** Where the records of all shards go: one file, whose end is claimed by whoever writes next. */
export interface SpoolFile {
  readonly file: number;
  readonly end: BigInt64Array<SharedArrayBuffer>;
}

/** What a shard held; it was read right when `start` is the `end` of the shard before. Lines count from 0 at `start`. */
export interface ShardIntake {
  readonly start: number;
  readonly end: number;
  readonly lines: number;
  /** Rows with or without a person in them. */
  readonly rows: number;
  readonly defects: readonly {
    readonly defect: RowDefect;
    readonly count: number;
    readonly lines: readonly number[];
  }[];
  /** The record that is no CSV; nothing is known of what follows. */
  readonly fault: { readonly offset: number; readonly line: number } | null;
  /** Where the shard's records are in the spool, partition after partition. */
  readonly spoolOffset: number;
  readonly partBytes: Float64Array;
  readonly partRows: Uint32Array;
}

/** Places that a message names for each kind of defect. */
export const reportedPositions = 5;
const bufferBytes = 1 << 20;
const batchRows = 4096;

/** Makes the function that reads shards into the spool, one at a time. */
export function createShardReader(rules: RowRules): (shard: InputShard, spool: SpoolFile) => ShardIntake {
  const records = new PersonRecords();
  const readRow = createByteRowReader(rules, records);
  let batch: Batch | null = null;
  return (shard, spool) => {
    if (batch === null || batch.columns !== shard.width) batch = createBatch(shard.width, batchRows);
    records.clear();
    const tally = new ShardTally();
    const start = shard.isExact ? shard.start : findFirstLine(shard);
    const { end, lines } = scanShard(
      shard,
      start,
      batch,
      (row, line, isWidth) => {
        tally.rows++;
        const defect = isWidth
          ? readRow(batch as Batch, row, shard.positions, shard.shard, line)
          : "structure";
        if (defect !== null) tally.addDefect(defect, line);
      },
      (offset, line) => {
        tally.fault = { offset, line };
      },
    );
    const { parts, rows } = records.view();
    const partBytes = Float64Array.from(parts, (part) => part.length);
    const total = partBytes.reduce((sum, length) => sum + length, 0);
    const spoolOffset = Number(Atomics.add(spool.end, 0, BigInt(total)));
    writePartsFully(spool.file, parts, spoolOffset);
    return { start, end, lines, ...tally.describe(), spoolOffset, partBytes, partRows: rows };
  };
}

class ShardTally {
  rows = 0;
  fault: ShardIntake["fault"] = null;
  readonly #defects = new Map<RowDefect, { count: number; lines: number[] }>();

  addDefect(defect: RowDefect, line: number): void {
    const kind = this.#defects.get(defect) ?? { count: 0, lines: [] };
    this.#defects.set(defect, kind);
    kind.count++;
    if (kind.lines.length < reportedPositions) kind.lines.push(line);
  }

  describe(): Pick<ShardIntake, "rows" | "fault" | "defects"> {
    const defects = [...this.#defects].map(([defect, kind]) => ({ defect, ...kind }));
    return { rows: this.rows, fault: this.fault, defects };
  }
}

/**
 * Scans the records that start in the shard. `onRow` hears of each row and whether it is as wide as the header;
 * `onFault` of the first record that is no CSV, which ends the scan.
 */
function scanShard(
  { name, file, byteLength, end: shardEnd }: InputShard,
  start: number,
  batch: Batch,
  onRow: (row: number, line: number, isWidth: boolean) => void,
  onFault: (offset: number, line: number) => void,
): { end: number; lines: number } {
  const dialect: ScanDialect = {
    delimiter: 0x2c,
    maxRecordBytes,
    maxFieldLines: Number.MAX_SAFE_INTEGER,
    lineUnit: "line",
  };
  let buffer = Buffer.allocUnsafe(Math.max(1, Math.min(bufferBytes, byteLength - start)));
  let offset = start;
  let filled = 0;
  let from = 0;
  let lines = 0;
  batch.insideLongLine = false;
  if (start >= shardEnd) return { end: start, lines: 0 };
  for (;;) {
    // Keep what is not read yet, make room when that is everything, and fill up.
    buffer.copyWithin(0, from, filled);
    offset += from;
    filled -= from;
    from = 0;
    if (filled === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
    const wanted = Math.min(buffer.length - filled, byteLength - offset - filled);
    if (readFully(file, buffer, filled, wanted, offset + filled) < wanted) throw becameShorter(name);
    filled += wanted;
    const isLast = offset + filled >= byteLength;
    const bytes = buffer.subarray(0, filled);
    for (let outcome = "full"; outcome === "full"; ) {
      outcome = scanBatch(batch, bytes, from, shardEnd - offset, isLast, dialect);
      const read = takeRows(batch, from, isLast, lines, onRow);
      if (read.outcome === "fault") {
        onFault(offset + read.end, lines + read.lines);
        return { end: offset + read.end, lines: lines + read.lines };
      }
      from = read.end;
      lines += read.lines;
      if (read.outcome !== "all") outcome = read.outcome;
      if (outcome === "done") return { end: offset + from, lines };
    }
  }
}

/**
 * Hands the batch's rows on. A row that the scanner did not take is measured: a record of another width is a row like
 * any other, even over several lines (then the rest of the batch is no rows: "full", scan again from `end`), and so is
 * a line of spaces, which is blank to the scanner.
 */
function takeRows(
  batch: Batch,
  start: number,
  isLast: boolean,
  firstLine: number,
  onRow: (row: number, line: number, isWidth: boolean) => void,
): { outcome: "all" | "full" | "needs-more" | "fault"; end: number; lines: number } {
  const { bytes, rowStart, rowEnd, rowLine } = batch;
  const takeSpaceLines = (from: number, to: number, lineAfter: number): void => {
    if (batch.blankLines > 0)
      visitSpaceLines(bytes, from, to, firstLine + lineAfter, (line) => onRow(-1, line, false));
  };
  let next = start;
  for (let row = 0; row < batch.rows; row++) {
    const line = rowLine[row] as number;
    takeSpaceLines(next, rowStart[row] as number, line);
    next = nextLine(bytes, rowEnd[row] as number, true);
    const fault = batch.rowFault[row] as RowFault;
    if (fault === RowFault.none || fault === RowFault.undecodable) {
      onRow(row, firstLine + line, true);
      continue;
    }
    const end = rowStart[row] as number;
    const record = measureRecord(bytes, end, isLast);
    if (record === "malformed" || fault === RowFault.tooLarge) return { outcome: "fault", end, lines: line };
    if (record === "incomplete") {
      const outcome = bytes.length - end > maxRecordBytes ? "fault" : "needs-more";
      return { outcome, end, lines: line };
    }
    if (!record.isBlank) onRow(row, firstLine + line, false);
    if (record.lineFeeds > 0)
      return { outcome: "full", end: record.next, lines: line + 1 + record.lineFeeds };
  }
  takeSpaceLines(next, batch.end, batch.lines);
  return { outcome: "all", end: batch.end, lines: batch.lines };
}

/** Calls `visit` for the lines of nothing but spaces among the blank lines in [from, to); `lineAfter` is the line at `to`. */
function visitSpaceLines(
  bytes: Uint8Array,
  from: number,
  to: number,
  lineAfter: number,
  visit: (line: number) => void,
): void {
  const hasSpaces: boolean[] = [];
  for (let at = from; at < to; ) {
    const end = findLineBreak(bytes, at);
    hasSpaces.push(end > at);
    at = nextLine(bytes, end, true);
  }
  for (const [at, isRow] of hasSpaces.entries()) if (isRow) visit(lineAfter - hasSpaces.length + at);
}

/** The first line that begins at or after `start`; `end` when none begins in the shard. */
function findFirstLine({ name, file, byteLength, start, end }: InputShard): number {
  let room = 1 << 16;
  for (;;) {
    // One byte before the shard: a line may begin right at `start`.
    const bytes = Buffer.allocUnsafe(Math.min(room, byteLength - start + 1));
    if (readFully(file, bytes, 0, bytes.length, start - 1) < bytes.length) throw becameShorter(name);
    const isLast = start - 1 + bytes.length >= byteLength;
    const next = nextLine(bytes, findLineBreak(bytes, 0), isLast);
    if (next >= 0) return Math.min(start - 1 + next, end);
    if (start - 1 + bytes.length >= end) return end;
    room *= 4;
  }
}

function becameShorter(name: string): LamsachError {
  return new LamsachError(
    exitCodes.input,
    `${name}: the file became shorter while it was read; expected an unchanged file. Copy it again and build the register again.`,
  );
}
