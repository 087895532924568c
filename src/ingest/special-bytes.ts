import { carriageReturn, lineFeed } from "./line-break.js";
import { specialBytesWasm } from "./special-bytes-wasm.js";

/** Text that is read at once, in bytes. */
const chunkBytes = 1 << 16;
/** The kernel reads so many bytes a step; text is filled up with a byte that it passes over. */
const stepBytes = 16;
const filler = 0xff;

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  list(length: number, delimiter: number): number;
}

const kernel = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(specialBytesWasm, "base64")))
  .exports as unknown as Kernel;
const text = new Uint8Array(kernel.memory.buffer, 0, chunkBytes);
/** Offsets in the chunk, in order, and behind them one that no byte of a chunk has. */
const offsets = new Int32Array(kernel.memory.buffer, chunkBytes, chunkBytes + 1);

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
    let cursor = this.#cursor;
    if (cursor > 0 && (offsets[cursor - 1] as number) >= offset) return this.#find(from);
    while ((offsets[cursor] as number) < offset) cursor++;
    this.#cursor = cursor;
    return cursor < this.#listed ? this.#start + (offsets[cursor] as number) : this.#find(this.#end);
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
    const start = this.#start;
    const delimiter = this.#delimiter;
    for (let field = 0; field < columns - 1; field++) {
      const offset = offsets[cursor + field] as number;
      if (text[offset] !== delimiter) return -1;
      ends[at + field] = start + offset;
    }
    const last = offsets[cursor + columns - 1] as number;
    return text[last] === lineFeed || text[last] === carriageReturn ? start + last : -1;
  }

  /** As `next`, wherever the text was read last. */
  #find(from: number): number {
    for (let at = from; at < this.#length; at = this.#end) {
      if (at < this.#start || at >= this.#end) this.#list(at);
      this.#cursor = this.#search(at - this.#start);
      if (this.#cursor < this.#listed) return this.#start + (offsets[this.#cursor] as number);
    }
    return this.#length;
  }

  /** Position in the list of the first offset that is not before `offset`. */
  #search(offset: number): number {
    let low = 0;
    let high = this.#listed;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((offsets[middle] as number) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #list(start: number): void {
    const { buffer, byteOffset } = this.#bytes;
    const size = Math.min(chunkBytes, this.#length - start);
    text.set(new Uint8Array(buffer, byteOffset + start, size));
    const filled = Math.ceil(size / stepBytes) * stepBytes;
    text.fill(filler, size, filled);
    this.#listed = kernel.list(filled, this.#delimiter);
    offsets[this.#listed] = chunkBytes;
    this.#start = start;
    this.#end = start + size;
  }
}

/** The special bytes of the text that this thread scans. */
export const specialBytes = new SpecialBytes();
