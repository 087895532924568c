import { kernel, kernelBytes, kernelLayout, kernelWords } from "../kernel/kernel.js";

/** Text that is read at once: its bytes, where it lies in the kernel, and where in its words the offsets are listed. */
const { scannedBytes: chunkBytes, scannedText: textAt } = kernelLayout;
const listAt = kernelLayout.specialOffsets / 4;
/** The kernel reads so many bytes a step; text is filled up with a byte that it passes over. */
const stepBytes = 64;
const filler = 0xff;

/** The part of a batch that is filled here. */
export interface RecordBatch {
  readonly rows: number;
  readonly rowStart: Int32Array;
  readonly rowEnd: Int32Array;
  readonly fieldEnd: Int32Array;
  readonly columns: number;
  readonly maxRows: number;
  end: number;
}

function wordsAt(address: number, count: number): Int32Array {
  return kernelWords.subarray(address / 4, address / 4 + count);
}

/**
 * The bytes that matter to who reads delimited text: delimiter, quote, line feed, carriage return, and every other ASCII
 * control character but a tab. They are listed chunk by chunk; the list is a thread's own and of one text at a time.
 */
class SpecialBytes {
  #bytes: Uint8Array = new Uint8Array(0);
  #length = 0;
  #delimiter = 0;
  /** The chunk, and how many offsets are listed of it; -1 when nobody has asked for them. */
  #start = 0;
  #end = 0;
  #listed = -1;
  /** Position in the list of what was found last. */
  #cursor = 0;

  /** Goes to another text, or to the same memory with other text in it. */
  begin(bytes: Uint8Array, delimiter: number): void {
    this.#bytes = bytes;
    this.#length = bytes.length;
    this.#delimiter = delimiter;
    this.#start = this.#end = 0;
  }

  /** Offset of the first special byte at or after `from`; the text's length when there is none. */
  next(from: number): number {
    if (from >= this.#end || from < this.#start || this.#listed < 0) return this.#find(from);
    const offset = from - this.#start;
    const words = kernelWords;
    let cursor = this.#cursor;
    if (cursor > 0 && (words[listAt + cursor - 1] as number) >= offset) return this.#find(from);
    while ((words[listAt + cursor] as number) < offset) cursor++;
    this.#cursor = cursor;
    return cursor < this.#listed ? this.#start + (words[listAt + cursor] as number) : this.#find(this.#end);
  }

  /**
   * Puts records of ordinary bytes from `from` on into the batch, as `scanRecords` of the kernel takes them; the batch's
   * columns are two or more. How many: none when the next one is another, or that cannot be told from one chunk; go from
   * one special byte to the next then.
   */
  takeRecords(batch: RecordBatch, from: number, to: number, maxBytes: number): number {
    if (from < this.#start || from >= this.#end) this.#load(from);
    let taken = this.#scan(batch, from, to, maxBytes);
    const needsMore = taken === 0 && kernelWords[kernelLayout.recordsEnd / 4 + 1] === 1;
    if (needsMore && from > this.#start && this.#end < this.#length) {
      this.#load(from);
      taken = this.#scan(batch, from, to, maxBytes);
    }
    if (taken === 0) return 0;
    const { columns, rows: first } = batch;
    const { recordStarts, recordEnds, recordFieldEnds } = kernelLayout;
    batch.rowStart.set(wordsAt(recordStarts, taken), first);
    batch.rowEnd.set(wordsAt(recordEnds, taken), first);
    batch.fieldEnd.set(wordsAt(recordFieldEnds, taken * columns), first * columns);
    batch.end = kernelWords[kernelLayout.recordsEnd / 4] as number;
    return taken;
  }

  #scan({ columns, rows, maxRows }: RecordBatch, from: number, to: number, maxBytes: number): number {
    const start = this.#start;
    return kernel.scanRecords(
      from - start,
      this.#end - start,
      Math.min(to, this.#end) - start,
      maxRows - rows,
      columns,
      this.#delimiter,
      maxBytes,
      start,
    );
  }

  /** As `next`, wherever the text was read last. */
  #find(from: number): number {
    for (let at = from; at < this.#length; at = this.#end) {
      if (at < this.#start || at >= this.#end) this.#load(at);
      if (this.#listed < 0) this.#list();
      this.#cursor = this.#search(at - this.#start);
      if (this.#cursor < this.#listed) return this.#start + (kernelWords[listAt + this.#cursor] as number);
    }
    return this.#length;
  }

  /** Position in the list of the first offset that is not before `offset`. */
  #search(offset: number): number {
    let low = 0;
    let high = this.#listed;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((kernelWords[listAt + middle] as number) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #load(start: number): void {
    const { buffer, byteOffset } = this.#bytes;
    const size = Math.min(chunkBytes, this.#length - start);
    kernelBytes.set(new Uint8Array(buffer, byteOffset + start, size), textAt);
    kernelBytes.fill(filler, textAt + size, textAt + filledUp(size));
    this.#start = start;
    this.#end = start + size;
    this.#listed = -1;
  }

  #list(): void {
    this.#listed = kernel.listSpecialBytes(filledUp(this.#end - this.#start), this.#delimiter);
    // No byte of a chunk has this offset.
    kernelWords[listAt + this.#listed] = chunkBytes;
  }
}

function filledUp(size: number): number {
  return Math.ceil(size / stepBytes) * stepBytes;
}

/** The special bytes of the text that this thread scans. */
export const specialBytes = new SpecialBytes();
