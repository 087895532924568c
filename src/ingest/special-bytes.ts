import { kernel, kernelBytes, kernelLayout, kernelWords } from "../kernel/kernel.js";
import { carriageReturn, lineFeed } from "./line-break.js";

/** Text that is read at once: its bytes, where it lies in the kernel, and where in its words the offsets are listed. */
const { scannedBytes: chunkBytes, scannedText: textAt } = kernelLayout;
const listAt = kernelLayout.specialOffsets / 4;
/** The kernel reads so many bytes a step; text is filled up with a byte that it passes over. */
const stepBytes = 16;
const filler = 0xff;

/**
 * The bytes that matter to who reads delimited text: delimiter, quote, line feed, carriage return, and every other ASCII
 * control character but a tab. They are listed chunk by chunk; the list is a thread's own and of one text at a time.
 */
class SpecialBytes {
  #bytes: Uint8Array = new Uint8Array(0);
  #length = 0;
  #delimiter = 0;
  /** The chunk, and how many offsets are listed of it. */
  #start = 0;
  #end = 0;
  #listed = 0;
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
    if (from >= this.#end || from < this.#start) return this.#find(from);
    const offset = from - this.#start;
    const words = kernelWords;
    let cursor = this.#cursor;
    if (cursor > 0 && (words[listAt + cursor - 1] as number) >= offset) return this.#find(from);
    while ((words[listAt + cursor] as number) < offset) cursor++;
    this.#cursor = cursor;
    return cursor < this.#listed ? this.#start + (words[listAt + cursor] as number) : this.#find(this.#end);
  }

  /**
   * Sets `ends[at, at + columns - 1)` to where the fields of a record that begins at `from` end, and gives the offset of
   * the line break behind it; -1 when it is not `columns` fields of ordinary bytes, or that cannot be told from one chunk:
   * go from one special byte to the next then.
   */
  plainRecord(from: number, ends: Int32Array, at: number, columns: number): number {
    const first = this.next(from);
    const cursor = this.#cursor;
    if (first >= this.#end || cursor + columns > this.#listed) return -1;
    const words = kernelWords;
    const text = kernelBytes;
    const start = this.#start;
    const delimiter = this.#delimiter;
    const listed = listAt + cursor;
    for (let field = 0; field < columns - 1; field++) {
      const offset = words[listed + field] as number;
      if (text[textAt + offset] !== delimiter) return -1;
      ends[at + field] = start + offset;
    }
    const last = words[listed + columns - 1] as number;
    const end = text[textAt + last];
    return end === lineFeed || end === carriageReturn ? start + last : -1;
  }

  /** As `next`, wherever the text was read last. */
  #find(from: number): number {
    for (let at = from; at < this.#length; at = this.#end) {
      if (at < this.#start || at >= this.#end) this.#list(at);
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

  #list(start: number): void {
    const { buffer, byteOffset } = this.#bytes;
    const size = Math.min(chunkBytes, this.#length - start);
    kernelBytes.set(new Uint8Array(buffer, byteOffset + start, size), textAt);
    const filled = Math.ceil(size / stepBytes) * stepBytes;
    kernelBytes.fill(filler, textAt + size, textAt + filled);
    this.#listed = kernel.listSpecialBytes(filled, this.#delimiter);
    // No byte of a chunk has this offset.
    kernelWords[listAt + this.#listed] = chunkBytes;
    this.#start = start;
    this.#end = start + size;
  }
}

/** The special bytes of the text that this thread scans. */
export const specialBytes = new SpecialBytes();
