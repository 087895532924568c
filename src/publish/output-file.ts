import { createHash, type Hash } from "node:crypto";
import { closeSync, constants, fsyncSync, openSync, writeSync } from "node:fs";
import path from "node:path";

/** One file of a run as the manifest lists it. */
export interface ListedFile {
  /** Path below the run's folder, `/` separated. */
  readonly path: string;
  readonly bytes: number;
  /** Data rows of a CSV file; null for other files. */
  readonly rows: number | null;
  readonly sha256: string;
}

/** A new file that is written front to back; private, hashed as it is written, durable when closed. Errors as the file system's. */
export class OutputFile {
  readonly #handle: number;
  readonly #hash: Hash = createHash("sha256");
  #bytes = 0;
  #rows = 0;

  /** `root` and the folders in `name` exist; the file does not. */
  constructor(
    root: string,
    private readonly name: string,
  ) {
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
    this.#handle = openSync(path.join(root, name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  }

  /** Appends bytes that hold `rows` data rows. */
  append(data: Uint8Array | string, rows: number): void {
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    this.#hash.update(bytes);
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#handle, bytes, at, bytes.length - at);
    this.#bytes += bytes.length;
    this.#rows += rows;
  }

  /** Makes the file durable and closes it. */
  close(): ListedFile {
    fsyncSync(this.#handle);
    closeSync(this.#handle);
    const rows = this.name.endsWith(".csv") ? this.#rows : null;
    return { path: this.name, bytes: this.#bytes, rows, sha256: this.#hash.digest("hex") };
  }
}
