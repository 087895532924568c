import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodes, LamsachError } from "../errors.js";
import { makePrivateDir, removeParts, writeFileAtomic } from "./atomic-file.js";

let dir: string;
let umask: number;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-atomic-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function modeOf(file: string): number {
  return statSync(file).mode & 0o7777;
}

function failureOf(action: () => void): LamsachError {
  try {
    action();
  } catch (error) {
    if (error instanceof LamsachError) return error;
    throw error;
  }
  throw new Error("this should have failed");
}

describe("writeFileAtomic(file, data)", () => {
  it("writes text and bytes, and replaces what was there", () => {
    const file = path.join(dir, "manifest.json");
    writeFileAtomic(file, "first, longer");
    writeFileAtomic(file, Uint8Array.of(0x6c, 0xc3, 0xa0, 0x6d));
    expect(readFileSync(file, "utf8")).toBe("làm");
    expect(readdirSync(dir)).toEqual(["manifest.json"]);
  });

  it("refuses a symbolic link and leaves what it points at", () => {
    const victim = path.join(dir, "victim");
    const link = path.join(dir, "link");
    writeFileSync(victim, "kept");
    symlinkSync(victim, link);
    const failure = failureOf(() => writeFileAtomic(link, "stolen"));
    expect(failure.exitCode).toBe(exitCodes.environment);
    expect(failure.message).toContain("symbolic link");
    expect(readFileSync(victim, "utf8")).toBe("kept");
    expect(readdirSync(dir).sort()).toEqual(["link", "victim"]);
  });

  it("leaves the old place and no temporary file when the folder is missing", () => {
    const failure = failureOf(() => writeFileAtomic(path.join(dir, "no", "file"), "x"));
    expect(failure.exitCode).toBe(exitCodes.environment);
    expect(failure.message).toContain("ENOENT");
    expect(readdirSync(dir)).toEqual([]);
  });

  it("refuses a directory", () => {
    mkdirSync(path.join(dir, "taken"));
    expect(failureOf(() => writeFileAtomic(path.join(dir, "taken"), "x")).message).toContain(
      "not a regular file",
    );
  });
});

describe("removeParts(folder)", () => {
  it("removes what a killed write left, and nothing else", () => {
    const left = `.${"0a".repeat(12)}.part`;
    for (const name of [left, "a.part", ".short.part", `${left}x`, "data.bin"]) {
      writeFileSync(path.join(dir, name), "x");
    }
    removeParts(dir);
    expect(readdirSync(dir).sort()).toEqual([`${left}x`, ".short.part", "a.part", "data.bin"].sort());
  });

  it("does nothing when there is no such folder", () => {
    expect(() => removeParts(path.join(dir, "missing"))).not.toThrow();
  });
});

describe("modes whatever the umask", () => {
  beforeEach(() => {
    umask = process.umask();
  });
  afterEach(() => {
    process.umask(umask);
  });

  it.each([0o000, 0o022, 0o077])("umask %o", (mask) => {
    process.umask(mask);
    const made = path.join(dir, "a", "b");
    makePrivateDir(made);
    writeFileAtomic(path.join(made, "f"), "x");
    expect([modeOf(path.join(dir, "a")), modeOf(made), modeOf(path.join(made, "f"))]).toEqual([
      0o700, 0o700, 0o600,
    ]);
  });
});

describe("makePrivateDir(dir)", () => {
  it("keeps a directory that is there and takes others' right to write, and says whether they had it", () => {
    const shared = path.join(dir, "shared");
    mkdirSync(shared);
    chmodSync(shared, 0o777);
    expect(makePrivateDir(shared)).toBe(true);
    expect(modeOf(shared)).toBe(0o755);
    chmodSync(shared, 0o750);
    expect(makePrivateDir(shared)).toBe(false);
    expect(modeOf(shared)).toBe(0o750);
  });

  it("leaves a sticky directory alone", () => {
    chmodSync(dir, 0o1777);
    makePrivateDir(dir);
    expect(modeOf(dir)).toBe(0o1777);
  });

  it("refuses a symbolic link to a directory", () => {
    symlinkSync(tmpdir(), path.join(dir, "link"));
    const failure = failureOf(() => makePrivateDir(path.join(dir, "link")));
    expect(failure.exitCode).toBe(exitCodes.environment);
    expect(failure.message).toContain("symbolic link");
  });

  it("refuses a file", () => {
    writeFileSync(path.join(dir, "file"), "");
    expect(failureOf(() => makePrivateDir(path.join(dir, "file"))).message).toContain("not a directory");
  });
});
