import { crc32 } from "node:zlib";
import Database from "better-sqlite3";
import { printNameRules } from "./name-print.js";
import { personStatuses } from "./person.js";
import type { SpooledPerson } from "./person-spool.js";
import { applicationId, asBytes, formatVersion, registerTables } from "./register-file.js";
import type { RegisterInfo } from "./register-info.js";

const chunkBytes = 4 << 20;

/**
 * Owner of the database being built. Everything goes in order, in one transaction without a journal: the file is
 * thrown away when the build fails, and the same calls always make the same bytes.
 */
export class RegisterWriter {
  readonly #database: Database.Database;
  readonly #insertPerson: Database.Statement;
  readonly #insertLegacy: Database.Statement;
  readonly #setLiveSlot: Database.Statement;

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
    this.#insertPerson = database.prepare("INSERT INTO person VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    this.#insertLegacy = database.prepare("INSERT INTO legacy VALUES (?, ?)");
    this.#setLiveSlot = database.prepare("UPDATE person SET live_slot = ? WHERE id = ?");
  }

  /** People come in slot order; a replaced person's live slot is set later. */
  addPerson(slot: number, person: SpooledPerson): void {
    const number = (person.w1 & 0xff) * 0x1_0000_0000 + (person.w0 >>> 0);
    const status = (person.w1 >>> 27) & 3;
    this.#insertPerson.run(
      slot + 1,
      String(number).padStart(12, "0"),
      person.fullName,
      person.birthDate,
      ((person.w1 >>> 26) & 1) === 0 ? "M" : "F",
      person.legacyId || null,
      personStatuses[status],
      person.replacedBy || null,
      status < 2 ? slot : null,
      person.provinceCode,
      person.districtCode || null,
      person.wardCode || null,
    );
  }

  setLiveSlot(slot: number, liveSlot: number): void {
    this.#setLiveSlot.run(liveSlot, slot + 1);
  }

  addLegacy(key: number, slot: number): void {
    this.#insertLegacy.run(key, slot);
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
}
