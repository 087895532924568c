import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { OutputFile } from "./output-file.js";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-output-"));
  mkdirSync(path.join(dir, "cleaned"));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe("OutputFile", () => {
  it("lists what was written: bytes, rows and SHA-256 of the file", () => {
    const file = new OutputFile(dir, "cleaned/a.csv");
    file.append("họ tên\n", 0);
    file.append(Buffer.from("Lê Lan\nLê Na\n"), 2);
    file.append(new Uint8Array(0), 0);
    file.append(Buffer.from("Lê Mai\n"), 1);
    const listed = file.close();
    const written = readFileSync(path.join(dir, "cleaned", "a.csv"));
    expect(written.toString()).toBe("họ tên\nLê Lan\nLê Na\nLê Mai\n");
    expect(listed).toEqual({
      path: "cleaned/a.csv",
      bytes: written.length,
      rows: 3,
      sha256: createHash("sha256").update(written).digest("hex"),
    });
  });

  it("counts rows of CSV files alone", () => {
    const file = new OutputFile(dir, "report.html");
    file.append("<p>", 1);
    expect(file.close().rows).toBeNull();
  });

  it.each([0o000, 0o077])("is the owner's alone, whatever the umask: %o", (mask) => {
    const umask = process.umask(mask);
    try {
      new OutputFile(dir, "a.csv").close();
    } finally {
      process.umask(umask);
    }
    expect(statSync(path.join(dir, "a.csv")).mode & 0o7777).toBe(0o600);
  });

  it("refuses a file that is there, and leaves it", () => {
    writeFileSync(path.join(dir, "a.csv"), "kept");
    expect(() => new OutputFile(dir, "a.csv")).toThrow("EEXIST");
    expect(readFileSync(path.join(dir, "a.csv"), "utf8")).toBe("kept");
  });

  it("refuses a symbolic link, also one that leads nowhere", () => {
    symlinkSync(path.join(dir, "nowhere"), path.join(dir, "a.csv"));
    expect(() => new OutputFile(dir, "a.csv")).toThrow("EEXIST");
  });

  it("makes no folder", () => {
    expect(() => new OutputFile(dir, "missing/a.csv")).toThrow("ENOENT");
  });
});
