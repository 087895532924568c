import { createHash } from "node:crypto";
import fs, { appendFileSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { O_DIRECT } from "./direct-io.js";
import { followFiles } from "./following-hash.js";
import { createOutput, writeOutputAt } from "./output-file.js";

/** Readings past the cache that work before the file system says that it has no such way. */
const direct = { opens: Infinity, reads: Infinity };
const { openSync: open, read } = fs;
const opened = new Set<number>();
let refused = 0;
/** Bytes that the system gave so far, past the cache or not. */
let readBytes = 0;

beforeAll(() => {
  fs.openSync = (file, flags, mode) => {
    const isDirect = O_DIRECT !== 0 && (Number(flags) & O_DIRECT) !== 0;
    try {
      if (isDirect && direct.opens-- <= 0) throw refusal();
      const handle = open(file, flags, mode);
      opened[isDirect ? "add" : "delete"](handle);
      return handle;
    } catch (error) {
      refused += Number(isDirect && (error as NodeJS.ErrnoException).code === "EINVAL");
      throw error;
    }
  };
  const readOrRefuse = (handle: number, ...rest: [Buffer, number, number, number, Callback]) => {
    if (!opened.has(handle) || direct.reads-- > 0) {
      const done = rest[4];
      rest[4] = (error, bytes) => {
        readBytes += bytes ?? 0;
        done(error, bytes);
      };
      return read(handle, ...rest);
    }
    refused++;
    process.nextTick(rest[4], refusal());
  };
  fs.read = readOrRefuse as typeof fs.read;
  syncBuiltinESMExports();
});
afterAll(() => {
  Object.assign(fs, { openSync: open, read });
  syncBuiltinESMExports();
});

type Callback = (error: Error | null, bytes?: number) => void;

function refusal(): Error {
  return Object.assign(new Error("EINVAL: invalid argument, read"), { code: "EINVAL", syscall: "read" });
}

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-following-"));
});
afterEach(() => {
  Object.assign(direct, { opens: Infinity, reads: Infinity });
  readBytes = 0;
  rmSync(dir, { recursive: true });
});

const megabyte = 1 << 20;
const never = new AbortController().signal;
const place = (name: string): string => path.join(dir, name);
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
/** No two megabytes of it are alike. */
const text = Buffer.alloc(9 * megabyte, Buffer.from(Uint8Array.from({ length: 65_521 }, (_, at) => at * 7)));

