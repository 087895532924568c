import { quoteField } from "../report/csv-field.js";

/** Bytes that grow as they are written; made to be used again and again. */
export class ByteWriter {
  #bytes: Buffer<ArrayBuffer>;
  #length = 0;

  constructor(capacity = 1 << 16) {
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

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = Buffer.from(new ArrayBuffer(Math.max(this.#bytes.length * 2, this.#length + count)));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
