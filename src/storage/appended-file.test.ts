import { createHash } from "node:crypto";
import fs, { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AppendedFile } from "./appended-file.js";
import { ChunkMemory } from "./chunk-memory.js";
import { O_DIRECT } from "./direct-io.js";

const megabyte = 1 << 20;
const { openSync: open, write, closeSync: close } = fs;

/** What the file system makes of the calls. */
const usual = {
  /** Openings past the cache, and writes on them, that work before it says that it has no such way. */
  directOpens: Infinity,
  directWrites: Infinity,
  /** Most bytes that one write takes. */
  mostBytes: Infinity,
  /** Writes that work before all others fail. */
  writes: Infinity,
};
const system = { ...usual };
const direct = new Set<number>();
let openHandles = 0;
let directBytes = 0;
let underWay = 0;
let mostUnderWay = 0;

type Callback = (error: Error | null, bytes?: number) => void;

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: injected, write`), { code, syscall: "write" });
}

beforeAll(() => {
  fs.openSync = (file, flags, mode) => {
    const isDirect = O_DIRECT !== 0 && (Number(flags) & O_DIRECT) !== 0;
    if (isDirect && system.directOpens-- <= 0) throw failure("EINVAL");
    const handle = open(file, flags, mode);
    openHandles++;
    direct[isDirect ? "add" : "delete"](handle);
    return handle;
  };
  fs.closeSync = (handle) => {
    openHandles--;
    close(handle);
  };
  const writeOrFail = (...given: [number, Uint8Array, number, number, number, Callback]) => {
    const [handle, bytes, at, length, offset, done] = given;
    const isDirect = direct.has(handle);
    if (isDirect && system.directWrites-- <= 0) return process.nextTick(done, failure("EINVAL"));
    if (system.writes-- <= 0) return process.nextTick(done, failure("ENOSPC"));
    mostUnderWay = Math.max(mostUnderWay, ++underWay);
    write(handle, bytes, at, Math.min(length, system.mostBytes), offset, (error, written) => {
      underWay--;
      if (isDirect) directBytes += written;
      done(error, written);
    });
  };
  fs.write = writeOrFail as unknown as typeof fs.write;
  syncBuiltinESMExports();
});
afterAll(() => {
  Object.assign(fs, { openSync: open, write, closeSync: close });
  syncBuiltinESMExports();
});

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-appended-"));
  openHandles = directBytes = mostUnderWay = 0;
});
afterEach(() => {
  Object.assign(system, usual);
  expect([openHandles, underWay]).toEqual([0, 0]);
  rmSync(dir, { recursive: true });
});

/** Not every file system has a way past the cache. */
const hasDirectWay = ((): boolean => {
  const probe = mkdtempSync(path.join(tmpdir(), "lamsach-probe-"));
  try {
    writeFileSync(path.join(probe, "a"), "");
    close(open(path.join(probe, "a"), O_DIRECT | 1));
    return O_DIRECT !== 0;
  } catch {
    return false;
  } finally {
    rmSync(probe, { recursive: true });
  }
})();

const place = (name: string): string => path.join(dir, name);
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
/** No two megabytes of it are alike. */
const text = Buffer.alloc(
  5 * megabyte + 777,
  Buffer.from(Uint8Array.from({ length: 65_521 }, (_, at) => at * 7)),
);

/** Writes parts one after the other, all from the same memory. */
async function writeParts(name: string, parts: readonly Uint8Array[], memory = new ChunkMemory()) {
  const file = new AppendedFile(dir, name, memory);
  const lent = new Uint8Array(Math.max(0, ...parts.map(({ length }) => length)));
  try {
    for (const part of parts) {
      lent.set(part);
      await file.append(lent.subarray(0, part.length));
      lent.fill(0);
    }
    return await file.end();
  } finally {
    await file.abandon();
  }
}

function expectWhole(name: string, expected: Uint8Array): void {
  expect(readFileSync(place(name)).equals(expected)).toBe(true);
}

describe("AppendedFile", () => {
  it("holds what was appended, in parts of any size, and tells its length and hash", async () => {
    const memory = new ChunkMemory();
    const length = fc.oneof(fc.nat(70_000), fc.integer({ min: megabyte - 2, max: 2 * megabyte + 2 }));
    await fc.assert(
      fc.asyncProperty(fc.array(length, { maxLength: 6 }), async (lengths) => {
        const parts = lengths.map((bytes, at) => text.subarray(at * 999, at * 999 + bytes));
        const expected = Buffer.concat(parts);
        const told = { bytes: expected.length, sha256: sha256(expected) };
        expect(await writeParts("a", parts, memory)).toEqual(told);
        expectWhole("a", expected);
        rmSync(place("a"));
      }),
      { numRuns: 40, seed: 2491 },
    );
  });

  it("keeps two files that grow by turns apart, in the same memory", async () => {
    const memory = new ChunkMemory();
    const files = ["a", "b"].map((name) => new AppendedFile(dir, name, memory));
    const parts = Array.from({ length: 8 }, (_, at) => text.subarray(at * 500_000, at * 500_000 + 600_000));
    for (const [at, part] of parts.entries()) await files[at % 2]?.append(part);
    for (const file of files) await file.end();
    for (const [at, name] of ["a", "b"].entries())
      expectWhole(name, Buffer.concat(parts.filter((_, turn) => turn % 2 === at)));
  });

  it("writes whole megabytes past the cache, the rest through it, and one at a time", async () => {
    await writeParts("a", [text]);
    expect(directBytes).toBe(hasDirectWay ? 5 * megabyte : 0);
    expect(mostUnderWay).toBe(1);
  });

  it.each([
    ["is not there", { directOpens: 0 }, 0],
    ["ends before the first write", { directWrites: 0 }, 0],
    ["ends after two", { directWrites: 2 }, 2],
    // A multiple of what file systems ask for.
    ["takes less than it is given", { mostBytes: 73 * 4096 }, (5 * 73 * 4096) / megabyte],
  ])("writes the same where the way past the cache %s", async (_, limits, megabytes) => {
    Object.assign(system, limits);
    expect(await writeParts("a", [text])).toEqual({ bytes: text.length, sha256: sha256(text) });
    expectWhole("a", text);
    expect(directBytes).toBe(hasDirectWay ? megabytes * megabyte : 0);
  });

  it("asks once where there is no way past the cache", async () => {
    system.directWrites = 0;
    await writeParts("a", [text]);
    expect(system.directWrites).toBe(hasDirectWay ? -1 : 0);
  });

  it("uses two chunks of memory however large a file is", async () => {
    class CountedMemory extends ChunkMemory {
      readonly chunks = new Set<Uint8Array>();
      override take(): Uint8Array {
        const chunk = super.take();
        this.chunks.add(chunk);
        return chunk;
      }
    }
    const memory = new CountedMemory();
    await writeParts("a", [text, text], memory);
    expect(memory.chunks.size).toBe(2);
  });

  it("lets others have a turn after each chunk", async () => {
    const file = new AppendedFile(dir, "a", new ChunkMemory());
    let turns = 0;
    const count = (): void => {
      turns++;
      if (turns < 3) setImmediate(count);
    };
    setImmediate(count);
    await file.append(text.subarray(0, 3 * megabyte));
    expect(turns).toBe(3);
    await file.end();
  });

  it.each([0, 1, 3, 5])("tells a failure after %i writes, by the file's name", async (writes) => {
    system.writes = writes;
    const failed = writeParts("a", [text.subarray(0, 3 * megabyte), text.subarray(3 * megabyte)]);
    await expect(failed).rejects.toMatchObject({ code: "ENOSPC", path: place("a") });
    expect(statSync(place("a")).size).toBe(writes * megabyte);
  });

  it.each([0o000, 0o077])("makes a file that is the owner's alone, whatever the umask: %o", async (mask) => {
    const umask = process.umask(mask);
    try {
      await writeParts("a", []);
    } finally {
      process.umask(umask);
    }
    expect(statSync(place("a")).mode & 0o7777).toBe(0o600);
    expect(statSync(place("a")).size).toBe(0);
  });

  it("refuses a file that is there, and a symbolic link, and leaves them", () => {
    writeFileSync(place("a"), "kept");
    symlinkSync(place("a"), place("b"));
    for (const name of ["a", "b"])
      expect(() => new AppendedFile(dir, name, new ChunkMemory())).toThrow("EEXIST");
    expect(readFileSync(place("a"), "utf8")).toBe("kept");
  });

  it("is closed once when it is given up, whatever is being written", async () => {
    const file = new AppendedFile(dir, "a", new ChunkMemory());
    await file.append(text);
    await file.abandon();
    await file.abandon();
    expect(statSync(place("a")).size).toBe(5 * megabyte);
  });
});
