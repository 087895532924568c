import { createHash } from "node:crypto";
import { closeSync, openSync, write } from "node:fs";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import type { ChunkMemory } from "./chunk-memory.js";
import { isNoDirectWay, O_DIRECT } from "./direct-io.js";
import { addPath, nameFailure, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } from "./open-file.js";
import { chunkBytes } from "./read-ahead.js";

/** What a file has come to hold. */
export interface AppendedBytes {
  readonly bytes: number;
  /** SHA-256, hex. */
  readonly sha256: string;
}

/**
 * A new file that is filled from its beginning to its end, in chunks: each is hashed, and written while the next one
 * fills. Whole chunks go past the page cache where there is such a way (decision 28). Not durable yet. Errors are the file
 * system's, naming the file; one that a write meets comes with a later call, and nothing is written after it.
 */
export class AppendedFile {
  readonly #file: string;
  readonly #memory: ChunkMemory;
  readonly #handle: number;
  /** The file opened past the page cache, null until it is; open to the end also where that way is over. */
  #direct: number | null = null;
  #isDirectOver = O_DIRECT === 0;
  #chunk: Uint8Array | null = null;
  #filled = 0;
  /** Bytes before the chunk that fills. */
  #before = 0;
  #hash = createHash("sha256");
  #writing: Promise<void> = Promise.resolve();
  #isClosed = false;

  /** Makes the private file `name` below `root`, which must not be there yet. */
  constructor(root: string, name: string, memory: ChunkMemory) {
    this.#file = path.join(root, name);
    this.#memory = memory;
    this.#handle = openSync(this.#file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  }

  /** Adds bytes, which are the caller's again once it resolves; one call at a time. */
  async append(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      this.#chunk ??= this.#memory.take();
      const count = Math.min(chunkBytes - this.#filled, bytes.length - at);
      this.#chunk.set(bytes.subarray(at, at + count), this.#filled);
      this.#filled += count;
      at += count;
      if (this.#filled < chunkBytes) continue;
      await this.#passOn(this.#chunk);
      // Whoever waits for this thread's answer comes before the next chunk.
      await setImmediate();
    }
  }

  /** Writes what is left and closes the file. */
  async end(): Promise<AppendedBytes> {
    if (this.#chunk !== null) await this.#passOn(this.#chunk);
    await this.#writing;
    this.#close();
    return { bytes: this.#before, sha256: this.#hash.digest("hex") };
  }

  /** Closes the file as it is, once nothing is being written; nothing when it is closed. */
  async abandon(): Promise<void> {
    await this.#writing.catch(() => {});
    this.#close();
  }

  async #passOn(chunk: Uint8Array): Promise<void> {
    const length = this.#filled;
    this.#hash.update(chunk.subarray(0, length));
    await this.#writing;
    this.#writing = this.#write(chunk, length, this.#before);
    // The next call meets it.
    this.#writing.catch(() => {});
    this.#before += length;
    this.#chunk = null;
    this.#filled = 0;
  }

  async #write(chunk: Uint8Array, length: number, offset: number): Promise<void> {
    try {
      let done = length === chunkBytes ? await this.#writeDirectly(chunk, offset) : 0;
      while (done < length)
        done += await writeSome(this.#handle, chunk.subarray(done, length), offset + done);
    } catch (error) {
      throw addPath(error, this.#file);
    }
    this.#memory.give(chunk);
  }

  /** Writes a chunk past the cache; gives how much of it: none where there is no such way. */
  async #writeDirectly(chunk: Uint8Array, offset: number): Promise<number> {
    if (this.#isDirectOver) return 0;
    try {
      this.#direct ??= openSync(this.#file, O_WRONLY | O_NOFOLLOW | O_DIRECT);
      return await writeSome(this.#direct, chunk, offset);
    } catch (error) {
      if (!isNoDirectWay(error)) throw error;
      this.#isDirectOver = true;
      return 0;
    }
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    nameFailure(this.#file, () => {
      try {
        if (this.#direct !== null) closeSync(this.#direct);
      } finally {
        closeSync(this.#handle);
      }
    });
  }
}

function writeSome(handle: number, bytes: Uint8Array, offset: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(handle, bytes, 0, bytes.length, offset, (error, written) => {
      if (error) reject(error);
      else resolve(written);
    });
  });
}
