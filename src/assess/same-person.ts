import { fieldEnd, fieldStart } from "../ingest/read-field.js";
import type { Batch } from "../ingest/scanner.js";
import type { Source } from "../ingest/source.js";

/**
 * Makes the function that tells whether number, name, birth date and sex stand in a row byte for byte as in the row
 * before it (`row` is at least 1; both rows have fields). The doses of one person follow each other in most exports.
 */
export function createPersonComparison({
  columns,
}: Pick<Source, "columns">): (batch: Batch, row: number) => boolean {
  const compared = [columns.citizen_id, columns.birth_date, columns.sex, columns.full_name].filter(
    (column) => column >= 0,
  );
  return (batch, row) => {
    const { bytes } = batch;
    for (let position = 0; position < compared.length; position++) {
      const column = compared[position] as number;
      let at = fieldStart(batch, row, column);
      let before = fieldStart(batch, row - 1, column);
      const end = fieldEnd(batch, row, column);
      if (end - at !== fieldEnd(batch, row - 1, column) - before) return false;
      for (; at < end; at++, before++) if (bytes[at] !== bytes[before]) return false;
    }
    return true;
  };
}
