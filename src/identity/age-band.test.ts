import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ageBands, createAgeBands } from "./age-band.js";
import { dayNumber, yearsBetween } from "./calendar.js";

function bandOf(birth: readonly [number, number, number], asOf: readonly [number, number, number]): string {
  return ageBands[createAgeBands(dayNumber(...asOf))(dayNumber(...birth))]?.key ?? "none";
}

describe("createAgeBands(asOfDay)", () => {
  it.each([
    [[2023, 6, 14], "none"],
    [[2023, 6, 13], "00-04"],
    [[2018, 6, 14], "00-04"],
    [[2018, 6, 13], "05-11"],
    [[2011, 6, 14], "05-11"],
    [[2011, 6, 13], "12-17"],
    [[2005, 6, 13], "18-29"],
    [[1993, 6, 14], "18-29"],
    [[1993, 6, 13], "30-39"],
    [[1983, 6, 13], "40-49"],
    [[1973, 6, 13], "50-64"],
    [[1958, 6, 13], "65-79"],
    [[1943, 6, 14], "65-79"],
    [[1943, 6, 13], "80+"],
    [[1903, 1, 1], "80+"],
  ] as const)("puts somebody born on %j into %s on 2023-06-13", (birth, band) => {
    expect(bandOf(birth, [2023, 6, 13])).toBe(band);
  });

  it("counts a year from 29 February on 1 March, and to 29 February on that day", () => {
    expect(bandOf([2004, 2, 29], [2022, 2, 28])).toBe("12-17");
    expect(bandOf([2004, 2, 29], [2022, 3, 1])).toBe("18-29");
    expect(bandOf([2006, 2, 28], [2024, 2, 29])).toBe("18-29");
    expect(bandOf([2006, 3, 1], [2024, 2, 29])).toBe("12-17");
  });

  it("is the band of the age in whole years, on any two days", () => {
    const day = fc.integer({ min: dayNumber(1850, 1, 1), max: dayNumber(2150, 1, 1) });
    fc.assert(
      fc.property(day, day, (birthDay, asOfDay) => {
        const age = yearsBetween(birthDay, asOfDay);
        const expected = age < 0 ? -1 : ageBands.findLastIndex(({ from }) => age >= from);
        expect(createAgeBands(asOfDay)(birthDay)).toBe(expected);
      }),
      { numRuns: 2000, seed: 5 },
    );
  });
});