describe("followFiles(stop, mostBehind)", () => {
  it.each([
    ["all the way", Infinity, Infinity],
    ["nowhere", 0, 0],
    ["to the first reading", Infinity, 0],
    ["to the third reading", Infinity, 2],
    ["of the first time", 1, Infinity],
  ])("hashes what grows, whoever writes it how; past the cache %s", async (_, opens, reads) => {
    refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.constantFrom("a", "b"), fc.integer({ min: 0, max: megabyte + 70_000 }), fc.boolean()),
          { minLength: 4, maxLength: 7 },
        ),
        async (pieces) => {
          Object.assign(direct, { opens, reads });
          const following = followFiles(never);
          const lengths = new Map<string, number>();
          for (const name of ["a", "b"]) writeFileSync(place(name), "");
          for (const [name, length, pauses] of pieces) {
            const at = lengths.get(name) ?? 0;
            appendFileSync(place(name), text.subarray(at, at + length));
            lengths.set(name, at + length);
            following.follow(place(name), at + length);
            if (pauses) await new Promise(setImmediate);
          }
          const hashes = await following.finish((file) => lengths.get(path.basename(file)) as number);
          for (const [name, length] of lengths) {
            const isLarge = length >= megabyte + 65_535;
            if (isLarge) expect(hashes.has(place(name))).toBe(true);
            const hash = hashes.get(place(name));
            if (hash !== undefined) expect(hash).toBe(sha256(text.subarray(0, length)));
          }
        },
      ),
      { numRuns: 8, seed: 2491 },
    );
    if (O_DIRECT !== 0 && (opens < Infinity || reads < Infinity)) expect(refused).toBeGreaterThan(0);
  });

  it("leaves small files to others", async () => {
    writeFileSync(place("a"), text.subarray(0, megabyte - 1));
    const following = followFiles(never);
    following.follow(place("a"), megabyte - 1);
    expect(await following.finish(() => megabyte - 1)).toEqual(new Map());
  });

  it("does not read what may still change", async () => {
    const bytes = Buffer.alloc(3 * megabyte, "x");
    writeFileSync(place("a"), bytes);
    const following = followFiles(never);
    following.follow(place("a"), 2 * megabyte + 1000);
    await untilRead(2 * megabyte);
    writeFileSync(place("a"), bytes.fill("y", 2 * megabyte + 1000));
    const hashes = await following.finish(() => bytes.length);
    expect(hashes.get(place("a"))).toBe(sha256(bytes));
  });

  it("asks for no more than what is written", async () => {
    writeFileSync(place("a"), text);
    const following = followFiles(never);
    following.follow(place("a"), 2 * megabyte + 70_000);
    await untilRead(2 * megabyte + 65_536);
    await following.abandon();
    expect(readBytes).toBe(2 * megabyte + 65_536);
  });

  it("hashes files whose parts come past the cache, and from others' memory, in any order", async () => {
    createOutput(dir, "a", "head");
    const parts = [
      text.subarray(0, 2_500_000),
      text.subarray(2_500_000, 5_000_003),
      text.subarray(5_000_003),
    ];
    const following = followFiles(never);
    writeOutputAt(place("a"), 4 + 2_500_000, parts[1] as Buffer);
    writeOutputAt(place("a"), 4, parts[0] as Buffer);
    following.follow(place("a"), 4 + 5_000_003);
    writeOutputAt(place("a"), 4 + 5_000_003, parts[2] as Buffer);
    following.follow(place("a"), 4 + text.length);
    const hashes = await following.finish((file) => fs.statSync(file).size);
    expect(hashes.get(place("a"))).toBe(sha256(Buffer.concat([Buffer.from("head"), text])));
  });

  it("leaves a file to others that grows faster than it is read", async () => {
    for (const name of ["a", "b"]) writeFileSync(place(name), text);
    const following = followFiles(never, 3 * megabyte);
    for (let written = megabyte; written <= 6 * megabyte; written += megabyte)
      following.follow(place("a"), written);
    following.follow(place("b"), 2 * megabyte);
    const hashes = await following.finish(() => text.length);
    expect([...hashes]).toEqual([[place("b"), sha256(text)]]);
  });

  it("rejects with the first failure, which names the file", async () => {
    writeFileSync(place("short"), text.subarray(0, 2 * megabyte));
    writeFileSync(place("target"), text);
    symlinkSync(place("target"), place("link"));
    for (const [name, code] of [
      ["missing", "ENOENT"],
      ["link", "ELOOP"],
    ] as const) {
      const following = followFiles(never);
      following.follow(place(name), 2 * megabyte);
      following.follow(place("short"), 2 * megabyte);
      await expect(following.finish(() => 2 * megabyte)).rejects.toMatchObject({ code, path: place(name) });
    }
    const following = followFiles(never);
    following.follow(place("short"), 2 * megabyte);
    truncateSync(place("short"), megabyte);
    await expect(following.finish(() => 2 * megabyte)).rejects.toThrow(
      `${place("short")}: this file is shorter than`,
    );
  });

  it("tells what failed to whoever follows on", async () => {
    const following = followFiles(never);
    following.follow(place("missing"), 2 * megabyte);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(() => following.follow(place("missing"), 4 * megabyte)).toThrow("ENOENT");
    await expect(following.abandon()).resolves.toBeUndefined();
  });

  it("reads nothing more once it is abandoned", async () => {
    writeFileSync(place("a"), Buffer.concat(Array.from({ length: 6 }, () => text)));
    const following = followFiles(never);
    following.follow(place("a"), 20 * megabyte);
    following.follow(place("a"), 54 * megabyte);
    await untilRead(megabyte);
    await following.abandon();
    expect(readBytes).toBeLessThan(25 * megabyte);
    const before = readBytes;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(readBytes).toBe(before);
  });

  it("ends with the reason of a stop, before all is read", async () => {
    writeFileSync(place("a"), Buffer.concat(Array.from({ length: 6 }, () => text)));
    const stop = new AbortController();
    const following = followFiles(stop.signal);
    following.follow(place("a"), megabyte);
    const finished = following.finish((file) => fs.statSync(file).size);
    await untilRead(2 * megabyte);
    stop.abort(new Error("stopped"));
    await expect(finished).rejects.toThrow("stopped");
    expect(readBytes).toBeLessThan(40 * megabyte);
  });
});

async function untilRead(bytes: number): Promise<void> {
  while (readBytes < bytes) await new Promise((resolve) => setTimeout(resolve, 1));
}
