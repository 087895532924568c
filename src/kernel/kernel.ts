import { kernelWasm } from "./kernel-wasm.js";

/** A constant of the kernel (`assembly/layout.ts`). */
interface Constant {
  readonly value: number;
}

interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  hashName(start: number, end: number, out: number): void;
  hashBytes(start: number, end: number, out: number): void;
  listSpecialBytes(length: number, delimiter: number): number;
  scanRecords(
    from: number,
    length: number,
    limit: number,
    maxRecords: number,
    columns: number,
    delimiter: number,
    maxBytes: number,
    base: number,
  ): number;
  readPeople(rows: number, columns: number, shift: number): void;
  readDoses(rows: number, columns: number, shift: number, slot: number): void;
  findText(memo: number, row: number, columns: number, shift: number, slot: number): number;
  addText(memo: number, value: number): void;
  forgetTexts(): void;
  placeFieldEnds(address: number): void;
  beginRecords(columns: number, shift: number): void;
  putRecords(count: number): number;
  recordUnderWay(): number;
}

const constants = [
  "allowedMarks",
  "askedText",
  "askedTextBytes",
  "chunkBytes",
  "chunkText",
  "columnNumbers",
  "doseSlots",
  "doseWords",
  "doseWordsPerRow",
  "fieldEndBytes",
  "fieldEnds",
  "foreignBase",
  "foreignCode",
  "freeMemory",
  "letterCode",
  "letterIsUpper",
  "letterKind",
  "letterTone",
  "maxRecordsToPut",
  "maxRows",
  "memos",
  "personWords",
  "personWordsPerRow",
  "putWordCount",
  "putWords",
  "recordEnds",
  "recordFieldEnds",
  "recordStarts",
  "recordsEnd",
  "recordsToPut",
  "recordToPutWords",
  "rowFaults",
  "rowStarts",
  "scannedBytes",
  "scannedText",
  "scratch",
  "scratchBytes",
  "slack",
  "specialOffsets",
  "vaccineToPutWords",
  "verdictToPutWords",
] as const;

const instance = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(kernelWasm, "base64"))).exports;

/** The thread's kernel: what it does, on addresses of its memory. */
export const kernel = instance as unknown as KernelExports;

/** Addresses and sizes in the kernel's memory. */
export const kernelLayout = Object.fromEntries(
  constants.map((name) => [name, (instance[name] as Constant).value]),
) as Readonly<Record<(typeof constants)[number], number>>;

const pageBytes = 0x10000;
/** An answer of up to three words stands before the text that is asked about. */
const answerBytes = 16;
const shortTextAt = kernelLayout.askedText + answerBytes;
const { slack } = kernelLayout;
/** Texts up to this length have a place of their own. */
const shortTextBytes = kernelLayout.askedTextBytes - answerBytes - slack;

/** The kernel's memory, as bytes and as words: new views whenever it has grown, so never keep them. */
export let kernelBytes = new Uint8Array(kernel.memory.buffer);
export let kernelWords = new Int32Array(kernel.memory.buffer);

/** Where `askKernel` leaves the answer, a position in `kernelWords`. */
export const answerAt = kernelLayout.askedText / 4;

/** Asks one of the kernel's functions about a text that is not in its memory; the answer stands at `answerAt` until the next question. */
export function askKernel(
  question: "hashName" | "hashBytes",
  text: Uint8Array,
  start: number,
  end: number,
): void {
  const length = end - start;
  let textAt = shortTextAt;
  if (length > shortTextBytes) {
    // Behind all that is claimed, for as long as it is asked about.
    textAt = claimedEnd;
    growTo(textAt + length + slack);
  }
  // Most texts are short: a view costs more than the copy.
  if (length > 64) kernelBytes.set(text.subarray(start, end), textAt);
  else for (let at = 0; at < length; at++) kernelBytes[textAt + at] = text[start + at] as number;
  kernel[question](textAt, textAt + length, kernelLayout.askedText);
}

/** Where memory begins that nobody has claimed. */
let claimedEnd = kernelLayout.freeMemory;

/** Claims `bytes` of the kernel's memory for good: their address, a multiple of 16. */
export function claimMemory(bytes: number): number {
  const address = claimedEnd;
  growTo(address + bytes);
  claimedEnd = Math.ceil((address + bytes) / 16) * 16;
  return address;
}

/** Whose source's columns and texts the kernel knows. */
let owner: object | null = null;

/**
 * Makes `next` the one whose columns and texts the kernel knows. If it was somebody else, whose texts are forgotten now,
 * `tell` has to say what they are.
 */
export function takeKernel(next: object, tell: () => void): void {
  if (owner === next) return;
  // Nobody's, should the telling fail.
  owner = null;
  kernel.forgetTexts();
  tell();
  owner = next;
}

function growTo(end: number): void {
  const missing = end - kernelBytes.length;
  if (missing <= 0) return;
  kernel.memory.grow(Math.ceil(missing / pageBytes));
  kernelBytes = new Uint8Array(kernel.memory.buffer);
  kernelWords = new Int32Array(kernel.memory.buffer);
}
