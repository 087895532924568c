import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countDays, formatDmy, formatIso, readDay, readYear, toExcelSerial } from "./calendar.js";

describe("days", () => {
  it.each([
    [1970, 1, 1, 0, "01/01/1970"],
    [2000, 2, 29, 11_016, "29/02/2000"],
    [2021, 3, 8, 18_694, "08/03/2021"],
    [1921, 12, 31, -17_533, "31/12/1921"],
  ])("%i-%i-%i is day %i", (year, month, day, days, text) => {
    expect(countDays(year, month, day)).toBe(days);
    expect(formatDmy(days)).toBe(text);
    expect(readYear(days)).toBe(year);
  });
  it("agree with the calendar of the platform", () => {
    fc.assert(
      fc.property(fc.integer({ min: -25_567, max: 30_000 }), (days) => {
        const { year, month, day } = readDay(days);
        expect(countDays(year, month, day)).toBe(days);
        expect(formatIso(days)).toBe(new Date(days * 86_400_000).toISOString().slice(0, 10));
      }),
    );
  });
  it("has Excel's numbers", () => expect(toExcelSerial(countDays(1991, 1, 6))).toBe(33_244));
});
