import { isUtf8 } from "node:buffer";
import {
  breakBytes,
  carriageReturn,
  findLineBreak,
  incomplete,
  isBlank,
  lineFeed,
  nextLine,
} from "./line-break.js";
import { specialBytes } from "./special-bytes.js";

/** Why a row cannot be read; 0 is a row that can. */
export const RowFault = {
  none: 0,
  /** Not RFC 4180, or another number of fields than the header. Only `rowStart`, `rowEnd` and `rowLine` are set. */
  structure: 1,
  /** Invalid UTF-8 or a NUL in the row. Its fields are set. */
  undecodable: 2,
  /** A physical line over the limit; `rowEnd` is clipped. Only `rowStart`, `rowEnd` and `rowLine` are set. */
  tooLarge: 3,
} as const;

export type RowFault = (typeof RowFault)[keyof typeof RowFault];

/** Rows as byte ranges of one buffer. Reused from scan to scan: what must outlive a scan is copied out. */
export interface Batch {
  bytes: Uint8Array;
  rows: number;
  /** Byte offset in `bytes`. */
  readonly rowStart: Int32Array;
  /** Exclusive, without the line break. */
  readonly rowEnd: Int32Array;
  /** Lines (by the dialect's unit) between the batch's first line and this row. */
  readonly rowLine: Int32Array;
  /** A `RowFault` per row. */
  readonly rowFault: Uint8Array;
  /** 1 for a row that holds an ASCII control character other than tab and line breaks; only of rows that have fields. */
  readonly rowControls: Uint8Array;
  /** Row r, column c ends (exclusive) at `fieldEnd[r * columns + c]`; it starts one after the field before, or at `rowStart`; quotes included. */
  readonly fieldEnd: Int32Array;
  readonly columns: number;
  readonly maxRows: number;
  /** Offset in `bytes` after the last whole record read: where the next scan begins. */
  end: number;
  /** Lines consumed up to `end`, blank ones too. */
  lines: number;
  blankLines: number;
  /** `end` lies inside a line that was already reported as too large; the next scan begins by leaving it. */
  insideLongLine: boolean;
  /** Offset of `bytes[0]` in the file. Set by the reader of the file. */
  fileOffset: number;
  /** Lines between the start of the shard and the batch's first line. Set by the reader of the file. */
  firstLine: number;
  /** Scratch of the scan: the last field, the quoted line breaks and whether there are control characters in the record scanned last. */
  lastField: number;
  quotedBreaks: number;
  controls: number;
}

/** How the bytes are to be read. */
export interface ScanDialect {
  /** Byte of `,` `;` or tab. */
  readonly delimiter: number;
  readonly maxRecordBytes: number;
  /** Line breaks a quoted field may hold; with more, its quote counts as unclosed. Ignored when `lineUnit` is "record". */
  readonly maxFieldLines: number;
  readonly lineUnit: "line" | "record";
}

/** An empty batch for rows of `columns` fields; all its memory is taken here. */
export function createBatch(columns: number, maxRows: number): Batch {
  return {
    bytes: new Uint8Array(0),
    rows: 0,
    rowStart: new Int32Array(maxRows),
    rowEnd: new Int32Array(maxRows),
    rowLine: new Int32Array(maxRows),
    rowFault: new Uint8Array(maxRows),
    rowControls: new Uint8Array(maxRows),
    fieldEnd: new Int32Array(maxRows * columns),
    columns,
    maxRows,
    end: 0,
    lines: 0,
    blankLines: 0,
    insideLongLine: false,
    fileOffset: 0,
    firstLine: 0,
    lastField: 0,
    quotedBreaks: 0,
    controls: 0,
  };
}

const quote = 0x22;

/** Result of a scan that is no offset; `incomplete` is the other. */
const malformed = -1;

/**
 * Reads the records that start in `bytes[from, to)` into the batch, as csv-parse reads them (RFC 4180; line breaks
 * CRLF, LF, CR); a malformed one costs its first physical line. `isLast`: `bytes` holds the end of the file.
 * "full": call again from `batch.end`. "needs-more": the record at `batch.end` is not complete in `bytes`; more than
 * `maxRecordBytes` + 2 bytes after `batch.end` always suffice to go on.
 */
