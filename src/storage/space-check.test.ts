import { describe, expect, it } from "vitest";
import { exitCodes } from "../errors.js";
import { requireSpace } from "./space-check.js";

const needs = { place: "/srv/reports", neededBytes: 3 << 20, what: "1 MB of input" };

describe("requireSpace(needs, measure)", () => {
  it("says what is free and what is needed when it is a byte too little", () => {
    expect(() => requireSpace(needs, () => (3 << 20) - 1)).toThrow(
      expect.objectContaining({
        exitCode: exitCodes.environment,
        message: expect.stringContaining("/srv/reports: 3 MB free; expected about 3 MB for 1 MB of input."),
      }),
    );
    expect(() => requireSpace(needs, () => 1 << 20)).toThrow("1 MB free; expected about 3 MB");
  });

  it("passes with just enough, and where the system does not say", () => {
    requireSpace(needs, () => 3 << 20);
    requireSpace(needs, () => null);
  });

  it("measures the disk of the nearest folder that is there", () => {
    requireSpace({ ...needs, place: "/not/there/yet", neededBytes: 1 });
    expect(() => requireSpace({ ...needs, place: "/not/there/yet", neededBytes: 2 ** 60 })).toThrow(
      "MB free",
    );
  });
});
