import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayNumber, isoDate, isRealDate, partsOf, yearOf, yearsBetween } from "./calendar.js";

describe("dayNumber(year, month, day)", () => {
  it.each([
    [1970, 1, 1, 0],
    [1969, 12, 31, -1],
    [2000, 2, 29, 11_016],
    [2000, 3, 1, 11_017],
    [2021, 3, 8, 18_694],
    [1900, 2, 28, -25_509],
    [1900, 3, 1, -25_508],
    [1, 1, 1, -719_162],
    [9999, 12, 31, 2_932_896],
  ])("%i-%i-%i is day %i", (year, month, day, expected) => {
    expect(dayNumber(year, month, day)).toBe(expected);
    expect(partsOf(expected)).toEqual({ year, month, day });
  });

  it("agrees with the platform's UTC calendar on every day from year 1 to 9999", () => {
    fc.assert(
      fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (day) => {
        const { year, month, day: dayOfMonth } = partsOf(day);
        const utc = new Date(day * 86_400_000);
        expect([year, month, dayOfMonth]).toEqual([
          utc.getUTCFullYear(),
          utc.getUTCMonth() + 1,
          utc.getUTCDate(),
        ]);
        expect(dayNumber(year, month, dayOfMonth)).toBe(day);
        expect(yearOf(day)).toBe(year);
        expect(isRealDate(year, month, dayOfMonth)).toBe(true);
        expect(isoDate(day)).toBe(utc.toISOString().slice(0, 10));
      }),
    );
  });
});

describe("isRealDate(year, month, day)", () => {
  it.each([
    [2024, 2, 29, true],
    [2023, 2, 29, false],
    [1900, 2, 29, false],
    [2000, 2, 29, true],
    [2021, 4, 31, false],
    [2021, 12, 31, true],
    [2021, 0, 1, false],
    [2021, 13, 1, false],
    [2021, 1, 0, false],
    [0, 1, 1, false],
    [2021, 1, 1.5, false],
    [Number.NaN, 1, 1, false],
  ])("%d-%d-%d: %s", (year, month, day, expected) => {
    expect(isRealDate(year, month, day)).toBe(expected);
  });
});

describe("yearsBetween(from, to)", () => {
  type Parts = [year: number, month: number, day: number];
  it.each<[string, Parts, Parts, number]>([
    ["the day before the birthday", [2000, 5, 20], [2021, 5, 19], 20],
    ["the birthday", [2000, 5, 20], [2021, 5, 20], 21],
    ["29 February, on 28 February", [2000, 2, 29], [2021, 2, 28], 20],
    ["29 February, on 1 March", [2000, 2, 29], [2021, 3, 1], 21],
    ["a later day first", [2021, 1, 2], [2021, 1, 1], -1],
  ])("%s", (_, from, to, expected) => {
    expect(yearsBetween(dayNumber(...from), dayNumber(...to))).toBe(expected);
  });
});
