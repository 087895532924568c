import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createOutput, syncOutput, writeOutputAt } from "./output-file.js";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-output-"));
  mkdirSync(path.join(dir, "cleaned"));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe("createOutput(root, name, text)", () => {
  it("writes the text and says how many bytes it has", () => {
    const bytes = createOutput(dir, "cleaned/a.csv", "họ tên\n");
    expect(readFileSync(path.join(dir, "cleaned", "a.csv"), "utf8")).toBe("họ tên\n");
    expect(bytes).toBe(Buffer.byteLength("họ tên\n"));
    expect(createOutput(dir, "empty.csv", "")).toBe(0);
    expect(statSync(path.join(dir, "empty.csv")).size).toBe(0);
  });

  it.each([0o000, 0o077])("is the owner's alone, whatever the umask: %o", (mask) => {
    const umask = process.umask(mask);
    try {
      createOutput(dir, "a.csv", "");
    } finally {
      process.umask(umask);
    }
    expect(statSync(path.join(dir, "a.csv")).mode & 0o7777).toBe(0o600);
  });

  it("refuses a file that is there, and leaves it", () => {
    writeFileSync(path.join(dir, "a.csv"), "kept");
    expect(() => createOutput(dir, "a.csv", "lost")).toThrow("EEXIST");
    expect(readFileSync(path.join(dir, "a.csv"), "utf8")).toBe("kept");
  });

  it("refuses a symbolic link, also one that leads nowhere", () => {
    writeFileSync(path.join(dir, "target"), "kept");
    symlinkSync(path.join(dir, "target"), path.join(dir, "a.csv"));
    symlinkSync(path.join(dir, "nowhere"), path.join(dir, "b.csv"));
    for (const name of ["a.csv", "b.csv"]) expect(() => createOutput(dir, name, "lost")).toThrow("EEXIST");
    expect(readFileSync(path.join(dir, "target"), "utf8")).toBe("kept");
    expect(() => statSync(path.join(dir, "nowhere"))).toThrow("ENOENT");
  });

  it("makes no folder", () => {
    expect(() => createOutput(dir, "missing/a.csv", "")).toThrow("ENOENT");
  });
});

describe("writeOutputAt(file, offset, bytes)", () => {
  it("fills a file in any order, and leaves what is around", () => {
    const file = path.join(dir, "cleaned", "a.csv");
    const head = createOutput(dir, "cleaned/a.csv", "họ tên\n");
    writeOutputAt(file, head + 7, Buffer.from("Lê Na\n"));
    writeOutputAt(file, head + 14, new Uint8Array(0));
    writeOutputAt(file, head, Buffer.from("Tô An\n").subarray(0, 7));
    expect(readFileSync(file, "utf8")).toBe("họ tên\nTô An\nLê Na\n");
  });

  it("writes bytes of a part of a larger buffer, more than a pipe holds", () => {
    const file = path.join(dir, "a.csv");
    createOutput(dir, "a.csv", "head\n");
    const bytes = Buffer.alloc((1 << 20) + 10, "abcdefg");
    writeOutputAt(file, 5, bytes.subarray(3, bytes.length - 4));
    const written = readFileSync(file);
    expect(written.subarray(0, 5).toString()).toBe("head\n");
    expect(written.subarray(5).equals(bytes.subarray(3, bytes.length - 4))).toBe(true);
  });

  it("fills a file with parts of any size, in any order", () => {
    const file = path.join(dir, "a.csv");
    createOutput(dir, "a.csv", "head\n");
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 700_000 }), fc.integer({ min: 0, max: 9 })), {
          maxLength: 6,
        }),
        (sizes) => {
          const parts = sizes.map(([length, digit], position) => ({
            bytes: Buffer.alloc(length, `${digit}${position},`),
            offset: 5 + sizes.slice(0, position).reduce((sum, [before]) => sum + before, 0),
            turn: digit,
          }));
          for (const { bytes, offset } of parts.toSorted((a, b) => a.turn - b.turn))
            writeOutputAt(file, offset, bytes);
          const expected = Buffer.concat([Buffer.from("head\n"), ...parts.map(({ bytes }) => bytes)]);
          expect(readFileSync(file).subarray(0, expected.length).equals(expected)).toBe(true);
        },
      ),
      { numRuns: 30, seed: 2491 },
    );
  });

  it("refuses a symbolic link, and leaves what it leads to", () => {
    const target = path.join(dir, "target");
    writeFileSync(target, "kept");
    symlinkSync(target, path.join(dir, "a.csv"));
    expect(() => writeOutputAt(path.join(dir, "a.csv"), 0, Buffer.from("lost"))).toThrow("ELOOP");
    expect(readFileSync(target, "utf8")).toBe("kept");
  });

  it("makes no file", () => {
    const file = path.join(dir, "a.csv");
    expect(() => writeOutputAt(file, 0, Buffer.from("a"))).toThrow("ENOENT");
    expect(() => statSync(file)).toThrow("ENOENT");
  });
});

describe("syncOutput(file)", () => {
  it("leaves the file as it is", async () => {
    createOutput(dir, "a.csv", "họ tên\n");
    await syncOutput(path.join(dir, "a.csv"));
    expect(readFileSync(path.join(dir, "a.csv"), "utf8")).toBe("họ tên\n");
  });

  it("refuses a file that is not there, and a symbolic link", async () => {
    writeFileSync(path.join(dir, "target"), "");
    symlinkSync(path.join(dir, "target"), path.join(dir, "a.csv"));
    await expect(syncOutput(path.join(dir, "missing.csv"))).rejects.toThrow("ENOENT");
    await expect(syncOutput(path.join(dir, "a.csv"))).rejects.toThrow("ELOOP");
  });
});
