import { hashName, type NameHash } from "../identity/name-hash.js";
import { type Batch, RowFault } from "../ingest/scanner.js";
import type { CanonicalColumn, Source } from "../ingest/source.js";
import { kernel, kernelBytes, kernelLayout, kernelWords } from "../kernel/kernel.js";
import { noDay } from "./assessment.js";
import { Cell } from "./cell.js";

/** Memos of the kernel, by number (`assembly/rows.ts`). */
export const plainMemos = { place: 0, facility: 1, sex: 2, priorityGroup: 3, dose: 4, vaccine: 5 } as const;
type PlainMemo = (typeof plainMemos)[keyof typeof plainMemos];

/** Columns that the kernel reads, in its order; doses follow. */
const plainColumns: readonly CanonicalColumn[] = [
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

const { maxRows, personWordsPerRow, doseWordsPerRow, doseSlots } = kernelLayout;
const personAt = kernelLayout.personWords / 4;
const doseAt = kernelLayout.doseWords / 4;

/** A row with more columns is not read by the kernel. */
const maxFieldEnds = kernelLayout.fieldEndBytes / 4;

const namePaddedBit = 1 << 8;
const nameEscapedBit = 1 << 9;
const isFirstOfJanuaryBit = 1;
const keyAsksBit = 2;

/** Whose texts the kernel remembers: those of one source at a time. */
let owner: PlainRows | null = null;

/**
 * What the kernel reads of a source's rows: cells of the plain form, and the numbers remembered for texts that were met
 * before. Every getter is about the row moved to last; -1, or `noDay`, says that the kernel does not know: ask the rule.
 */
export class PlainRows {
  readonly #columnNumbers: Int32Array;
  readonly #nameColumn: number;
  /** 0 where a row is one dose. */
  readonly #dosesPerRow: number;
  readonly #cell = new Cell();
  /** First row of the chunk that was read last, and what leads from the batch's offsets to addresses. */
  #first = 0;
  #shift = 0;
  #columns = 0;
  /** The chunk is one row that the kernel cannot hold. */
  #isUnread = false;
  #row = 0;
  #words = 0;

  constructor(source: Pick<Source, "columns" | "doses" | "layout">) {
    const { columns, doses, layout } = source;
    this.#nameColumn = columns.full_name;
    this.#dosesPerRow = layout === "wide" ? doses.length : 0;
    if (this.#dosesPerRow >= doseSlots) throw new Error("more doses in a row than the kernel reads");
    const bySlot = [columns, ...doses];
    const numbers = [
      ...plainColumns.map((name) => columns[name]),
      ...bySlot.flatMap(({ vaccine, vaccination_date, lot_no, facility_code }, slot) => [
        ...[vaccine, vaccination_date, lot_no, facility_code],
        slot === 0 ? columns.facility_name : -1,
      ]),
    ];
    this.#columnNumbers = Int32Array.from(numbers);
  }

  /** Reads rows of a batch from `first` on, and gives the first one that it has not read. */
  read(batch: Batch, first: number): number {
    this.#take();
    const { rowStart, rowEnd, columns } = batch;
    const start = rowStart[first] as number;
    const most = Math.min(batch.rows, first + Math.min(maxRows, Math.floor(maxFieldEnds / columns)));
    let end = first;
    while (end < most && (rowEnd[end] as number) - start <= kernelLayout.chunkBytes) end++;
    this.#first = first;
    this.#columns = columns;
    this.#isUnread = end === first;
    if (this.#isUnread) {
      this.#leaveUnread(batch, first);
      return first + 1;
    }
    this.#shift = kernelLayout.chunkText - start;
    kernelBytes.set(batch.bytes.subarray(start, rowEnd[end - 1]), kernelLayout.chunkText);
    kernelWords.set(rowStart.subarray(first, end), kernelLayout.rowStarts / 4);
    kernelBytes.set(batch.rowFault.subarray(first, end), kernelLayout.rowFaults);
    kernelWords.set(batch.fieldEnd.subarray(first * columns, end * columns), kernelLayout.fieldEnds / 4);
    kernel.readPeople(end - first, columns, this.#shift);
    for (let slot = Math.min(1, this.#dosesPerRow); slot <= this.#dosesPerRow; slot++)
      kernel.readDoses(end - first, columns, this.#shift, slot);
    return end;
  }

  /** Moves to a row that was read last. */
  moveTo(row: number): void {
    this.#row = row - this.#first;
    this.#words = personAt + this.#row * personWordsPerRow;
  }

  /** First and last six digits of a citizen ID of exactly 12, each -1 when it is none. */
  get high6(): number {
    return kernelWords[this.#words] as number;
  }

  get low6(): number {
    return kernelWords[this.#words + 1] as number;
  }

  /** `NameHash` of the name's cell. */
  get markedName(): number {
    return kernelWords[this.#words + 2] as number;
  }

  get foldedName(): number {
    return kernelWords[this.#words + 3] as number;
  }

  get nameFlags(): number {
    return (kernelWords[this.#words + 4] as number) & 0xff;
  }

  /** The name's cell has outer spaces or doubled quotes: its bytes are not its text. */
  get isNameDressed(): boolean {
    return (kernelWords[this.#words + 4] as number) > 0xff;
  }

  /** Days since 1970-01-01. */
  get birthDay(): number {
    return kernelWords[this.#words + 5] as number;
  }

  get isBirthDayFirstOfJanuary(): boolean {
    return ((kernelWords[this.#words + 13] as number) & isFirstOfJanuaryBit) !== 0;
  }

  /** The number remembered for the sex. */
  get sex(): number {
    return kernelWords[this.#words + 6] as number;
  }

  /** Number, name, birth date and sex stand in the row before byte for byte; false too when nobody has looked. */
  get isSamePerson(): boolean {
    return kernelWords[this.#words + 7] === 1;
  }

  /** 64-bit hash of the record_id, 0 and 0 of a blank one; when `asksKey`, look at the cell. */
  get keyHigh(): number {
    return (kernelWords[this.#words + 8] as number) >>> 0;
  }

  get keyLow(): number {
    return (kernelWords[this.#words + 9] as number) >>> 0;
  }

  get asksKey(): boolean {
    return ((kernelWords[this.#words + 13] as number) & keyAsksBit) !== 0;
  }

  /** The number remembered for the six columns of the place. */
  get place(): number {
    return kernelWords[this.#words + 10] as number;
  }

  get priorityGroup(): number {
    return kernelWords[this.#words + 11] as number;
  }

  /** The phone is neither empty nor ten digits that begin with 0. */
  get asksPhone(): boolean {
    return kernelWords[this.#words + 12] !== 0;
  }

  /** Days since 1970-01-01. */
  vaccinationDay(slot: number): number {
    return kernelWords[this.#dose(slot)] as number;
  }

  /** The numbers remembered for dose number, vaccine and facility. */
  dose(slot: number): number {
    return kernelWords[this.#dose(slot) + 1] as number;
  }

  vaccine(slot: number): number {
    return kernelWords[this.#dose(slot) + 2] as number;
  }

  facility(slot: number): number {
    return kernelWords[this.#dose(slot) + 3] as number;
  }

  /** 0 the lot is not blank, 1 it is, 2 look at the cell. */
  lotBlankness(slot: number): number {
    return kernelWords[this.#dose(slot) + 4] as number;
  }

  /** As the getter, for a text that another row of the chunk may have been the first to hold; `slot` of its dose. */
  find(memo: PlainMemo, slot = 0): number {
    return this.#isUnread ? -1 : kernel.findText(memo, this.#row, this.#columns, this.#shift, slot);
  }

  /** Remembers `value` (not negative) for the text that `find` has just missed. */
  add(memo: PlainMemo, value: number): void {
    if (!this.#isUnread) kernel.addText(memo, value);
  }

  #dose(slot: number): number {
    return doseAt + (slot * maxRows + this.#row) * doseWordsPerRow;
  }

  #take(): void {
    if (owner === this) return;
    owner = this;
    kernel.forgetTexts();
    kernelWords.set(this.#columnNumbers, kernelLayout.columnNumbers / 4);
  }

  /** Says of the one row of the chunk that nothing is known of it but its name's hashes. */
  #leaveUnread(batch: Batch, row: number): void {
    const name: NameHash = { marked: 0, folded: 0, flags: 0 };
    const cell = this.#cell;
    if (batch.rowFault[row] === RowFault.none) {
      cell.moveTo(batch, row, this.#nameColumn);
      hashName(cell.bytes, cell.start, cell.end, name);
    }
    const nameFlags =
      name.flags | (cell.isPadded ? namePaddedBit : 0) | (cell.isEscaped ? nameEscapedBit : 0);
    kernelWords.set(
      [-1, -1, name.marked, name.folded, nameFlags, noDay, -1, 0, 0, 0, -1, -1, 1, keyAsksBit],
      personAt,
    );
    for (let slot = 0; slot < doseSlots; slot++)
      kernelWords.set([noDay, -1, -1, -1, 2], doseAt + slot * maxRows * doseWordsPerRow);
  }
}
