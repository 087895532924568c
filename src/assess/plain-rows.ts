import { bringRows, listKernelColumns, setKernelColumns } from "../ingest/kernel-rows.js";
import type { Batch } from "../ingest/scanner.js";
import type { Source } from "../ingest/source.js";
import { kernel, kernelLayout, kernelWords, takeKernel } from "../kernel/kernel.js";

/** Memos of the kernel, by number (`assembly/rows.ts`). */
export const plainMemos = { place: 0, facility: 1, sex: 2, priorityGroup: 3, dose: 4, vaccine: 5 } as const;
type PlainMemo = (typeof plainMemos)[keyof typeof plainMemos];

const { maxRows, personWordsPerRow, doseWordsPerRow } = kernelLayout;
const personAt = kernelLayout.personWords / 4;
const doseAt = kernelLayout.doseWords / 4;

const isFirstOfJanuaryBit = 1;
const keyAsksBit = 2;

/**
 * What the kernel reads of a source's rows: cells of the plain form, and the numbers remembered for texts that were met
 * before. Every getter is about the row moved to last; -1, or `noDay`, says that the kernel does not know: ask the rule.
 */
export class PlainRows {
  readonly #tellColumns: () => void;
  /** 0 where a row is one dose. */
  readonly #dosesPerRow: number;
  /** First row of the chunk that was read last, and what leads from the batch's offsets to addresses. */
  #first = 0;
  #shift = 0;
  #columns = 0;
  #row = 0;
  #words = 0;

  constructor(source: Pick<Source, "columns" | "doses" | "layout">) {
    const columnNumbers = listKernelColumns(source);
    this.#tellColumns = () => setKernelColumns(columnNumbers);
    this.#dosesPerRow = source.layout === "wide" ? source.doses.length : 0;
  }

  /** Reads rows of a batch from `first` on, and gives the first one that it has not read. */
  read(batch: Batch, first: number): number {
    takeKernel(this, this.#tellColumns);
    const { columns } = batch;
    const { end, shift } = bringRows(batch, first);
    this.#first = first;
    this.#columns = columns;
    this.#shift = shift;
    kernel.readPeople(end - first, columns, shift);
    for (let slot = Math.min(1, this.#dosesPerRow); slot <= this.#dosesPerRow; slot++)
      kernel.readDoses(end - first, columns, shift, slot);
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
    return kernel.findText(memo, this.#row, this.#columns, this.#shift, slot);
  }

  /** Remembers `value` (not negative) for the text that `find` has just missed. */
  add(memo: PlainMemo, value: number): void {
    kernel.addText(memo, value);
  }

  #dose(slot: number): number {
    return doseAt + (slot * maxRows + this.#row) * doseWordsPerRow;
  }
}
