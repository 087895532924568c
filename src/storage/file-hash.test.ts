import { createHash } from "node:crypto";
import fs, { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hashFile, hashFileAhead } from "./file-hash.js";

const { read } = fs;
let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-hash-"));
  file = path.join(dir, "a.csv");
});
afterEach(() => {
  replaceRead(read);
  rmSync(dir, { recursive: true });
});

type Read = (
  handle: number,
  into: Uint8Array,
  at: number,
  length: number,
  offset: number,
  done: (error: Error | null, bytes: number) => void,
) => void;
const usualRead = read as unknown as Read;

function replaceRead(other: unknown): void {
  fs.read = other as typeof fs.read;
  syncBuiltinESMExports();
}

const megabyte = 1 << 20;
const lengths = [0, 1, megabyte - 1, megabyte, megabyte + 1, 4 * megabyte, 6 * megabyte + 5];
/** No two megabytes of it are alike. */
const text = Buffer.alloc(7 * megabyte, Buffer.from(Uint8Array.from({ length: 65_521 }, (_, at) => at * 7)));
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe("hashFile(path), hashFileAhead(path)", () => {
  it.each(lengths)("are the SHA-256 of a file of %i bytes", async (length) => {
    writeFileSync(file, text.subarray(0, length));
    const expected = sha256(text.subarray(0, length));
    expect(hashFile(file)).toBe(expected);
    expect(await hashFileAhead(file)).toBe(expected);
  });

  it("refuse what cannot be read, by its name", async () => {
    for (const [place, code] of [
      [file, "ENOENT"],
      [dir, "EISDIR"],
    ] as const) {
      expect(() => hashFile(place)).toThrow(expect.objectContaining({ code, path: place }));
      await expect(hashFileAhead(place)).rejects.toMatchObject({ code, path: place });
    }
  });
});

describe("hashFileAhead(path)", () => {
  it("goes on where the system gave less than was asked for", async () => {
    let calls = 0;
    const readLess: Read = (handle, into, at, length, offset, done) =>
      usualRead(handle, into, at, calls++ % 3 === 1 ? 1000 : length, offset, done);
    replaceRead(readLess);
    writeFileSync(file, text);
    expect(await hashFileAhead(file)).toBe(sha256(text));
    expect(calls).toBeGreaterThan(10);
  });

  it("takes chunks in their order, in whatever order they come", async () => {
    let calls = 0;
    const readLate: Read = (handle, into, at, length, offset, done) =>
      usualRead(handle, into, at, length, offset, (error, bytes) =>
        setTimeout(() => done(error, bytes), calls++ % 2 === 0 ? 5 : 0),
      );
    replaceRead(readLate);
    writeFileSync(file, text);
    expect(await hashFileAhead(file)).toBe(sha256(text));
  });

  it("meets a failure in the middle, and reads nothing after it has told", async () => {
    let calls = 0;
    let pending = 0;
    const readOrFail: Read = (handle, into, at, length, offset, done) => {
      const fails = calls++ === 5;
      pending++;
      usualRead(handle, into, at, length, offset, async (error, bytes) => {
        if (!fails) await new Promise((resolve) => setTimeout(resolve, calls === 9 ? 20 : 0));
        pending--;
        done(
          fails ? Object.assign(new Error("EIO: i/o error, read"), { code: "EIO", syscall: "read" }) : error,
          bytes,
        );
      });
    };
    replaceRead(readOrFail);
    writeFileSync(file, text);
    await expect(hashFileAhead(file)).rejects.toMatchObject({ code: "EIO", path: file });
    expect(pending).toBe(0);
  });
});
