import { kernel, kernelBytes, kernelLayout, kernelWords } from "../kernel/kernel.js";
import { KernelRegion } from "../kernel/kernel-region.js";
import type { Batch } from "./scanner.js";
import type { CanonicalColumn, Source } from "./source.js";

/** Columns that the kernel knows, in its order; doses follow (`assembly/columns.ts`). */
const knownColumns: readonly CanonicalColumn[] = [
  "citizen_id",
  "full_name",
  "birth_date",
  "sex",
  "record_id",
  "phone",
  "priority_group",
  "province_code",
  "province",
  "district_code",
  "district",
  "ward_code",
  "ward",
  "dose_no",
];

const { maxRows, doseSlots } = kernelLayout;

/** The columns of a source by the kernel's order, -1 for those that it has not. */
export function listKernelColumns({ columns, doses }: Pick<Source, "columns" | "doses">): Int32Array {
  if (doses.length >= doseSlots) throw new Error("more doses in a row than the kernel reads");
  const bySlot = [columns, ...doses];
  return Int32Array.from([
    ...knownColumns.map((name) => columns[name]),
    ...bySlot.flatMap(({ vaccine, vaccination_date, lot_no, facility_code }, slot) => [
      ...[vaccine, vaccination_date, lot_no, facility_code],
      slot === 0 ? columns.facility_name : -1,
    ]),
  ]);
}

/** Tells the kernel whose columns its rows have. */
export function setKernelColumns(columns: Int32Array): void {
  kernelWords.set(columns, kernelLayout.columnNumbers / 4);
}

/** Where rows lie that are too large for the chunk's own place: a row alone may be of any size. */
let largeText: KernelRegion | null = null;
let manyFieldEnds: KernelRegion | null = null;

/** Rows of a batch in the kernel's memory, as its functions ask for them. */
export interface KernelRows {
  /** The first row of the batch that is not among them; they begin with the one asked for. */
  readonly end: number;
  /** Leads from the batch's offsets to the kernel's addresses. */
  readonly shift: number;
}

/** Brings rows of a batch into the kernel's memory, from `first` on: as many as it takes at once, and one at least. */
export function bringRows(batch: Batch, first: number): KernelRows {
  const { rowStart, rowEnd, columns } = batch;
  const start = rowStart[first] as number;
  const maxFields = kernelLayout.fieldEndBytes / 4;
  const most = Math.min(batch.rows, first + Math.min(maxRows, Math.floor(maxFields / columns)));
  let end = first;
  while (end < most && (rowEnd[end] as number) - start <= kernelLayout.chunkBytes) end++;
  let textAt = kernelLayout.chunkText;
  let fieldEndsAt = kernelLayout.fieldEnds;
  if (end === first) {
    end++;
    largeText ??= new KernelRegion(kernelLayout.chunkBytes);
    largeText.reserve((rowEnd[first] as number) - start);
    textAt = largeText.address;
    manyFieldEnds ??= new KernelRegion(kernelLayout.fieldEndBytes);
    manyFieldEnds.reserve(columns * 4);
    fieldEndsAt = manyFieldEnds.address;
  }
  kernelBytes.set(batch.bytes.subarray(start, rowEnd[end - 1]), textAt);
  kernelWords.set(rowStart.subarray(first, end), kernelLayout.rowStarts / 4);
  kernelBytes.set(batch.rowFault.subarray(first, end), kernelLayout.rowFaults);
  kernelWords.set(batch.fieldEnd.subarray(first * columns, end * columns), fieldEndsAt / 4);
  kernel.placeFieldEnds(fieldEndsAt);
  return { end, shift: textAt - start };
}
