import { describe, expect, it } from "vitest";
import { summarise, summariseRatios } from "./medians.js";

describe("summarise(values)", () => {
  it.each([
    [[3], { median: 3, min: 3, max: 3 }],
    [[9, 1, 4], { median: 4, min: 1, max: 9 }],
    [[10, 2, 4, 3], { median: 3.5, min: 2, max: 10 }],
  ])("%j", (values, spread) => {
    expect(summarise(values)).toEqual(spread);
  });
});

describe("summariseRatios(above, below, read)", () => {
  it("divides within a turn, so a turn in which everything was slow changes nothing", () => {
    const ratios = summariseRatios([10, 40, 12], [5, 20, 6], (seconds) => seconds);
    expect(ratios).toEqual({ median: 2, min: 2, max: 2 });
  });
});
