import { InvalidArgumentError } from "commander";
import { describe, expect, it } from "vitest";
import { readCount, readDay, readSeed, readSize } from "./option-values.js";

describe("readSize(text)", () => {
  it.each([
    ["4096", 4096],
    ["1B", 1],
    ["4KB", 4096],
    ["4kb", 4096],
    ["4K", 4096],
    ["4KiB", 4096],
    ["8 MB", 8 * 1024 ** 2],
    ["512MB", 512 * 1024 ** 2],
    ["1.5GB", 1.5 * 1024 ** 3],
    ["2TB", 2 * 1024 ** 4],
  ])("reads %s", (text, bytes) => {
    expect(readSize(text)).toBe(bytes);
  });

  it.each(["", "0", "0MB", "-1", "MB", "1XB", "1.0001KB", "1e9", "99999999999TB", "1 2KB", "0x10"])(
    "refuses %s",
    (text) => {
      expect(() => readSize(text)).toThrow(InvalidArgumentError);
    },
  );
});

describe("readDay(text)", () => {
  it("takes a day of the calendar as it is", () => {
    expect([readDay("2023-06-13"), readDay("2024-02-29")]).toEqual(["2023-06-13", "2024-02-29"]);
  });

  it.each(["2023-02-29", "13/06/2023", "2023-6-13", "20230613", "", "2023-06-13T00:00"])(
    "refuses %s",
    (text) => {
      expect(() => readDay(text)).toThrow(InvalidArgumentError);
    },
  );
});

describe("readCount(text) and readSeed(text)", () => {
  it("take whole numbers of their range", () => {
    expect([readCount("1"), readCount("64"), readSeed("0"), readSeed("4294967295")]).toEqual([
      1, 64, 0, 4294967295,
    ]);
  });

  it.each(["0", "-1", "1.5", "", "two", "1e3"])("readCount refuses %s", (text) => {
    expect(() => readCount(text)).toThrow(InvalidArgumentError);
  });

  it.each(["-1", "4294967296", "1.5", ""])("readSeed refuses %s", (text) => {
    expect(() => readSeed(text)).toThrow(InvalidArgumentError);
  });
});
