import { describe, expect, it } from "vitest";
import type { SentRecords } from "./late-deliveries.js";
import type { DimensionRow, Metrics } from "./metrics.js";
import { findNeverSent } from "./never-sent.js";

const table = [
  { key: "79", label: "Thành phố Hồ Chí Minh" },
  { key: "01", label: "Thành phố Hà Nội" },
  { key: "04", label: "Tỉnh Cao Bằng" },
];

function now(...keys: readonly string[]): Pick<Metrics, "dimensions"> {
  const tally = { records: 1, byCode: { C1: 1 } };
  return {
    dimensions: {
      province: keys.map((key): DimensionRow => ({ key, label: key, doses: tally, people: tally })),
    },
  };
}

function sent(...keys: readonly string[]): SentRecords {
  return { province: new Map(keys.map((key) => [key, { label: key, records: 1 }])) };
}

const names = (...of: Parameters<typeof findNeverSent>): string[] =>
  findNeverSent(...of).map(({ key }) => key);

describe("findNeverSent(metrics, earlier, provinces)", () => {
  it("names, by key, the provinces of the table that stand neither in this run nor in an earlier one", () => {
    expect(names(now("01"), [], table)).toEqual(["04", "79"]);
    expect(names(now("01"), [sent("79"), sent()], table)).toEqual(["04"]);
    expect(names(now("01", "79"), [sent("04")], table)).toEqual([]);
  });

  it("says nothing of a run that tells no province of the table", () => {
    expect(names(now("", "?"), [sent("01")], table)).toEqual([]);
    expect(findNeverSent({ dimensions: {} }, [sent("01")], table)).toEqual([]);
  });
});
