import { closeSync } from "node:fs";
import { openNamelessFile, readFully, writeFully } from "../storage/nameless-file.js";

/**
 * Owner of a temporary file that collects bytes by partition and gives each partition back in the order of writing.
 * Memory stays below partitions x `blockBytes`; a small amount of data never touches the disk. The file has no name
 * while it is in use, so nothing personal is left behind when the process dies.
 */
export class PartitionSpool {
  readonly #buffers: (Buffer | undefined)[];
  readonly #used: Uint32Array;
  readonly #blocks: { offset: number; length: number }[][];
  readonly #blockBytes: number;
  readonly #directory: string;
  #file: number | undefined;
  #fileBytes = 0;

  constructor({
    directory,
    partitions,
    blockBytes = 1 << 18,
  }: {
    directory: string;
    partitions: number;
    blockBytes?: number;
  }) {
    this.#directory = directory;
    this.#blockBytes = blockBytes;
    this.#buffers = new Array<Buffer | undefined>(partitions);
    this.#used = new Uint32Array(partitions);
    this.#blocks = Array.from({ length: partitions }, () => []);
  }

  /** Adds the first `length` bytes of `bytes` to a partition. */
  append(partition: number, bytes: Buffer, length: number): void {
    const used = this.#used[partition] as number;
    let buffer = this.#buffers[partition];
    if (buffer === undefined || used + length > buffer.length) buffer = this.#makeRoom(partition, length);
    bytes.copy(buffer, this.#used[partition] as number, 0, length);
    this.#used[partition] = (this.#used[partition] as number) + length;
  }

  /** Everything added to a partition, in a buffer of its own; the partition is given up. */
  take(partition: number): Buffer {
    const blocks = this.#blocks[partition] as { offset: number; length: number }[];
    const tailBytes = this.#used[partition] as number;
    const total = blocks.reduce((sum, block) => sum + block.length, tailBytes);
    const bytes = Buffer.allocUnsafeSlow(total);
    let at = 0;
    for (const { offset, length } of blocks) {
      this.#read(bytes, at, length, offset);
      at += length;
    }
    this.#buffers[partition]?.copy(bytes, at, 0, tailBytes);
    this.#buffers[partition] = undefined;
    this.#used[partition] = 0;
    this.#blocks[partition] = [];
    return bytes;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  /** Grows the partition's buffer while it is small, else writes it out. */
  #makeRoom(partition: number, length: number): Buffer {
    const used = this.#used[partition] as number;
    const buffer = this.#buffers[partition];
    const wanted = Math.max(4096, 2 * (used + length));
    if (buffer === undefined || wanted <= this.#blockBytes) {
      const grown = Buffer.allocUnsafeSlow(wanted);
      buffer?.copy(grown, 0, 0, used);
      this.#buffers[partition] = grown;
      return grown;
    }
    this.#write(partition, buffer, used);
    this.#used[partition] = 0;
    if (length <= buffer.length) return buffer;
    const larger = Buffer.allocUnsafeSlow(length);
    this.#buffers[partition] = larger;
    return larger;
  }

  #write(partition: number, buffer: Buffer, length: number): void {
    this.#file ??= openNamelessFile(this.#directory);
    writeFully(this.#file, buffer, length, this.#fileBytes);
    this.#blocks[partition]?.push({ offset: this.#fileBytes, length });
    this.#fileBytes += length;
  }

  #read(into: Buffer, at: number, length: number, offset: number): void {
    if (readFully(this.#file as number, into, at, length, offset) < length)
      throw new Error("the spool file is shorter than what was written to it");
  }
}
