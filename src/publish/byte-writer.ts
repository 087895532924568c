import { quoteField } from "../report/csv-field.js";

const leastBytes = 1 << 16;

/** Bytes that grow as they are written; made to be used again and again. */
export class ByteWriter {
  #bytes: Buffer<ArrayBuffer>;
  #length = 0;

  constructor(capacity = leastBytes) {
    this.#bytes = Buffer.from(new ArrayBuffer(capacity));
  }

  get length(): number {
    return this.#length;
  }

  putByte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  putBytes(bytes: Uint8Array, start: number, end: number): void {
    const count = end - start;
    if (count <= 0) return;
    this.#reserve(count);
    // A call into the engine costs more than a few bytes.
    if (count < 32) {
      for (let at = start; at < end; at++) this.#bytes[this.#length++] = bytes[at] as number;
      return;
    }
    this.#bytes.set(bytes.subarray(start, end), this.#length);
    this.#length += count;
  }

  /** ASCII text that needs no quotes: numbers, codes. */
  putAscii(text: string): void {
    this.#reserve(text.length);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let index = 0; index < text.length; index++) bytes[at++] = text.charCodeAt(index);
    this.#length = at;
  }

  /** A field of a CSV file, in quotes where RFC 4180 asks for them. */
  putField(text: string): void {
    const field = quoteField(text);
    this.#reserve(field.length * 3);
    this.#length += this.#bytes.write(field, this.#length, "utf8");
  }

  /** The bytes written, not copied; valid until the next write or `clear`. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Begins anew, in the same memory. */
  clear(): void {
    this.#length = 0;
  }

  /** Begins anew, in memory that is given to it. */
  useMemory(memory: ArrayBuffer): void {
    this.#bytes = Buffer.from(memory);
    this.#length = 0;
  }

  /** Gives its memory away, with what was written at its beginning; whoever writes on has to give it other memory first, or takes fresh. */
  giveMemory(): ArrayBuffer {
    const { buffer } = this.#bytes;
    this.#bytes = Buffer.from(new ArrayBuffer(0));
    this.#length = 0;
    return buffer;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const bytes = Math.max(this.#bytes.length * 2, this.#length + count, leastBytes);
    const grown = Buffer.from(new ArrayBuffer(bytes));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
