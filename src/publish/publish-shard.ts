import type { AssessmentColumns } from "../assess/assessment.js";
import { Cell } from "../assess/cell.js";
import { listDoseSlots } from "../assess/wide-rows.js";
import { fieldEnd, fieldStart, rowText } from "../ingest/read-field.js";
import { type Batch, RowFault } from "../ingest/scanner.js";
import { readShard } from "../ingest/shards.js";
import { ByteWriter } from "./byte-writer.js";
import { ownIdColumn, type SetName } from "./set-columns.js";
import {
  createStandardWriter,
  type StandardContext,
  type StandardRules,
  type ValueChange,
} from "./standard-values.js";

/** A verdict as it is written beside a record. */
export interface PublishedVerdict {
  readonly set: SetName;
  /** `set,code,findings,reason_vi,reason_en`, a comma before. */
  readonly suffix: Uint8Array;
  readonly standard: StandardRules;
}

export interface PublishShardOptions extends StandardContext {
  /** Byte range of the shard's records in the source, exact. */
  readonly start: number;
  readonly end: number;
  /** `source_line` of the first line of the shard. */
  readonly firstLine: number;
  readonly columns: AssessmentColumns;
  /** By record of the shard: position in `verdictTable`. */
  readonly verdicts: Uint32Array;
  readonly verdictTable: readonly PublishedVerdict[];
  readonly limits: { readonly maxRecordBytes: number; readonly maxFieldLines: number };
}

/** Where one shard's outputs are written, in input order; the caller takes the bytes. */
export interface ShardWriters extends Readonly<Record<SetName, ByteWriter>> {
  readonly changes: ByteWriter;
}

/** Writers to be used for shard after shard. */
export function createShardWriters(): ShardWriters {
  return {
    cleaned: new ByteWriter(1 << 20),
    errors: new ByteWriter(),
    exceptions: new ByteWriter(1 << 18),
    changes: new ByteWriter(),
  };
}

/** What one shard adds to the outputs, beside the bytes in its writers. */
export interface PublishedShard {
  readonly rows: Readonly<Record<SetName, number>>;
  readonly changeRows: number;
  /** Readings of whole values (Nam → M), in the order they were first met. */
  readonly valueChanges: readonly ValueChange[];
}

const comma = 0x2c;
const lineFeed = 0x0a;
const maxRawLine = 4096;
const maxBatchRows = 8192;

/** Reads a shard again and writes each record, as delivered, into the set of its verdict. */
export function publishShard(options: PublishShardOptions, writers: ShardWriters): PublishedShard {
  const { source, verdicts, verdictTable } = options;
  for (const writer of [writers.cleaned, writers.errors, writers.exceptions, writers.changes]) writer.clear();
  const rows = { cleaned: 0, errors: 0, exceptions: 0 };
  const standard = createStandardWriter(options, writers.changes);
  const sourceField = new ByteWriter(64);
  sourceField.putField(source.name);
  const sourceBytes = sourceField.view();
  const ordinary = source.delimiter === ",";
  const idColumn = ownIdColumn(source);
  const cell = new Cell();
  const unreadableColumns = source.headers.length - Number(idColumn >= 0);
  let record = 0;

  readShard(
    source,
    { index: 0, start: options.start, end: options.end },
    {
      start: options.start,
      ...options.limits,
      maxBatchRows,
      onBatch(batch) {
        for (let row = 0; row < batch.rows; row++) {
          const line = options.firstLine + batch.firstLine + (batch.rowLine[row] as number);
          if (batch.rowFault[row] !== RowFault.none) putUnreadable(batch, row, line);
          else if (source.layout === "long") putRecord(batch, row, line, 0);
          else
            for (const doseSlot of listDoseSlots(source, batch, row)) putRecord(batch, row, line, doseSlot);
        }
      },
    },
  );
  if (record !== verdicts.length) throw new Error("a shard was read differently the second time");
  return { rows, changeRows: standard.changes(), valueChanges: standard.valueChanges() };

  function putRecord(batch: Batch, row: number, line: number, doseSlot: number): void {
    const verdict = verdictTable[verdicts[record] as number] as PublishedVerdict;
    const writer = writers[verdict.set];
    rows[verdict.set]++;
    cell.moveTo(batch, row, idColumn);
    if (cell.isBlank)
      writer.putField(doseSlot === 0 ? `${source.name}:${line}` : `${source.name}:${line}:${doseSlot}`);
    else {
      writer.putDeliveredField(batch.bytes, fieldStart(batch, row, idColumn), fieldEnd(batch, row, idColumn));
    }
    putLineage(writer, line);
    putDelivered(writer, batch, row);
    writer.putBytes(verdict.suffix, 0, verdict.suffix.length);
    if (verdict.set === "cleaned") standard.put(writer, batch, row, record, line, doseSlot, verdict.standard);
    else if (verdict.set === "errors") writer.putByte(comma);
    writer.putByte(lineFeed);
    record++;
  }

  function putUnreadable(batch: Batch, row: number, line: number): void {
    const verdict = verdictTable[verdicts[record] as number] as PublishedVerdict;
    const writer = writers[verdict.set];
    rows[verdict.set]++;
    writer.putField(`${source.name}:${line}`);
    putLineage(writer, line);
    for (let column = 0; column < unreadableColumns; column++) writer.putByte(comma);
    writer.putBytes(verdict.suffix, 0, verdict.suffix.length);
    if (verdict.set === "errors") {
      writer.putByte(comma);
      // Control characters would break readers of the set file (NUL ends a line for some).
      writer.putField(
        rowText(batch, row)
          .slice(0, maxRawLine)
          .replace(/[\0-\x08\x0b-\x1f]/g, "\ufffd"),
      );
    }
    writer.putByte(lineFeed);
    record++;
  }

  function putLineage(writer: ByteWriter, line: number): void {
    writer.putByte(comma);
    writer.putBytes(sourceBytes, 0, sourceBytes.length);
    writer.putByte(comma);
    writer.putAscii(String(line));
  }

  /** The delivered cells but the source's own record_id; bytes as they came when the file is comma-separated. */
  function putDelivered(writer: ByteWriter, batch: Batch, row: number): void {
    const own = idColumn;
    if (ordinary) {
      const start = batch.rowStart[row] as number;
      const end = batch.rowEnd[row] as number;
      if (own < 0) {
        writer.putByte(comma);
        writer.putBytes(batch.bytes, start, end);
        return;
      }
      if (own > 0) {
        writer.putByte(comma);
        writer.putBytes(batch.bytes, start, fieldStart(batch, row, own) - 1);
      }
      // Begins with the delimiter, or is empty when record_id is the last column.
      writer.putBytes(batch.bytes, fieldEnd(batch, row, own), end);
      return;
    }
    for (let column = 0; column < batch.columns; column++) {
      if (column === own) continue;
      writer.putByte(comma);
      writer.putDeliveredField(batch.bytes, fieldStart(batch, row, column), fieldEnd(batch, row, column));
    }
  }
}
