import { ByteMemo } from "../assess/byte-memo.js";
import { fieldEnd, fieldStart, fieldText } from "../ingest/read-field.js";
import type { Batch } from "../ingest/scanner.js";

/** When so many texts are known, all are forgotten, and told again when they are met again. */
const maxTexts = 1 << 15;
/** Longer is no value that is met often, and is not remembered but told each time. */
const maxTextBytes = 256;

/**
 * Makes what tells each text of a column that the assessment has read when it is first met, with its reading: `value`, which
 * has the small number `key` among the column's values.
 */
export function createValueNotes(
  tell: (before: string, after: string) => void,
): (batch: Batch, row: number, column: number, value: string, key: number) => void {
  const memo = new ByteMemo(maxTexts);
  /** The first text of each value: most cells have it, and comparing costs less than looking up. */
  const firstTexts: (Uint8Array | undefined)[] = [];
  return (batch, row, column, value, key) => {
    const { bytes } = batch;
    const start = column < 0 ? 0 : fieldStart(batch, row, column);
    const end = column < 0 ? 0 : fieldEnd(batch, row, column);
    const first = firstTexts[key];
    if (first !== undefined && isSameText(first, bytes, start, end)) return;
    if (memo.find(bytes, start, end) >= 0) return;
    const before = fieldText(batch, row, column);
    if (before !== value) tell(before, value);
    if (end - start > maxTextBytes) return;
    memo.add(bytes, start, end, 0);
    if (first === undefined) firstTexts[key] = copyText(bytes, start, end);
  };
}

/** Makes what reads a column by its text alone, to fields of a CSV file, and tells each text when it is first met. */
export function createValueReader(
  tell: (before: string, after: string) => void,
  read: (text: string) => string,
  quoteField: (text: string) => string,
  limit = maxTexts,
): (batch: Batch, row: number, column: number) => Uint8Array {
  let memo = new ByteMemo(limit);
  let fields: Uint8Array[] = [];
  return (batch, row, column) => {
    const { bytes } = batch;
    const start = column < 0 ? 0 : fieldStart(batch, row, column);
    const end = column < 0 ? 0 : fieldEnd(batch, row, column);
    if (fields.length === limit) {
      memo = new ByteMemo(limit);
      fields = [];
    }
    let known = memo.find(bytes, start, end);
    if (known < 0) {
      const before = fieldText(batch, row, column);
      const after = read(before);
      if (before !== after) tell(before, after);
      const field = Buffer.from(quoteField(after));
      if (end - start > maxTextBytes) return field;
      known = fields.push(field) - 1;
      memo.add(bytes, start, end, known);
    }
    return fields[known] as Uint8Array;
  };
}

/** Whether `bytes[start, end)` is `text`. */
export function isSameText(text: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  const { length } = text;
  if (length !== end - start) return false;
  for (let at = 0; at < length; at++) if (text[at] !== bytes[start + at]) return false;
  return true;
}

/** `bytes[start, end)` as bytes of its own; a Buffer's `slice` would be a view of memory that is read into again. */
export function copyText(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.subarray(start, end));
}
