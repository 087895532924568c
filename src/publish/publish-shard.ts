import { recordYearOnlyBit } from "../assess/assessment.js";
import { Cell } from "../assess/cell.js";
import { listDoseSlots } from "../assess/wide-rows.js";
import { placeFault } from "../ingest/fault-place.js";
import { rowText } from "../ingest/read-field.js";
import { type Batch, RowFault } from "../ingest/scanner.js";
import { readShard } from "../ingest/shards.js";
import { slotNumber, slotSex } from "../register/register-index.js";
import { ByteWriter } from "./byte-writer.js";
import { questions, RecordPutter } from "./record-putter.js";
import { ownIdColumn, type SetName } from "./set-columns.js";
import {
  type JudgedRecords,
  type StandardContext,
  StandardValues,
  type ValueChange,
} from "./standard-values.js";
import type { PublishedVerdict, VerdictTexts } from "./verdict-text.js";

export interface PublisherOptions extends StandardContext {
  /** Of the judge whose verdicts the shards have. */
  readonly verdictTexts: VerdictTexts;
  readonly rulesVersion: string;
  readonly limits: { readonly maxRecordBytes: number; readonly maxFieldLines: number };
}

export interface JudgedShard extends JudgedRecords {
  /** Byte range of the shard's records in the source, exact. */
  readonly start: number;
  readonly end: number;
  /** `source_line` of the first line of the shard. */
  readonly firstLine: number;
}

/** Publishes the shards of one source, one after the other. What texts read as is kept from shard to shard while nobody else uses the kernel. */
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
  /** Readings of whole values (Nam → M) in the order they were met; such as were told before may be told again. */
  readonly valueChanges: readonly ValueChange[];
}

const comma = 0x2c;
const lineFeed = 0x0a;
const maxRawLine = 4096;
const maxBatchRows = 8192;

/** Makes the publisher of a source, which writes into `writers`. */
export function createShardPublisher(options: PublisherOptions, writers: ShardWriters): ShardPublisher {
  const { source, register, verdictTexts, limits } = options;
  const values = new StandardValues(options);
  const { cleaned, errors, exceptions, changes } = writers;
  const putter = new RecordPutter({ ...options, writers: [cleaned, errors, exceptions, changes], answer });
  const delimiter = source.delimiter.charCodeAt(0);
  const idColumn = ownIdColumn(source);
  const cell = new Cell();
  const unreadableColumns = source.headers.length - Number(idColumn >= 0);
  let verdictTable: readonly PublishedVerdict[] = [];
  let shard: JudgedShard | null = null;
  let current: Batch | null = null;
  let rows = { cleaned: 0, errors: 0, exceptions: 0 };
  let record = 0;

  return { publish };

  function publish(next: JudgedShard): PublishedShard {
    for (const writer of [cleaned, errors, exceptions, changes]) writer.clear();
    shard = next;
    verdictTable = verdictTexts.bring();
    values.begin(next, verdictTable);
    putter.begin();
    rows = { cleaned: 0, errors: 0, exceptions: 0 };
    record = 0;
    const { start, end, verdicts } = next;
    readShard(source, { index: 0, start, end }, { start, ...limits, maxBatchRows, onBatch: putRows });
    if (record !== verdicts.length) throw new Error("a shard was read differently the second time");
    return { rows, changeRows: putter.changes, valueChanges: values.takeChanges() };
  }

  function putRows(batch: Batch): void {
    current = batch;
    const firstLine = (shard as JudgedShard).firstLine + batch.firstLine;
    for (let row = 0; row < batch.rows; ) {
      for (const end = putter.bring(batch, row); row < end; row++) {
        const line = firstLine + (batch.rowLine[row] as number);
        if (batch.rowFault[row] !== RowFault.none) {
          putter.put();
          putUnreadable(batch, row, line);
        } else if (source.layout === "long") addRecord(row, line, 0);
        else for (const doseSlot of listDoseSlots(source, batch, row)) addRecord(row, line, doseSlot);
      }
      putter.put();
    }
  }

  function addRecord(row: number, line: number, doseSlot: number): void {
    const { columns, verdicts } = shard as JudgedShard;
    const verdict = verdicts[record] as number;
    const { set } = verdictTable[verdict] as PublishedVerdict;
    rows[set]++;
    putter.add(record, row, doseSlot, line, verdict);
    if (set === "cleaned") {
      if (register === null) throw new Error("a record was cleaned without a register");
      const vaccine = columns.vaccine[record] as number;
      if (vaccine >= options.vaccines.length) throw new Error("a record was cleaned without a vaccine");
      const slot = columns.slot[record] as number;
      putter.describe(
        slotNumber(register.index, slot),
        slotSex(register.index, slot),
        columns.birthDay[record] as number,
        ((columns.comparison[record] as number) & recordYearOnlyBit) !== 0,
        columns.dose[record] as number,
        vaccine,
        columns.day[record] as number,
      );
    }
    record++;
  }

  /** What the putter has to know of a record's texts. */
  function answer(question: number, row: number, of: number, word: string): string | null {
    const batch = current as Batch;
    const { columns, verdicts } = shard as JudgedShard;
    const doseSlot = columns.doseSlot[of] as number;
    const dose = doseSlot === 0 ? source.columns : source.doses[doseSlot - 1];
    switch (question) {
      case questions.recordId:
        cell.moveTo(batch, row, idColumn);
        return cell.isBlank ? null : "";
      case questions.word:
        return values.readWord(word);
      case questions.name: {
        const { takesRegisterName } = verdictTable[verdicts[of] as number] as PublishedVerdict;
        return values.readName(batch, row, of, takesRegisterName);
      }
      case questions.facility:
        return values.readFacility(batch, row, dose?.facility_code ?? -1);
      case questions.sex:
        values.tellSex(batch, row, of);
        return null;
      case questions.dose:
        values.tellDose(batch, row, of);
        return null;
      case questions.vaccine:
        values.tellVaccine(batch, row, of, dose?.vaccine ?? -1);
        return null;
      case questions.cvx:
        values.tellCvx(of);
        return null;
      default:
        throw new Error(`the kernel asks question ${question}`);
    }
  }

  function putUnreadable(batch: Batch, row: number, line: number): void {
    const verdict = verdictTable[(shard as JudgedShard).verdicts[record] as number] as PublishedVerdict;
    const writer = writers[verdict.set];
    rows[verdict.set]++;
    writer.putField(`${source.name}:${line}`);
    writer.putByte(comma);
    writer.putField(source.name);
    writer.putAscii(`,${line}`);
    for (let column = 0; column < unreadableColumns; column++) writer.putByte(comma);
    const suffix = verdictTexts.suffixOf(verdict);
    writer.putBytes(suffix, 0, suffix.length);
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
}
