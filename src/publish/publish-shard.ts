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
import { createStandardReadings, type ValueChange } from "./standard-readings.js";
import { createStandardWriter, type JudgedRecords, type StandardContext } from "./standard-values.js";
import type { PublishedVerdict, VerdictTexts } from "./verdict-text.js";

export interface PublisherOptions extends StandardContext {
  /** Of the judge whose verdicts the shards have. */
  readonly verdictTexts: VerdictTexts;
  readonly limits: { readonly maxRecordBytes: number; readonly maxFieldLines: number };
}

export interface JudgedShard extends JudgedRecords {
  /** Byte range of the shard's records in the source, exact. */
  readonly start: number;
  readonly end: number;
  /** `source_line` of the first line of the shard. */
  readonly firstLine: number;
}

/**
 * Publishes the shards of one source, one after the other. What a column's texts read as is kept from shard to shard;
 * and it is one set of closures for all of them, so that the engine compiles each function for good.
 */
export interface ShardPublisher {
  /** Reads a shard again and writes each record, as delivered, into the set of its verdict. Errors as `readShard`. */
  publish(shard: JudgedShard): PublishedShard;
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
  /** Readings of whole values (Nam → M) that no shard before this one told through the same publisher, in the order they were first met. */
  readonly valueChanges: readonly ValueChange[];
}

const comma = 0x2c;
const lineFeed = 0x0a;
const maxRawLine = 4096;
const maxBatchRows = 8192;

/** Makes the publisher of a source, which writes into `writers`. */
export function createShardPublisher(options: PublisherOptions, writers: ShardWriters): ShardPublisher {
  const { source, verdictTexts, limits } = options;
  const readings = createStandardReadings(options.vaccines);
  const standard = createStandardWriter(options, readings, writers.changes);
  const sourceField = Buffer.from(`,${quoteField(source.name)},`);
  const ordinary = source.delimiter === ",";
  const delimiter = source.delimiter.charCodeAt(0);
  const putOwnId = ordinary ? putBytes : putDeliveredField;
  const idColumn = ownIdColumn(source);
  const cell = new Cell();
  const unreadableColumns = source.headers.length - Number(idColumn >= 0);
  let verdictTable: readonly PublishedVerdict[] = [];
  let verdicts: Uint32Array = new Uint32Array(0);
  let firstLine = 0;
  let rows = { cleaned: 0, errors: 0, exceptions: 0 };
  let record = 0;

  return { publish };

  function publish(shard: JudgedShard): PublishedShard {
    for (const writer of [writers.cleaned, writers.errors, writers.exceptions, writers.changes])
      writer.clear();
    verdictTable = verdictTexts.list();
    standard.begin(shard, verdictTable);
    rows = { cleaned: 0, errors: 0, exceptions: 0 };
    record = 0;
    ({ verdicts, firstLine } = shard);
    const { start, end } = shard;
    readShard(source, { index: 0, start, end }, { start, ...limits, maxBatchRows, onBatch: putRows });
    if (record !== verdicts.length) throw new Error("a shard was read differently the second time");
    return { rows, changeRows: standard.takeChanges(), valueChanges: readings.takeChanges() };
  }

  function putRows(batch: Batch): void {
    for (let row = 0; row < batch.rows; row++) {
      const line = firstLine + batch.firstLine + (batch.rowLine[row] as number);
      if (batch.rowFault[row] !== RowFault.none) putUnreadable(batch, row, line);
      else if (source.layout === "long") putRecord(batch, row, line, 0);
      else for (const doseSlot of listDoseSlots(source, batch, row)) putRecord(batch, row, line, doseSlot);
    }
  }

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
