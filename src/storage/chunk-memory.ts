import { takePages } from "./direct-io.js";
import { chunkBytes } from "./read-ahead.js";

/** Chunks of memory that begin at a page, for files that are written chunk by chunk: fresh memory is dear. */
export class ChunkMemory {
  readonly #free: Uint8Array[] = [];

  /** A chunk of `chunkBytes` with anything in it; the caller's until it is given back. */
  take(): Uint8Array {
    return this.#free.pop() ?? takePages(chunkBytes);
  }

  /** Takes a chunk back. */
  give(chunk: Uint8Array): void {
    this.#free.push(chunk);
  }
}
