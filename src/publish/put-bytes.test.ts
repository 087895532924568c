import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isoDate } from "../identity/calendar.js";
import { putAll, putBytes, putDelivered, putIsoDate, putTwelveDigits, putWhole } from "./put-bytes.js";

/** What `put` writes after one byte, which it must leave alone. */
function written(put: (out: Uint8Array, at: number) => number): string {
  const out = Buffer.alloc(400, 0x2e);
  const end = put(out, 1);
  expect(out.toString("latin1", end)).toBe(".".repeat(400 - end));
  expect(out[0]).toBe(0x2e);
  return out.toString("utf8", 1, end);
}

describe("putBytes and putAll", () => {
  it("put short and long ranges as they are", () => {
    const bytes = Buffer.from("ắb".repeat(60));
    for (const [start, end] of [
      [0, 0],
      [4, 8],
      [0, 39],
      [1, 41],
      [3, 240],
    ] as const) {
      const part = bytes.subarray(start, end);
      expect(written((out, at) => putBytes(out, at, bytes, start, end))).toBe(part.toString());
      expect(written((out, at) => putAll(out, at, part))).toBe(part.toString());
    }
  });
});

describe("putTwelveDigits(out, at, value)", () => {
  it.each([
    [0, "000000000000"],
    [42, "000000000042"],
    [2 ** 32, "004294967296"],
    [79_185_000_001, "079185000001"],
    [999_999_999_999, "999999999999"],
  ])("writes %i as %s", (value, digits) => {
    expect(written((out, at) => putTwelveDigits(out, at, value))).toBe(digits);
  });

  it("writes any number as padStart does", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), (value) => {
        expect(written((out, at) => putTwelveDigits(out, at, value))).toBe(String(value).padStart(12, "0"));
      }),
    );
  });
});

describe("putWhole(out, at, value)", () => {
  it.each([0, 7, 9, 10, 99, 100, 2 ** 32, Number.MAX_SAFE_INTEGER])(
    "writes %i as a string has it",
    (value) => {
      expect(written((out, at) => putWhole(out, at, value))).toBe(String(value));
    },
  );
});

describe("putIsoDate(out, at, day)", () => {
  it("writes every day as the calendar does, the first time and again", () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000, max: 100_000 }), (day) => {
        for (let time = 0; time < 2; time++)
          expect(written((out, at) => putIsoDate(out, at, day))).toBe(isoDate(day));
      }),
    );
    for (const day of [-43_830, -43_829, 0, 84_005, 84_006])
      expect(written((out, at) => putIsoDate(out, at, day))).toBe(isoDate(day));
  });
});

describe("putDelivered(out, at, bytes, start, end)", () => {
  const put = (delivered: string): string => {
    const bytes = Buffer.from(`;${delivered};`);
    return written((out, at) => putDelivered(out, at, bytes, 1, bytes.length - 1));
  };

  it.each([
    ["a", "a"],
    ["a,b", '"a,b"'],
    [",", '","'],
    ['"a,b"', '"a,b"'],
    ['"a ""b"""', '"a ""b"""'],
    ['"x\ny"', '"x\ny"'],
    ["", ""],
  ])("writes %j as %j", (delivered, field) => {
    expect(put(delivered)).toBe(field);
  });

  it("keeps the text of any cell of a semicolon-separated file", () => {
    const cell = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.string({ unit: fc.constantFrom(...'a,"\n\r;\t ắ'), maxLength: 60 }),
    );
    fc.assert(
      fc.property(cell, (text) => {
        const delivered = /[;"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
        expect(parse(`${put(delivered)},end`)).toEqual([[text, "end"]]);
      }),
      { numRuns: 500 },
    );
  });
});
