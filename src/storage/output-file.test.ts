import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createOutput, syncOutput } from "./output-file.js";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-output-"));
  mkdirSync(path.join(dir, "cleaned"));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe("createOutput(root, name, text)", () => {
  it("writes the text, or the bytes", () => {
    createOutput(dir, "cleaned/a.csv", "họ tên\n");
    expect(readFileSync(path.join(dir, "cleaned", "a.csv"), "utf8")).toBe("họ tên\n");
    const bytes = Buffer.alloc((1 << 20) + 10, "abcdefg");
    createOutput(dir, "b.csv", bytes.subarray(3, bytes.length - 4));
    expect(readFileSync(path.join(dir, "b.csv")).equals(bytes.subarray(3, bytes.length - 4))).toBe(true);
    createOutput(dir, "empty.csv", "");
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
