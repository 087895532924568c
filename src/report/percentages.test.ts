import { describe, expect, it } from "vitest";
import { codeCatalogue } from "../judge/code-catalogue.js";
import type { Tally } from "./metrics.js";
import { cleanliness, countSets, coverage, percentOf } from "./percentages.js";

describe("the figures published in March 2022 (people)", () => {
  // Right, wrong information, no ID or wrong format, not yet verified.
  const published: Tally = {
    records: 76_625_823,
    byCode: { C1: 51_493_286, X31: 19_039_997, X20: 3_513_000, E61: 2_579_540 },
  };

  it("fall into the three sets", () => {
    expect(countSets(published)).toEqual({
      records: 76_625_823,
      cleaned: 51_493_286,
      errors: 2_579_540,
      exceptions: 22_552_997,
    });
  });

  it("give the cleanliness and the coverage worked out by hand", () => {
    expect(cleanliness(published)).toEqual({
      numerator: 51_493_286,
      denominator: 54_072_826,
      percent: 95.2295,
    });
    expect(coverage(published)).toEqual({
      numerator: 51_493_286,
      denominator: 76_625_823,
      percent: 67.2009,
    });
  });
});

describe("percentOf(numerator, denominator)", () => {
  it.each([
    [0, 0, null],
    [0, 5, 0],
    [5, 5, 100],
    [1, 3, 33.3333],
    [2, 3, 66.6666],
    [9_999_999, 10_000_000, 99.9999],
    [99_999_999, 100_000_000, 99.9999],
    [1, 100_000_000, 0],
  ])("makes %d of %d %j percent", (numerator, denominator, percent) => {
    expect(percentOf(numerator, denominator)).toEqual({ numerator, denominator, percent });
  });

  it("is not applicable where everything is carved out, while the coverage is 0", () => {
    const tally = { records: 7, byCode: { X10: 3, X34: 4 } };
    expect(cleanliness(tally)).toEqual({ numerator: 0, denominator: 0, percent: null });
    expect(coverage(tally)).toEqual({ numerator: 0, denominator: 7, percent: 0 });
  });
});

describe("countSets(tally)", () => {
  it.each(codeCatalogue.map(({ code }) => code))("puts %s into the set of its letter", (code) => {
    const { cleaned, exceptions, errors } = countSets({ records: 1, byCode: { [code]: 1 } });
    expect({ cleaned, exceptions, errors }).toEqual({
      cleaned: code.startsWith("C") ? 1 : 0,
      exceptions: code.startsWith("X") ? 1 : 0,
      errors: code.startsWith("E") ? 1 : 0,
    });
  });
});
