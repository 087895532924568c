import { fieldEnd, fieldStart } from "../ingest/read-field.js";
import type { Batch } from "../ingest/scanner.js";
import type { Source } from "../ingest/source.js";
import { isBlankText } from "./cell.js";

const quote = 0x22;

/**
 * The doses (1-4) of a row of the platform's template: those with any cell that is not blank; dose 1 when there is none, so that
 * the person is not lost. Reuses the list it returns.
 */
export function listDoseSlots(source: Source, batch: Batch, row: number): readonly number[] {
  slots.length = 0;
  for (const [position, columns] of source.doses.entries()) {
    const { vaccine, vaccination_date, lot_no, facility_code } = columns;
    if (
      isFilled(batch, row, vaccine) ||
      isFilled(batch, row, vaccination_date) ||
      isFilled(batch, row, lot_no) ||
      isFilled(batch, row, facility_code)
    ) {
      slots.push(position + 1);
    }
  }
  if (slots.length === 0) slots.push(1);
  return slots;
}

const slots: number[] = [];

function isFilled(batch: Batch, row: number, column: number): boolean {
  if (column < 0) return false;
  const { bytes } = batch;
  let start = fieldStart(batch, row, column);
  let end = fieldEnd(batch, row, column);
  if (start < end && bytes[start] === quote) {
    start++;
    end--;
  }
  return !isBlankText(bytes, start, end);
}
