import fs, {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { directUnit, O_DIRECT, takePages, writeDirectly } from "./direct-io.js";

/** When calls past the cache fail as where a file system has no such way. */
const fails = { open: false, writeAfter: Infinity, code: "EINVAL" };
const { openSync: open, writeSync: write } = fs;

beforeAll(() => {
  fs.openSync = (file, flags, mode) => {
    if (fails.open && (Number(flags) & O_DIRECT) !== 0) throw refusal("open");
    return open(file, flags, mode);
  };
  fs.writeSync = (...parameters: unknown[]) => {
    if (fails.writeAfter-- <= 0) throw refusal("write");
    return (write as (...parameters: unknown[]) => number)(...parameters);
  };
  syncBuiltinESMExports();
});
afterAll(() => {
  Object.assign(fs, { openSync: open, writeSync: write });
  syncBuiltinESMExports();
});

function refusal(syscall: string): Error {
  return Object.assign(new Error(`${fails.code}: refused, ${syscall}`), { code: fails.code, syscall });
}

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-direct-"));
  file = path.join(dir, "a.csv");
  writeFileSync(file, "");
});
afterEach(() => {
  Object.assign(fails, { open: false, writeAfter: Infinity, code: "EINVAL" });
  rmSync(dir, { recursive: true });
});

/** Not every file system has a way past the cache. */
function hasDirectWay(): boolean {
  const probe = mkdtempSync(path.join(tmpdir(), "lamsach-probe-"));
  try {
    writeFileSync(path.join(probe, "a"), "");
    closeSync(openSync(path.join(probe, "a"), O_DIRECT | 1));
    return O_DIRECT !== 0;
  } catch {
    return false;
  } finally {
    rmSync(probe, { recursive: true });
  }
}

const megabyte = 1 << 20;

describe("writeDirectly(file, offset, bytes)", () => {
  const bytes = Buffer.alloc(3 * megabyte, "0123456789abc");

  it.runIf(hasDirectWay()).each([
    [0, bytes.length, 0, bytes.length],
    [1, bytes.length, directUnit - 1, bytes.length - 1],
    [directUnit - 1, 5 * directUnit, 1, 4 * directUnit + 1],
    [7 * directUnit + 5, 9 * directUnit - 10, directUnit - 5, 8 * directUnit - 5],
  ])("writes the whole units of what begins at %i, and nothing else", (offset, length, from, to) => {
    writeFileSync(file, Buffer.alloc(offset + length, "-"));
    expect(writeDirectly(file, offset, bytes.subarray(0, length))).toEqual({ from, to });
    const expected = Buffer.alloc(offset + length, "-");
    bytes.copy(expected, offset + from, from, to);
    expect(readFileSync(file).equals(expected)).toBe(true);
  });

  it.each([0, directUnit, 4 * directUnit - 1])("leaves as few as %i bytes", (length) => {
    expect(writeDirectly(file, 0, bytes.subarray(0, length))).toEqual({ from: 0, to: 0 });
    expect(readFileSync(file)).toHaveLength(0);
  });

  it.each(["EINVAL", "ENOTSUP", "ENOSYS"])(
    "writes nothing where the file system has no such way: %s",
    (code) => {
      Object.assign(fails, { open: true, code });
      expect(writeDirectly(file, 0, bytes)).toEqual({ from: 0, to: 0 });
      expect(readFileSync(file)).toHaveLength(0);
    },
  );

  it.runIf(hasDirectWay())("tells how far it came where that way ends", () => {
    fails.writeAfter = 2;
    expect(writeDirectly(file, 0, bytes)).toEqual({ from: 0, to: 2 * megabyte });
    expect(readFileSync(file).equals(bytes.subarray(0, 2 * megabyte))).toBe(true);
  });

  it.runIf(hasDirectWay())("tells any other failure", () => {
    Object.assign(fails, { writeAfter: 1, code: "ENOSPC" });
    expect(() => writeDirectly(file, 0, bytes)).toThrow(
      expect.objectContaining({ code: "ENOSPC", path: file }),
    );
  });

  it.runIf(O_DIRECT !== 0)("refuses a file that is not there and a symbolic link, by their names", () => {
    const link = path.join(dir, "b.csv");
    symlinkSync(file, link);
    expect(() => writeDirectly(link, 0, bytes)).toThrow(
      expect.objectContaining({ code: "ELOOP", path: link }),
    );
    rmSync(file);
    expect(() => writeDirectly(file, 0, bytes)).toThrow(
      expect.objectContaining({ code: "ENOENT", path: file }),
    );
    expect(readFileSync.bind(null, file)).toThrow("ENOENT");
  });
});

describe("takePages(bytes)", () => {
  it("gives memory of its own, all zero", () => {
    const [one, other] = [takePages(2 * directUnit), takePages(2 * directUnit)];
    one.fill(1);
    expect(one).toHaveLength(2 * directUnit);
    expect(other.every((byte) => byte === 0)).toBe(true);
  });
});
