import type { AssessmentColumns } from "../assess/assessment.js";
import { Cell } from "../assess/cell.js";
import { listDoseSlots } from "../assess/wide-rows.js";
import { placeFault } from "../ingest/fault-place.js";
import { fieldEnd, fieldStart, rowText } from "../ingest/read-field.js";
import { type Batch, RowFault } from "../ingest/scanner.js";
import { readShard } from "../ingest/shards.js";
import { quoteField } from "../report/csv-field.js";
import { ByteWriter } from "./byte-writer.js";
import {
  addedQuotes,
  putAll,
  putBytes,
  putDelivered as putDeliveredField,
  putWhole,
  wholeBytes,
} from "./put-bytes.js";
import { ownIdColumn, type SetName, unreadableHeaders } from "./set-columns.js";
import type { ValueChange } from "./standard-readings.js";
import type { StandardRules } from "./standard-rules.js";
import { createStandardWriter, type StandardContext } from "./standard-values.js";

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
  /** Readings of whole values (Nam → M) that no shard before this one told with the same `readings`, in the order they were first met. */
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
  const sourceField = Buffer.from(`,${quoteField(source.name)},`);
  const ordinary = source.delimiter === ",";
  const delimiter = source.delimiter.charCodeAt(0);
  const putOwnId = ordinary ? putBytes : putDeliveredField;
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
  return { rows, changeRows: standard.changes(), valueChanges: options.readings.takeChanges() };

  function putRecord(batch: Batch, row: number, line: number, doseSlot: number): void {
    const verdict = verdictTable[verdicts[record] as number] as PublishedVerdict;
    const { set, suffix } = verdict;
    const writer = writers[set];
    rows[set]++;
    cell.moveTo(batch, row, idColumn);
    const hasOwnId = !cell.isBlank;
    if (!hasOwnId)
      writer.putField(doseSlot === 0 ? `${source.name}:${line}` : `${source.name}:${line}:${doseSlot}`);
    writer.reserve(rowBound(batch, row) + suffix.length);
    const out = writer.bytes;
    let at = writer.length;
    if (hasOwnId)
      at = putOwnId(out, at, batch.bytes, fieldStart(batch, row, idColumn), fieldEnd(batch, row, idColumn));
    at = putLineage(out, at, line);
    at = putDelivered(out, at, batch, row);
    at = putAll(out, at, suffix);
    if (set === "cleaned") {
      writer.moveTo(at);
      standard.put(writer, batch, row, record, line, doseSlot, hasOwnId, verdict.standard);
      writer.putByte(lineFeed);
    } else {
      for (let column = 0; set === "errors" && column < unreadableHeaders; column++) out[at++] = comma;
      out[at++] = lineFeed;
      writer.moveTo(at);
    }
    record++;
  }

  /** Most bytes of a record's line without its verdict and what follows the verdict's comma. */
  function rowBound(batch: Batch, row: number): number {
    const delivered = (batch.rowEnd[row] as number) - (batch.rowStart[row] as number);
    return delivered + batch.columns * (addedQuotes + 1) + sourceField.length + wholeBytes + 8;
  }

  function putUnreadable(batch: Batch, row: number, line: number): void {
    const verdict = verdictTable[verdicts[record] as number] as PublishedVerdict;
    const writer = writers[verdict.set];
    rows[verdict.set]++;
    writer.putField(`${source.name}:${line}`);
    writer.reserve(sourceField.length + wholeBytes);
    writer.moveTo(putLineage(writer.bytes, writer.length, line));
    for (let column = 0; column < unreadableColumns; column++) writer.putByte(comma);
    writer.putBytes(verdict.suffix, 0, verdict.suffix.length);
    if (verdict.set === "errors") {
      const { fault, column, byte } = placeFault(batch, row, delimiter);
      writer.putAscii(`,${fault},${column},${byte},`);
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

  function putLineage(out: Uint8Array, at: number, line: number): number {
    return putWhole(out, putAll(out, at, sourceField), line);
  }

  /** The delivered cells but the source's own record_id; bytes as they came when the file is comma-separated. */
  function putDelivered(out: Uint8Array, from: number, batch: Batch, row: number): number {
    const own = idColumn;
    let at = from;
    if (ordinary) {
      const start = batch.rowStart[row] as number;
      const end = batch.rowEnd[row] as number;
      if (own < 0) {
        out[at++] = comma;
        return putBytes(out, at, batch.bytes, start, end);
      }
      if (own > 0) {
        out[at++] = comma;
        at = putBytes(out, at, batch.bytes, start, fieldStart(batch, row, own) - 1);
      }
      // Begins with the delimiter, or is empty when record_id is the last column.
      return putBytes(out, at, batch.bytes, fieldEnd(batch, row, own), end);
    }
    for (let column = 0; column < batch.columns; column++) {
      if (column === own) continue;
      out[at++] = comma;
      at = putDeliveredField(
        out,
        at,
        batch.bytes,
        fieldStart(batch, row, column),
        fieldEnd(batch, row, column),
      );
    }
    return at;
  }
}
