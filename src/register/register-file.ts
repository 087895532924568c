import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { crc32 } from "node:zlib";
import Database from "better-sqlite3";
import { exitCodes, LamsachError } from "../errors.js";
import { isSealed } from "../storage/sealed-file.js";
import { printNameRules } from "./name-print.js";
import { type RegisterInfo, registerInfoSchema } from "./register-info.js";

/** "lmsR" in the SQLite header: the file is a register of ours. */
export const applicationId = 0x6c6d7352;
/** Goes up with every change of the tables, of the index words, or of the mix. */
export const formatVersion = 2;

/**
 * What a connection keeps of the file. Each thread has one, and looks people up in no order: with 32 MiB a look-up in a
 * register of half a million takes a third less time, in a larger one nothing.
 */
const cacheKibibytes = 4096;

/** Tables of a register; what a block of `people` holds, `person-block.ts` says. */
export const registerTables = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE people (block INTEGER PRIMARY KEY, names BLOB NOT NULL, rest BLOB NOT NULL);
  -- the live person at the end of a replaced person's chain, when there is one
  CREATE TABLE replacement (slot INTEGER PRIMARY KEY, live_slot INTEGER NOT NULL);
  -- number is 1 and then the 8 or 9 digits, so that leading zeros count
  CREATE TABLE legacy (number INTEGER NOT NULL, slot INTEGER NOT NULL, PRIMARY KEY (number, slot)) WITHOUT ROWID;
  CREATE TABLE index_chunk (n INTEGER PRIMARY KEY, part TEXT NOT NULL, crc32 INTEGER NOT NULL, bytes BLOB NOT NULL);
`;

/** What the first 100 bytes of a file say of it. */
export interface RegisterHeader {
  readonly isRegister: boolean;
  readonly isSealed: boolean;
  readonly formatVersion: number;
  readonly isWhole: boolean;
}

/** Reads a file's header without opening it as a database; throws the file system's own errors. */
export function readRegisterHeader(path: string): RegisterHeader {
  const file = openSync(path, "r");
  try {
    const header = Buffer.alloc(100);
    const read = readSync(file, header, 0, 100, 0);
    const isSqlite = read === 100 && header.toString("latin1", 0, 16) === "SQLite format 3\0";
    const pageSize = header.readUInt16BE(16) === 1 ? 65536 : header.readUInt16BE(16);
    return {
      isSealed: isSealed(header),
      isRegister: isSqlite && header.readUInt32BE(68) === applicationId,
      formatVersion: header.readUInt32BE(60),
      isWhole: pageSize * header.readUInt32BE(28) === fstatSync(file).size,
    };
  } finally {
    closeSync(file);
  }
}

/**
 * Opens a built register read-only. Throws LamsachError 3 when it is missing, no register, cut short, or built by
 * another version; 4 when it may not be read.
 */
export function openRegisterFile(path: string): Database.Database {
  return withRegisterErrors(path, () => {
    const header = readRegisterHeader(path);
    if (header.isSealed) {
      throw new LamsachError(
        exitCodes.usage,
        `${basename(path)}: the register is sealed; expected its key. Give --key-file where the command has it.`,
      );
    }
    if (!header.isRegister) {
      throw refuse(path, "this is no register", "a file made by `lamsach register build`", "Check the path.");
    }
    if (header.formatVersion !== formatVersion) {
      throw refuse(
        path,
        `the register has format ${header.formatVersion}`,
        `format ${formatVersion}`,
        "Build it again with this version of lamsach.",
      );
    }
    if (!header.isWhole) {
      throw refuse(path, "the register is cut short or grown", "the whole file", buildAgain);
    }
    const database = new Database(path, { readonly: true, fileMustExist: true });
    try {
      database.pragma("query_only = ON");
      database.pragma("trusted_schema = OFF");
      database.pragma(`cache_size = ${-cacheKibibytes}`);
      const print = database.prepare("SELECT value FROM meta WHERE key = 'name_rules'").pluck().get();
      if (print !== printNameRules()) {
        throw refuse(
          path,
          "the register was built with other name rules",
          "the rules of this version",
          "Build it again with this version of lamsach.",
        );
      }
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

const buildAgain = "Copy it again, or build it again from the register's CSV.";

/** Reads what is stored about an open register. */
export function readMeta(
  database: Database.Database,
  path: string,
): { info: RegisterInfo; bucketBits: number } {
  const value = database.prepare("SELECT value FROM meta WHERE key = ?").pluck();
  const bucketBits = Number(value.get("bucket_bits"));
  const info = registerInfoSchema.safeParse(parseJson(value.get("info")));
  if (!info.success || !Number.isInteger(bucketBits) || bucketBits < 0 || bucketBits > 31) {
    throw refuse(path, "the register's description is damaged", "what the build wrote", buildAgain);
  }
  return { info: info.data, bucketBits };
}

function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

/** Fills `words` and `directory` from the stored chunks, checking each one. */
export function readIndexChunks({
  database,
  path,
  words,
  directory,
}: {
  database: Database.Database;
  path: string;
  words: Int32Array;
  directory: Uint32Array;
}): void {
  const parts = { words: asBytes(words), directory: asBytes(directory) };
  const filled = { words: 0, directory: 0 };
  const chunks = database.prepare<[], { part: "words" | "directory"; crc32: number; bytes: Buffer }>(
    "SELECT part, crc32, bytes FROM index_chunk ORDER BY n",
  );
  const damage = refuse(path, "the register's index is damaged", "what the build wrote", buildAgain);
  for (const { part, crc32: expected, bytes } of chunks.iterate()) {
    const target = parts[part];
    if (target === undefined || filled[part] + bytes.length > target.length || crc32(bytes) !== expected) {
      throw damage;
    }
    target.set(bytes, filled[part]);
    filled[part] += bytes.length;
  }
  if (filled.words !== parts.words.length || filled.directory !== parts.directory.length) throw damage;
}

/** The bytes of a typed array, not copied. The stored order is the machine's, little-endian everywhere Node runs today. */
export function asBytes(array: Int32Array | Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Runs a read of the register, turning errors of SQLite and the file system into LamsachErrors without their text. */
export function withRegisterErrors<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof LamsachError) throw error;
    const code = String((error as { code?: unknown }).code ?? "");
    if (code === "ENOENT") {
      throw refuse(path, "there is no such file", "a register", "Build it with `lamsach register build`.");
    }
    if (code === "EISDIR") throw refuse(path, "this is a directory", "a register", "Check the path.");
    if (code === "SQLITE_NOTADB" || code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_ERROR") {
      throw refuse(path, "the register is damaged", "what the build wrote", buildAgain);
    }
    if (code === "" || code.startsWith("ERR_")) throw error;
    throw new LamsachError(
      exitCodes.environment,
      `${basename(path)}: the register cannot be read (${code}); expected a readable file. Check its permissions and the disk.`,
    );
  }
}

function refuse(path: string, problem: string, expected: string, advice: string): LamsachError {
  return new LamsachError(exitCodes.input, `${basename(path)}: ${problem}; expected ${expected}. ${advice}`);
}
