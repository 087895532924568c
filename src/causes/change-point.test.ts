import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findChange } from "./change-point.js";

const moment = (at: number, records: number, found: number) => ({ at, records, found, held: found });

describe("findChange(moments)", () => {
  it("finds the moment from which a sign is frequent", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 98 }), (change) => {
        const moments = Array.from({ length: 100 }, (_, at) => moment(at, 100, at < change ? 1 : 87));
        expect(findChange(moments)).toBe(change);
      }),
    );
  });

  it.each([
    ["it was so all along", Array.from({ length: 100 }, (_, at) => moment(at, 100, 87))],
    ["it is rare all along", Array.from({ length: 100 }, (_, at) => moment(at, 100, at % 3))],
    ["it became rare", Array.from({ length: 100 }, (_, at) => moment(at, 100, at < 50 ? 87 : 1))],
    ["it rose a little", Array.from({ length: 100 }, (_, at) => moment(at, 100, at < 50 ? 40 : 60))],
    ["there is one moment", [moment(3, 100, 87)]],
    ["there is none", []],
  ])("finds none when %s", (_, moments) => {
    expect(findChange(moments)).toBeNull();
  });
});
