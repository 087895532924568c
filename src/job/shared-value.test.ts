import { describe, expect, it } from "vitest";
import { readSharedValue, shareValue } from "./shared-value.js";

describe("shareValue(value) and readSharedValue(shared)", () => {
  it("give back equal data from memory that threads share", () => {
    const value = {
      name: "Hà Nội",
      none: null,
      numbers: [1, -2.5, 2 ** 40],
      wards: new Map([["00001", { ward: "Phường Phúc Xá" }]]),
      codes: new Set(["000", "001"]),
    };
    const shared = shareValue(value);
    expect(shared.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(readSharedValue(shared)).toEqual(value);
  });
});
