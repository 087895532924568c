import { describe, expect, it } from "vitest";
import { findHighest, lookUp } from "./look-up.js";

describe("lookUp(column, table)", () => {
  it("gives what stands at each entry, of narrow and wide columns", () => {
    const table = Uint32Array.of(70_000, 5, 9);
    expect(lookUp(Uint8Array.of(2, 0, 2), table)).toEqual(Uint32Array.of(9, 70_000, 9));
    expect(lookUp(Uint32Array.of(1, 1), table)).toEqual(Uint32Array.of(5, 5));
  });
});

describe("findHighest(numbers)", () => {
  it("is 0 of none", () => {
    expect(findHighest(new Uint32Array(0))).toBe(0);
    expect(findHighest(Uint32Array.of(3, 0xffffffff, 0))).toBe(0xffffffff);
  });
});
