import { type Batch, RowFault } from "./scanner.js";

const quote = 0x22;

/** Whether the row's fields are set: it is fine, or only undecodable. */
export function hasFields(batch: Batch, row: number): boolean {
  const fault = batch.rowFault[row];
  return fault === RowFault.none || fault === RowFault.undecodable;
}

/** Where a field starts in `batch.bytes`; its opening quote, when it has one. */
export function fieldStart(batch: Batch, row: number, column: number): number {
  return column === 0
    ? (batch.rowStart[row] as number)
    : (batch.fieldEnd[row * batch.columns + column - 1] as number) + 1;
}

/** Where a field ends in `batch.bytes`, exclusive; after its closing quote, when it has one. */
export function fieldEnd(batch: Batch, row: number, column: number): number {
  return batch.fieldEnd[row * batch.columns + column] as number;
}

/** A field as text, without its quotes; "" for column -1 (the file has none) and for rows without fields. */
export function fieldText(batch: Batch, row: number, column: number): string {
  if (column < 0 || column >= batch.columns || !hasFields(batch, row)) return "";
  const start = fieldStart(batch, row, column);
  const end = fieldEnd(batch, row, column);
  if (start === end) return "";
  const buffer = asBuffer(batch.bytes);
  if (buffer[start] !== quote) return buffer.toString("utf8", start, end);
  return buffer.toString("utf8", start + 1, end - 1).replaceAll('""', '"');
}

/** All fields of a row as text, in the file's order; [] for rows without fields. */
export function rowCells(batch: Batch, row: number): string[] {
  if (!hasFields(batch, row)) return [];
  const cells: string[] = [];
  for (let column = 0; column < batch.columns; column++) cells.push(fieldText(batch, row, column));
  return cells;
}

/** A row as it was delivered, without its line break; undecodable bytes become U+FFFD. For rows that cannot be read. */
export function rowText(batch: Batch, row: number): string {
  return asBuffer(batch.bytes).toString("utf8", batch.rowStart[row], batch.rowEnd[row]);
}

/** A view, never a copy. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
