import { parse as parseText } from "csv-parse/sync";
import { z } from "zod";

// A cell with a quote, a line break, a NUL or a replacement character is not wrong yet, but asks for a second look.
const cell = z
  .string()
  .max(4000)
  .regex(/^[^"\r\n\0\uFFFD]*$/);

/** One row of the export whose cells hold nothing that would have to be quoted or decoded again. */
export const rowSchema = z.object({
  record_id: cell,
  full_name: cell,
  birth_date: cell,
  sex: cell,
  citizen_id: cell,
  phone: cell,
  health_insurance_no: cell,
  nationality: cell,
  priority_group: cell,
  workplace: cell,
  province_code: cell,
  province: cell,
  district_code: cell,
  district: cell,
  ward_code: cell,
  ward: cell,
  address: cell,
  dose_no: cell,
  vaccine: cell,
  vaccination_date: cell,
  lot_no: cell,
  facility_code: cell,
  facility_name: cell,
  note: cell,
});

export type Row = z.infer<typeof rowSchema>;

export const columns = Object.keys(rowSchema.shape) as (keyof Row)[];

/** A row, or the code of what makes it unreadable, and the line it starts on. */
export interface Reread {
  row: Row | null;
  code: "E10" | "E11" | null;
  line: number;
}

/** Reads bytes again that the stream was not sure about: strictly as one record, else line by line. */
export function rereadRows(bytes: Buffer, line: number): Reread[] {
  const whole = rereadOne(bytes, line);
  if (whole.row !== null) return [whole];
  const rows: Reread[] = [];
  let start = 0;
  let lines = 0;
  while (start < bytes.length) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found + 1;
    if (end - start > 2) rows.push(rereadOne(bytes.subarray(start, end), line + lines));
    start = end;
    lines++;
  }
  return rows;
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

function rereadOne(bytes: Buffer, line: number): Reread {
  let text: string;
  try {
    text = strictUtf8.decode(bytes);
    if (text.includes("\0")) return { row: null, code: "E11", line };
  } catch {
    return { row: null, code: "E11", line };
  }
  try {
    const [row, ...others]: Row[] = parseText(text, { columns });
    if (row !== undefined && others.length === 0) return { row, code: null, line };
  } catch {
    // a parser error is the answer: the row has no structure
  }
  return { row: null, code: "E10", line };
}