export function scanBatch(
  batch: Batch,
  bytes: Uint8Array,
  from: number,
  to: number,
  isLast: boolean,
  dialect: ScanDialect,
): "done" | "full" | "needs-more" {
  specialBytes.begin(bytes, dialect.delimiter);
  batch.bytes = bytes;
  batch.rows = 0;
  batch.lines = 0;
  batch.blankLines = 0;
  batch.end = from;
  if (batch.insideLongLine && !leaveLongLine(batch, bytes, isLast)) return "needs-more";
  const outcome = scanRecords(batch, bytes, to, isLast, dialect);
  markUndecodable(batch, bytes);
  return outcome;
}

function scanRecords(
  batch: Batch,
  bytes: Uint8Array,
  to: number,
  isLast: boolean,
  dialect: ScanDialect,
): "done" | "full" | "needs-more" {
  const { rowStart, rowEnd, rowLine, rowFault, rowControls, fieldEnd, columns, maxRows } = batch;
  const { maxRecordBytes } = dialect;
  const countsLines = dialect.lineUnit === "line";
  let start = batch.end;
  while (start < to && start < bytes.length) {
    const row = batch.rows;
    if (row === maxRows) return "full";
    if (columns > 1 && takePlainRecords(batch, start, to, maxRecordBytes)) {
      start = batch.end;
      continue;
    }
    const firstField = row * columns;
    const end = scanRecord(batch, bytes, start, firstField, isLast, dialect);
    let next = end < 0 ? end : nextLine(bytes, end, isLast);
    if (next >= 0) {
      if (end - start > maxRecordBytes) next = malformed;
      else if (batch.lastField === firstField && isBlank(bytes, start, end)) {
        batch.blankLines++;
        batch.lines++;
        batch.end = start = next;
        continue;
      } else if (batch.lastField !== firstField + columns - 1) next = malformed;
    } else if (next === incomplete) {
      if (bytes.length - start <= maxRecordBytes + breakBytes) return "needs-more";
      next = malformed;
    }
    if (next === malformed) {
      next = rejectLine(batch, bytes, start, isLast, maxRecordBytes);
      if (next === incomplete) return "needs-more";
    } else {
      fieldEnd[firstField + columns - 1] = end;
      rowEnd[row] = end;
      rowFault[row] = RowFault.none;
      rowControls[row] = batch.controls;
    }
    rowStart[row] = start;
    rowLine[row] = batch.lines;
    batch.lines += countsLines && rowFault[row] === RowFault.none ? 1 + batch.quotedBreaks : 1;
    batch.rows = row + 1;
    batch.end = start = next;
    if (batch.insideLongLine) return "needs-more";
  }
  return start < to && !isLast ? "needs-more" : "done";
}

/** Makes the records of ordinary bytes that begin at `start` the batch's next rows; false when there are none. */
function takePlainRecords(batch: Batch, start: number, to: number, maxRecordBytes: number): boolean {
  const first = batch.rows;
  const taken = specialBytes.takeRecords(batch, start, to, maxRecordBytes);
  if (taken === 0) return false;
  for (let row = first; row < first + taken; row++) {
    batch.rowLine[row] = batch.lines + row - first;
    batch.rowFault[row] = RowFault.none;
    batch.rowControls[row] = 0;
  }
  batch.rows += taken;
  batch.lines += taken;
  return true;
}

/** Sets the field ends of one record and gives the offset of its line break, `malformed` or `incomplete`. */
function scanRecord(
  batch: Batch,
  bytes: Uint8Array,
  start: number,
  firstField: number,
  isLast: boolean,
  dialect: ScanDialect,
): number {
  const { fieldEnd, columns } = batch;
  const { delimiter } = dialect;
  const length = bytes.length;
  const last = firstField + columns - 1;
  batch.quotedBreaks = 0;
  batch.controls = 0;
  let field = firstField;
  let i = start;
  if (bytes[i] === quote) {
    i = scanQuoted(batch, bytes, i, start, isLast, dialect);
    if (i < 0) return i;
  }
  for (i = specialBytes.next(i); i < length; i = specialBytes.next(i)) {
    const byte = bytes[i];
    if (byte === delimiter) {
      if (field === last) return malformed;
      fieldEnd[field++] = i++;
      if (i < length && bytes[i] === quote) {
        i = scanQuoted(batch, bytes, i, start, isLast, dialect);
        if (i < 0) return i;
      }
    } else if (byte === quote) {
      return malformed;
    } else if (byte === lineFeed || byte === carriageReturn) {
      break;
    } else {
      batch.controls = 1;
      i++;
    }
  }
  batch.lastField = field;
  return i;
}

