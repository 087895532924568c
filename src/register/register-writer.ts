import { crc32 } from "node:zlib";
import Database from "better-sqlite3";
import { printNameRules } from "./name-print.js";
import { applicationId, asBytes, formatVersion, registerTables } from "./register-file.js";
import type { RegisterInfo } from "./register-info.js";
import { RowInserter } from "./row-inserter.js";
import type { StoredPeople } from "./sorted-people.js";

const chunkBytes = 4 << 20;

/**
 * Owner of the database being built. Everything goes in order, in one transaction without a journal: the file is
 * thrown away when the build fails, and the same calls always make the same bytes.
 */
export class RegisterWriter {
  readonly #database: Database.Database;
  readonly #people: RowInserter;
  readonly #legacies: RowInserter;
  readonly #replacements: RowInserter;
  /** The block that the next people may continue. */
  #open: { readonly block: number; readonly names: Buffer; readonly rest: Buffer } | null = null;

  /** `path` is an empty file. */
  constructor(path: string) {
    this.#database = new Database(path, { fileMustExist: true });
    const database = this.#database;
    for (const pragma of [
      "page_size = 4096",
      "journal_mode = OFF",
      "synchronous = OFF", // the caller syncs the finished file once
      "locking_mode = EXCLUSIVE",
      "cache_size = -65536",
      `application_id = ${applicationId}`,
      `user_version = ${formatVersion}`,
    ]) {
      database.pragma(pragma);
    }
    database.exec(`BEGIN; ${registerTables}`);
    this.#people = new RowInserter(database, "people", 3);
    this.#legacies = new RowInserter(database, "legacy", 2);
    this.#replacements = new RowInserter(database, "replacement", 2);
  }

  /** People come in slot order; a block that two calls share is put together. */
  addPeople({ firstBlock, nameEnds, restEnds, ...texts }: StoredPeople): void {
    const names = asBuffer(texts.names);
    const rests = asBuffer(texts.rests);
    let nameStart = 0;
    let restStart = 0;
    for (const [position, nameEnd] of nameEnds.entries()) {
      const restEnd = restEnds[position] as number;
      const block = firstBlock + position;
      let blockNames = names.subarray(nameStart, nameEnd);
      let rest = rests.subarray(restStart, restEnd);
      nameStart = nameEnd;
      restStart = restEnd;
      if (this.#open?.block === block) {
        blockNames = Buffer.concat([this.#open.names, blockNames]);
        rest = Buffer.concat([this.#open.rest, rest]);
      } else this.#closeBlock();
      this.#open = { block, names: blockNames, rest };
    }
  }

  /** Replaced people come in slot order. */
  addReplacement(slot: number, liveSlot: number): void {
    this.#replacements.add(slot, liveSlot);
  }

  addLegacy(key: number, slot: number): void {
    this.#legacies.add(key, slot);
  }

  /** Stores the index, 4 MiB a chunk. */
  addIndex(words: Int32Array, directory: Uint32Array): void {
    const insert = this.#database.prepare("INSERT INTO index_chunk VALUES (?, ?, ?, ?)");
    let n = 0;
    for (const [part, array] of [
      ["words", words],
      ["directory", directory],
    ] as const) {
      const bytes = asBytes(array);
      for (let at = 0; at < bytes.length; at += chunkBytes) {
        // A copy: SQLite's binding takes no view of shared memory.
        const chunk = Buffer.from(bytes.subarray(at, at + chunkBytes));
        insert.run(n++, part, crc32(chunk), chunk);
      }
    }
  }

  /** Stores the description and completes the file. */
  finish(info: RegisterInfo, bucketBits: number): void {
    this.#closeBlock();
    for (const inserter of [this.#people, this.#legacies, this.#replacements]) inserter.finish();
    const insert = this.#database.prepare("INSERT INTO meta VALUES (?, ?)");
    insert.run("bucket_bits", String(bucketBits));
    insert.run("info", JSON.stringify(info));
    insert.run("name_rules", printNameRules());
    this.#database.exec("COMMIT");
    this.#database.close();
  }

  close(): void {
    this.#database.close();
  }

  #closeBlock(): void {
    if (this.#open !== null) this.#people.add(this.#open.block, this.#open.names, this.#open.rest);
    this.#open = null;
  }
}

/** A view, never a copy. */
function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
