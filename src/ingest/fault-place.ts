import { isUtf8 } from "node:buffer";
import { fieldEnd } from "./read-field.js";
import { type Batch, RowFault } from "./scanner.js";

/** What makes a row unreadable, in a word for machines; `reports/README.md` says what each means. */
export type FaultName =
  | "quote-in-text"
  | "text-after-quote"
  | "quote-not-closed"
  | "too-few-fields"
  | "too-many-fields"
  | "not-utf8"
  | "nul"
  | "line-too-long";

/** Where in a file a row stops being readable. */
export interface FaultPlace {
  readonly fault: FaultName;
  /** 1-based; of a field too many or one that is missing, the one it would be. */
  readonly column: number;
  /** Byte offset in the source's bytes. */
  readonly byte: number;
}

const quote = 0x22;

/**
 * Looks again at a row that `scanBatch` could not read, and says what is wrong and where; `delimiter` is a byte. Of a
 * record over several lines it is given the first one, on which a quote is not closed.
 */
export function placeFault(batch: Batch, row: number, delimiter: number): FaultPlace {
  const { fault, column, at } =
    batch.rowFault[row] === RowFault.undecodable ? findBadByte(batch, row) : walkLine(batch, row, delimiter);
  return { fault, column, byte: batch.fileOffset + at };
}

interface FoundFault {
  readonly fault: FaultName;
  readonly column: number;
  /** Offset in `batch.bytes`. */
  readonly at: number;
}

/** Goes along the line as the scanner did, to where it gave up. */
function walkLine(batch: Batch, row: number, delimiter: number): FoundFault {
  const end = batch.rowEnd[row] as number;
  const { fault, column, at } = findFault(batch, row, delimiter);
  if (batch.rowFault[row] === RowFault.tooLarge) return { fault: "line-too-long", column, at: end };
  // The field that is missing, or the one too many, is the next one.
  const isCount = fault === "too-few-fields" || fault === "too-many-fields";
  return { fault, column: isCount ? column + 1 : column, at };
}

/** `column` is the one that the walk was in. */
function findFault(batch: Batch, row: number, delimiter: number): FoundFault {
  const { bytes, columns } = batch;
  const end = batch.rowEnd[row] as number;
  let at = batch.rowStart[row] as number;
  let column = 1;
  for (;;) {
    if (at < end && bytes[at] === quote) {
      const close = findClosingQuote(bytes, at, end);
      if (close === end) return { fault: "quote-not-closed", column, at };
      at = close + 1;
      if (at < end && bytes[at] !== delimiter) return { fault: "text-after-quote", column, at };
    }
    while (at < end && bytes[at] !== delimiter && bytes[at] !== quote) at++;
    if (at === end) return { fault: "too-few-fields", column, at };
    if (bytes[at] === quote) return { fault: "quote-in-text", column, at };
    if (column === columns) return { fault: "too-many-fields", column, at };
    column++;
    at++;
  }
}

/** `end` when there is none. */
function findClosingQuote(bytes: Uint8Array, open: number, end: number): number {
  let at = open + 1;
  while (at < end) {
    if (bytes[at] !== quote) at++;
    else if (at + 1 < end && bytes[at + 1] === quote) at += 2;
    else return at;
  }
  return end;
}

function findBadByte(batch: Batch, row: number): FoundFault {
  const { bytes } = batch;
  const end = batch.rowEnd[row] as number;
  let at = batch.rowStart[row] as number;
  while (at < end && bytes[at] !== 0) {
    const length = sequenceLength(bytes[at] as number);
    if (length > 1 && !isUtf8(bytes.subarray(at, Math.min(at + length, end)))) break;
    at += length;
  }
  let column = 1;
  while (column < batch.columns && fieldEnd(batch, row, column - 1) <= at) column++;
  return { fault: bytes[at] === 0 ? "nul" : "not-utf8", column, at };
}

/** By the lead byte; a byte that is no lead is looked at with the next one, which makes no sequence either. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}
