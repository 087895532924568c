import { columnNumbers } from "./layout";

// The columns of the source whose rows are in the chunk, by their place at `columnNumbers` (src/ingest/kernel-rows.ts).
export const citizenId: i32 = 0;
export const fullName: i32 = 1;
export const birthDate: i32 = 2;
export const sex: i32 = 3;
export const recordId: i32 = 4;
export const phone: i32 = 5;
export const priorityGroup: i32 = 6;
/** Six columns. */
export const places: i32 = 7;
export const placeColumns: i32 = 6;
export const doseNumber: i32 = 13;
/** Of each dose slot: vaccine, vaccination date, lot, facility code, facility name. */
export const doses: i32 = 14;
export const doseColumns: i32 = 5;

/** Number of a column in the file, -1 when the file has it not. */
export function columnAt(position: i32): i32 {
  return load<i32>(columnNumbers + ((<usize>position) << 2));
}
