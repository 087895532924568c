import { bringRows, listKernelColumns, setKernelColumns } from "../ingest/kernel-rows.js";
import type { Batch } from "../ingest/scanner.js";
import type { CanonicalColumn, Source } from "../ingest/source.js";
import { kernel, kernelBytes, kernelLayout, kernelWords, takeKernel } from "../kernel/kernel.js";
import { KernelRegion } from "../kernel/kernel-region.js";
import { quoteField } from "../report/csv-field.js";
import type { Vaccine } from "../vaccination/vaccine.js";
import type { ByteWriter } from "./byte-writer.js";
import { ownIdColumn, unreadableHeaders } from "./set-columns.js";
import type { VerdictTexts } from "./verdict-text.js";

/** What the kernel asks (`assembly/stages.ts`), by number; the first one is answered here. */
export const questions = {
  room: 1,
  recordId: 2,
  word: 3,
  name: 4,
  sex: 5,
  dose: 6,
  vaccine: 7,
  cvx: 8,
  facility: 9,
} as const;

export interface PutterOptions {
  readonly source: Source;
  readonly vaccines: readonly Vaccine[];
  readonly rulesVersion: string;
  /** Of the judge whose verdicts the records have. */
  readonly verdictTexts: VerdictTexts;
  /** Where the kernel's outputs go: three sets, then the change log. */
  readonly writers: readonly ByteWriter[];
  /**
   * Answers a question about `word`, or about a row of the batch brought last and the record added for it: a field as it
   * is put, or null for none (a word that is no plain name, a blank record_id, what is only told). What the kernel remembers of a text it does not ask again.
   */
  readonly answer: (question: number, row: number, record: number, word: string) => string | null;
}

// Words at `putWords`, in the order of `assembly/put-words.ts`.
const putAt = kernelLayout.putWords / 4;
const ordinaryAt = putAt;
const addressesAt = putAt + 2;
const outputsAt = putAt + 5;
const changeCountAt = putAt + 13;
const askedAt = putAt + 14;
const wordAt = putAt + 16;
const answerAt = putAt + 18;
const textsAt = putAt + 20;

const recordsAt = kernelLayout.recordsToPut / 4;
const wordsPerRecord = kernelLayout.recordToPutWords;
const isFemaleBit = 1;
const isYearOnlyBit = 2;
const million = 1_000_000;
const twoTo32 = 2 ** 32;

/** Columns whose changes are told record by record, in the kernel's order. */
const changeColumns: readonly CanonicalColumn[] = [
  "citizen_id",
  "full_name",
  "birth_date",
  "sex",
  "vaccination_date",
];

/** The thread's memory for publishing: the four outputs, an answer, and the texts of a source. */
interface Place {
  readonly outputs: readonly KernelRegion[];
  readonly answer: KernelRegion;
  readonly texts: KernelRegion;
}

let place: Place | null = null;

function findPlace(): Place {
  place ??= {
    outputs: [1 << 19, 1 << 18, 1 << 16, 1 << 18].map((bytes) => new KernelRegion(bytes)),
    answer: new KernelRegion(1 << 12),
    texts: new KernelRegion(1 << 14),
  };
  return place;
}

const encoder = new TextEncoder();

/**
 * Has the kernel put the records of a source together, one after the other: the lines of the sets, with the standard values of those that are cleaned,
 * and the changes of single records that lead to them from the delivered cells.
 */
export class RecordPutter {
  readonly #options: PutterOptions;
  readonly #columns: Int32Array;
  #count = 0;
  /** Who adds the records calls them so. */
  readonly #records = new Int32Array(kernelLayout.maxRecordsToPut);
  #columnCount = 0;
  #firstRow = 0;
  #shift = 0;

  constructor(options: PutterOptions) {
    this.#options = options;
    this.#columns = listKernelColumns(options.source);
  }

