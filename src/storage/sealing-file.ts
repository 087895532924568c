import { createHash } from "node:crypto";
import { type AppendedBytes, AppendedFile } from "./appended-file.js";
import type { ChunkMemory } from "./chunk-memory.js";
import type { FileKey } from "./file-key.js";
import { createSeal, type FileSeal, frameBytes, sealEnd, sealFrames } from "./sealed-file.js";

/** What is sealed at once, in bytes of content. */
const sealedAtOnce = 16 * frameBytes;

/** A new file that is filled from its beginning to its end as `AppendedFile` is, sealed with a seal of its own. */
export class SealingFile {
  readonly #file: AppendedFile;
  readonly #seal: FileSeal;
  readonly #hash = createHash("sha256");
  /** Bytes of the sealed file, and of what it holds. */
  #sealedBytes = 0;
  #bytes = 0;

  /** Makes the private file `name` below `root`, which must not be there yet. */
  constructor(root: string, name: string, memory: ChunkMemory, key: FileKey) {
    this.#file = new AppendedFile(root, name, memory);
    this.#seal = createSeal(key);
  }

  /** Adds content, which is the caller's again once it resolves; one call at a time. */
  async append(content: Uint8Array): Promise<void> {
    this.#hash.update(content);
    this.#bytes += content.length;
    if (this.#sealedBytes === 0) await this.#add(this.#seal.header);
    for (let at = 0; at < content.length; at += sealedAtOnce) {
      await this.#add(sealFrames(this.#seal, this.#sealedBytes, content.subarray(at, at + sealedAtOnce)));
    }
  }

  /** Writes what is left and the end, and closes the file; hashes of it and of what it holds. */
  async end(): Promise<AppendedBytes & { readonly content: AppendedBytes }> {
    if (this.#sealedBytes === 0) await this.#add(this.#seal.header);
    await this.#add(sealEnd(this.#seal, this.#sealedBytes));
    const sealed = await this.#file.end();
    return { ...sealed, content: { bytes: this.#bytes, sha256: this.#hash.digest("hex") } };
  }

  /** As `AppendedFile.abandon`. */
  abandon(): Promise<void> {
    return this.#file.abandon();
  }

  async #add(bytes: Uint8Array): Promise<void> {
    this.#sealedBytes += bytes.length;
    await this.#file.append(bytes);
  }
}
