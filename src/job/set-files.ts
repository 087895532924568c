import type { Source } from "../ingest/source.js";
import { changesHeader, setFileNames, setHeader, setNames } from "../publish/set-columns.js";
import { type AppendedBytes, AppendedFile } from "../storage/appended-file.js";
import { ChunkMemory } from "../storage/chunk-memory.js";
import type { FileKey } from "../storage/file-key.js";
import { sealedSuffix } from "../storage/sealed-file.js";
import { SealingFile } from "../storage/sealing-file.js";

/** A file that is whole; `content` is what a sealed one holds. */
export interface WrittenFile extends AppendedBytes {
  /** Data rows. */
  readonly rows: number;
  readonly content?: AppendedBytes;
}

/** What one shard adds: bytes and rows of its source's three sets, then of the change log. */
export interface AddedBytes {
  readonly parts: readonly Uint8Array[];
  readonly rows: readonly number[];
}

const changesFile = "changes.csv";

interface FileUnderWay {
  readonly name: string;
  readonly file: AppendedFile | SealingFile;
  rows: number;
}

/**
 * The files of a run's sets, three for each source, and its change log, in a staging folder that has the folders for
 * them. They are filled in the order of the input by one thread, and only those of one source are open at a time. Errors as `AppendedFile`'s.
 */
export class SetFiles {
  readonly #staging: string;
  readonly #sources: readonly Source[];
  readonly #sealKey: FileKey | null;
  readonly #names: readonly string[];
  readonly #memory = new ChunkMemory();
  readonly #written = new Map<string, WrittenFile>();
  /** Position of the source whose sets are open. */
  #source = -1;
  #sets: readonly FileUnderWay[] = [];
  #changes: FileUnderWay | null = null;

  constructor(staging: string, sources: readonly Source[], sealKey: FileKey | null) {
    this.#staging = staging;
    this.#sources = sources;
    this.#sealKey = sealKey;
    this.#names = setFileNames(sources.map(({ name }) => name));
  }

  /** Makes the change log and the first source's files. */
  async begin(): Promise<void> {
    this.#changes = await this.#make(changesFile, changesHeader);
    await this.#enter(0);
  }

  /** Adds what the next shard of a source, or of a later one, has; the bytes are the caller's again once it resolves. */
  async add(source: number, { parts, rows }: AddedBytes): Promise<void> {
    await this.#enter(source);
    for (const [position, under] of [...this.#sets, this.#changes as FileUnderWay].entries()) {
      await under.file.append(parts[position] as Uint8Array);
      under.rows += rows[position] as number;
    }
  }

  /** Makes the files of the sources that are left, adds the last rows of the change log, and ends all; by name below the folder. */
  async end(changes: readonly string[]): Promise<ReadonlyMap<string, WrittenFile>> {
    await this.#enter(this.#sources.length);
    const last = this.#changes as FileUnderWay;
    await last.file.append(Buffer.from(changes.join("")));
    last.rows += changes.length;
    await this.#end(last);
    return this.#written;
  }

  /** Closes what is open, after a failure, which is the one to tell: what a close meets is not. */
  async abandon(): Promise<void> {
    const open = this.#changes === null ? this.#sets : [...this.#sets, this.#changes];
    await Promise.allSettled(open.map(({ file }) => file.abandon()));
  }

  /** Ends the sets of the sources before, and opens this one's; of sources between them, too. */
  async #enter(source: number): Promise<void> {
    if (source < this.#source) throw new Error("a source's shard comes after those of a later one");
    while (this.#source < source) {
      for (const set of this.#sets) await this.#end(set);
      this.#sets = [];
      this.#source++;
      const next = this.#sources[this.#source];
      if (next === undefined) return;
      const sets: FileUnderWay[] = [];
      this.#sets = sets;
      for (const set of setNames)
        sets.push(await this.#make(`${set}/${this.#names[this.#source]}`, setHeader(next, set)));
    }
  }

  async #make(plainName: string, header: string): Promise<FileUnderWay> {
    const key = this.#sealKey;
    const name = key === null ? plainName : `${plainName}${sealedSuffix}`;
    const file =
      key === null
        ? new AppendedFile(this.#staging, name, this.#memory)
        : new SealingFile(this.#staging, name, this.#memory, key);
    try {
      await file.append(Buffer.from(header));
    } catch (error) {
      await file.abandon();
      throw error;
    }
    return { name, file, rows: 0 };
  }

  async #end({ name, file, rows }: FileUnderWay): Promise<void> {
    this.#written.set(name, { rows, ...(await file.end()) });
  }
}