  /** Begins a shard. All verdicts of its records have been brought. */
  begin(): void {
    this.#count = 0;
    takeKernel(this, this.#tellSource);
    const { words, texts } = this.#options.verdictTexts;
    kernelWords.set([words.address, texts.address], addressesAt + 1);
    kernelWords[changeCountAt] = 0;
    for (const output of findPlace().outputs.keys()) this.#clear(output);
  }

  /** Changes logged since `begin`. */
  get changes(): number {
    return kernelWords[changeCountAt] as number;
  }

  /** Brings rows of a batch from `first` on, for the records that are added next; gives the first row that is not among them. */
  bring(batch: Batch, first: number): number {
    const { end, shift } = bringRows(batch, first);
    this.#firstRow = first;
    this.#shift = shift;
    this.#columnCount = batch.columns;
    return end;
  }

  /** Adds a record of a row that was brought; `line` is the row's first, `verdict` a position in the table of verdicts. */
  add(record: number, row: number, doseSlot: number, line: number, verdict: number): void {
    if (this.#count === kernelLayout.maxRecordsToPut) this.put();
    this.#records[this.#count] = record;
    const at = recordsAt + this.#count * wordsPerRecord;
    kernelWords[at] = row - this.#firstRow;
    kernelWords[at + 1] = doseSlot;
    kernelWords[at + 2] = verdict;
    kernelWords[at + 10] = line;
    kernelWords[at + 11] = line / twoTo32;
    this.#count++;
  }

  /**
   * Tells what a cleaned record, added last, is about: the person's 12-digit number and sex (0 male), days since
   * 1970-01-01, positions in the vaccine table.
   */
  describe(
    citizenId: number,
    sex: number,
    birthDay: number,
    isBirthYearOnly: boolean,
    dose: number,
    vaccine: number,
    day: number,
  ): void {
    const at = recordsAt + (this.#count - 1) * wordsPerRecord;
    const high6 = Math.floor(citizenId / million);
    kernelWords[at + 3] = high6;
    kernelWords[at + 4] = citizenId - high6 * million;
    kernelWords[at + 5] = (sex === 0 ? 0 : isFemaleBit) | (isBirthYearOnly ? isYearOnlyBit : 0);
    kernelWords[at + 6] = birthDay;
    kernelWords[at + 7] = dose;
    kernelWords[at + 8] = vaccine;
    kernelWords[at + 9] = day;
  }

  /** Puts the records added, into the writers. */
  put(): void {
    if (this.#count === 0) return;
    kernel.beginRecords(this.#columnCount, this.#shift);
    for (;;) {
      const question = kernel.putRecords(this.#count);
      if (question === 0) break;
      if (question === questions.room) this.#makeRoom();
      else this.#ask(question);
    }
    this.#flush();
    this.#count = 0;
  }

  #ask(question: number): void {
    const added = kernel.recordUnderWay();
    const row = this.#firstRow + (kernelWords[recordsAt + added * wordsPerRecord] as number);
    const word = question === questions.word ? readText(wordAt) : "";
    const answer = this.#options.answer(question, row, this.#records[added] as number, word);
    const { answer: region } = findPlace();
    let length = -1;
    if (answer === null && (question === questions.name || question === questions.facility))
      throw new Error("the kernel asked for a standard value and got none");
    if (answer !== null) {
      region.reserve(3 * answer.length);
      const room = kernelBytes.subarray(region.address, region.address + region.capacity);
      length = encoder.encodeInto(answer, room).written;
    }
    kernelWords[answerAt] = region.address;
    kernelWords[answerAt + 1] = length;
  }

  #makeRoom(): void {
    const output = kernelWords[askedAt] as number;
    const bytes = addressAt(askedAt + 1);
    this.#flush();
    findPlace().outputs[output]?.reserve(bytes);
    this.#clear(output);
  }

  #flush(): void {
    for (const [output, { address }] of findPlace().outputs.entries()) {
      const end = addressAt(outputsAt + 2 * output);
      if (end === address) continue;
      this.#options.writers[output]?.putBytes(kernelBytes, address, end);
      kernelWords[outputsAt + 2 * output] = address;
    }
  }

  /** Begins an output anew, where its region is now. */
  #clear(output: number): void {
    const { address, capacity } = findPlace().outputs[output] as KernelRegion;
    kernelWords[outputsAt + 2 * output] = address;
    kernelWords[outputsAt + 2 * output + 1] = address + capacity;
  }

  /** Tells the kernel of the source: its columns, and the texts that every line has. */
  readonly #tellSource = (): void => {
    const { source, vaccines, rulesVersion } = this.#options;
    setKernelColumns(this.#columns);
    const name = quoteField(source.name);
    const idTail = name === source.name ? "" : '"';
    const texts = [
      `,${name},`,
      `${name.slice(0, name.length - idTail.length)}:`,
      idTail,
      "record,",
      `,${rulesVersion}\n`,
      ...changeColumns.map((column) => `,${column},`),
      "read-date",
      ",".repeat(unreadableHeaders),
      ...vaccines.map(({ key, cvx }) => `,${key},${cvx},`),
    ].map((text) => Buffer.from(text));
    const { texts: region } = findPlace();
    const vaccineWords = vaccines.length * kernelLayout.vaccineToPutWords * 4;
    region.reserve(texts.reduce((sum, { length }) => sum + length, vaccineWords));
    const own = texts.length - vaccines.length;
    let at = region.address + vaccineWords;
    for (const [position, text] of texts.entries()) {
      kernelBytes.set(text, at);
      const pairAt =
        position < own
          ? textsAt + 2 * position
          : region.address / 4 + (position - own) * kernelLayout.vaccineToPutWords;
      kernelWords.set([at, text.length], pairAt);
      // A vaccine's CVX is to be told once.
      if (position >= own) kernelWords[pairAt + 2] = 0;
      at += text.length;
    }
    kernelWords.set([Number(source.delimiter === ","), ownIdColumn(source)], ordinaryAt);
    kernelWords[addressesAt] = region.address;
  };
}

/** An address or a length: the kernel's memory may have more than 2 GiB. */
function addressAt(at: number): number {
  return (kernelWords[at] as number) >>> 0;
}

/** The text whose start and end are told at `at`. */
function readText(at: number): string {
  const start = addressAt(at);
  const end = addressAt(at + 1);
  return Buffer.from(kernelBytes.buffer, start, end - start).toString("utf8");
}
