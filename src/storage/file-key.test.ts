import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodes, LamsachError } from "../errors.js";
import { readKeyFile, readKeyText, writeKeyFile } from "./file-key.js";

const bytes = Buffer.from(Array.from({ length: 32 }, (_, at) => (at * 37 + 11) & 0xff));
const hex = bytes.toString("hex");

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-key-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function failureOf(action: () => unknown): LamsachError {
  try {
    action();
  } catch (error) {
    if (error instanceof LamsachError) return error;
    throw error;
  }
  throw new Error("this should have failed");
}

function writeKey(name: string, text: string): string {
  const file = path.join(dir, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

describe("readKeyFile(file)", () => {
  it.each([
    ["hexadecimal digits", hex],
    ["capital ones, with a line break", `${hex.toUpperCase()}\r\n`],
    ["base64", bytes.toString("base64")],
    ["base64 for addresses, without padding", bytes.toString("base64url")],
  ])("reads %s", (_name, text) => {
    const key = readKeyFile(writeKey("a.key", text));
    // `openssl kdf -keylen 8 -kdfopt digest:SHA256 -kdfopt hexkey:$hex -kdfopt info:"lamsach key id" HKDF`
    expect(key.id).toBe("fc7eecf879a69b81");
    expect(key.secret.export().toString("hex")).toBe(hex);
  });

  const wrong: readonly (readonly [name: string, text: string, says: string])[] = [
    ["nothing", "", "this is no key"],
    ["31 bytes", hex.slice(2), "this is no key"],
    ["33 bytes", `${hex}00`, "this is no key"],
    ["a password", "correct horse battery staple", "this is no key"],
    ["two keys", `${hex}\n${hex}`, "this is no key"],
    ["a large file", "a".repeat(1 << 20), "this is no key"],
    ["zeros", "0".repeat(64), "not random"],
    ["a repeated word", "0123456789abcdef".repeat(4), "not random"],
  ];
  it.each(wrong)("refuses %s, and does not repeat it", (_name, text, says) => {
    const failure = failureOf(() => readKeyFile(writeKey("a.key", text)));
    expect(failure.exitCode).toBe(exitCodes.usage);
    expect(failure.message).toContain(says);
    if (text.length > 20) expect(failure.message).not.toContain(text.slice(0, 20));
  });

  it.each([0o640, 0o604, 0o660, 0o644])("refuses a key that others may read or write (%o)", (mode) => {
    const file = writeKey("a.key", hex);
    chmodSync(file, mode);
    expect(failureOf(() => readKeyFile(file))).toMatchObject({ exitCode: exitCodes.usage });
    chmodSync(file, 0o400);
    expect(readKeyFile(file).id).toHaveLength(16);
  });

  it("refuses a link, a folder and a file that is not there", () => {
    symlinkSync(writeKey("a.key", hex), path.join(dir, "link.key"));
    mkdirSync(path.join(dir, "folder.key"), { mode: 0o700 });
    for (const [name, says] of [
      ["link.key", "symbolic link"],
      ["folder.key", "no regular file"],
      ["none.key", "no such file"],
    ] as const) {
      const failure = failureOf(() => readKeyFile(path.join(dir, name)));
      expect([failure.exitCode, failure.message]).toEqual([exitCodes.usage, expect.stringContaining(says)]);
    }
  });
});

describe("a key", () => {
  it("shows nothing of itself when it is printed or turned into JSON", () => {
    const key = readKeyText(hex, "test");
    for (const text of [inspect(key, { depth: 9 }), JSON.stringify(key), String(key.secret)]) {
      expect(text).not.toContain(hex.slice(0, 8));
      expect(text).not.toContain(bytes.toString("base64").slice(0, 8));
    }
  });
});

describe("writeKeyFile(file)", () => {
  it("makes another key each time, for its owner alone whatever the umask", () => {
    const umask = process.umask(0);
    try {
      const keys = ["a.key", "b.key"].map((name) => writeKeyFile(path.join(dir, name)));
      expect(new Set(keys.map(({ id }) => id)).size).toBe(2);
      expect(statSync(path.join(dir, "a.key")).mode & 0o7777).toBe(0o600);
      expect(readKeyFile(path.join(dir, "a.key")).id).toBe(keys[0]?.id);
    } finally {
      process.umask(umask);
    }
  });

  it("never writes over a file, nor through a link", () => {
    const file = writeKey("a.key", hex);
    symlinkSync(path.join(dir, "elsewhere"), path.join(dir, "link.key"));
    for (const taken of [file, path.join(dir, "link.key")]) {
      expect(failureOf(() => writeKeyFile(taken)).exitCode).toBe(exitCodes.usage);
    }
    expect(readFileSync(file, "utf8")).toBe(hex);
    expect(failureOf(() => writeKeyFile(path.join(dir, "no/a.key"))).exitCode).toBe(exitCodes.environment);
  });
});