/** The offset after a quoted field's closing quote; what follows must end the field. Adds its line breaks to the record's. */
function scanQuoted(
  batch: Batch,
  bytes: Uint8Array,
  open: number,
  start: number,
  isLast: boolean,
  dialect: ScanDialect,
): number {
  const { delimiter, maxRecordBytes } = dialect;
  const maxBreaks = dialect.lineUnit === "line" ? dialect.maxFieldLines : Number.MAX_SAFE_INTEGER;
  const length = bytes.length;
  const limit = Math.min(length, start + maxRecordBytes + breakBytes + 1);
  let breaks = 0;
  let i = open + 1;
  while (i < limit) {
    i = Math.min(specialBytes.next(i), limit);
    if (i === limit) break;
    const byte = bytes[i] as number;
    i++;
    if (byte === quote) {
      if (i === length && !isLast) return incomplete;
      const after = i === length ? lineFeed : (bytes[i] as number);
      if (after === quote) {
        i++;
      } else if (after === delimiter || after === lineFeed || after === carriageReturn) {
        batch.quotedBreaks += breaks;
        return i;
      } else {
        return malformed;
      }
    } else if (byte === lineFeed || (byte === carriageReturn && (i === length || bytes[i] !== lineFeed))) {
      if (++breaks > maxBreaks) return malformed;
    } else if (byte !== delimiter && byte !== carriageReturn) {
      batch.controls = 1;
    }
  }
  return i < length || isLast ? malformed : incomplete;
}

/** Makes the physical line at `start` the batch's next row, a faulty one, and gives the offset after it. */
function rejectLine(
  batch: Batch,
  bytes: Uint8Array,
  start: number,
  isLast: boolean,
  maxRecordBytes: number,
): number {
  const row = batch.rows;
  const end = findLineBreak(bytes, start);
  let next = nextLine(bytes, end, isLast);
  const isTooLarge = end - start > maxRecordBytes;
  if (next === incomplete) {
    if (!isTooLarge) return incomplete;
    batch.insideLongLine = true;
    next = end;
  }
  batch.rowEnd[row] = isTooLarge ? start + maxRecordBytes : end;
  batch.rowFault[row] = isTooLarge ? RowFault.tooLarge : RowFault.structure;
  return next;
}

/** Moves `batch.end` to the line after the long one; false when that is not in `bytes`. */
function leaveLongLine(batch: Batch, bytes: Uint8Array, isLast: boolean): boolean {
  const end = findLineBreak(bytes, batch.end);
  const next = nextLine(bytes, end, isLast);
  batch.end = next === incomplete ? end : next;
  batch.insideLongLine = next === incomplete;
  return next !== incomplete;
}

/** Marks rows that hold a NUL or are no UTF-8. */
function markUndecodable(batch: Batch, bytes: Uint8Array): void {
  const { rows, rowStart, rowEnd, rowFault, rowControls } = batch;
  for (let row = rowControls.indexOf(1); row >= 0 && row < rows; row = rowControls.indexOf(1, row + 1)) {
    if (rowFault[row] !== RowFault.none) continue;
    if (bytes.subarray(rowStart[row], rowEnd[row]).includes(0)) rowFault[row] = RowFault.undecodable;
  }
  markNotUtf8(batch, bytes, 0, rows);
}

/** Checks rows `first` to `last` (exclusive) at once, and halves of them only when something is wrong in them. */
function markNotUtf8(batch: Batch, bytes: Uint8Array, first: number, last: number): void {
  const { rowStart, rowEnd, rowFault } = batch;
  if (first === last || isUtf8(bytes.subarray(rowStart[first], rowEnd[last - 1]))) return;
  if (last - first === 1) {
    if (rowFault[first] === RowFault.none) rowFault[first] = RowFault.undecodable;
    return;
  }
  const middle = (first + last) >> 1;
  markNotUtf8(batch, bytes, first, middle);
  markNotUtf8(batch, bytes, middle, last);
}
