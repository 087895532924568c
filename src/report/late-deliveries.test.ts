import { describe, expect, it } from "vitest";
import { countCompared, findLate, type SenderDimension, type SentRecords } from "./late-deliveries.js";
import type { DimensionRow, Metrics } from "./metrics.js";

type Counts = Readonly<Record<string, number>>;

function sent(counts: Counts, dimension: SenderDimension = "province"): SentRecords {
  const entries = Object.entries(counts).map(
    ([key, records]) => [key, { label: `${key} then`, records }] as const,
  );
  return { [dimension]: new Map(entries) };
}

function now(counts: Counts, dimension: SenderDimension = "province"): Pick<Metrics, "dimensions"> {
  const rows = Object.entries(counts).map(([key, records]): DimensionRow => {
    const tally = { records, byCode: { C1: records } };
    return { key, label: `${key} now`, doses: tally, people: tally };
  });
  return { dimensions: { [dimension]: rows } };
}

const threeNights = [
  sent({ "01": 100, "02": 40 }),
  sent({ "01": 90, "02": 50 }),
  sent({ "01": 80, "02": 60 }),
];

describe("findLate(metrics, earlier)", () => {
  it("names who sent nothing, or under half of the median; half of it is enough", () => {
    expect(findLate(now({ "01": 44 }), threeNights)).toEqual([
      { dimension: "province", key: "02", label: "02 then", records: 0, usual: 50 },
      { dimension: "province", key: "01", label: "01 then", records: 44, usual: 90 },
    ]);
    expect(findLate(now({ "01": 45, "02": 25 }), threeNights)).toEqual([]);
  });

  it("says nothing before there are three runs", () => {
    expect(findLate(now({}), threeNights.slice(1))).toEqual([]);
    expect(findLate({ dimensions: {} }, threeNights)).toEqual([]);
  });

  it.each<[what: string, before: readonly number[], usual: number | null]>([
    ["of an even number of runs the middle two, rounded down", [10, 20, 25, 90], 22],
    ["a night of nothing among full ones", [0, 50, 50], 50],
    ["who came once", [0, 0, 99], null],
    ["who sends as good as nothing", [9, 9, 9], null],
    ["who sends ten", [10, 10, 10], 10],
  ])("takes for usual the median: %s", (_what, before, usual) => {
    const earlier = before.map((records) => sent(records === 0 ? {} : { "01": records }));
    expect(findLate(now({}), earlier).map((late) => late.usual)).toEqual(usual === null ? [] : [usual]);
  });

  it("does not look for what was not given and what no table knows", () => {
    const night = sent({ "": 500, "?": 500, "01": 500 }, "facility");
    expect(findLate(now({}, "facility"), [night, night, night]).map(({ key }) => key)).toEqual(["01"]);
  });

  it("counts for a dimension only the runs that counted it", () => {
    const stations = sent({ s: 20 }, "facility");
    expect(findLate(now({}, "facility"), [...threeNights, stations, stations])).toEqual([]);
  });

  it("lists most missing records first, then provinces before facilities, then by key; at most 200 of each", () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`s${1000 + index}`, 20]));
    const night = { ...sent({ ...many, big: 900 }, "facility"), ...sent({ "02": 20, "01": 20 }) };
    const metrics = { dimensions: { facility: [], province: [] } };
    const late = findLate(metrics, [night, night, night]);
    expect(late.slice(0, 4).map(({ dimension, key }) => `${dimension} ${key}`)).toEqual([
      ...["facility big", "province 01", "province 02", "facility s1000"],
    ]);
    expect(late).toHaveLength(202);
    expect(late.at(-1)?.key).toBe("s1198");
  });
});

describe("countCompared(metrics, earlier)", () => {
  it("counts for each dimension the runs that counted it, where this run does too", () => {
    const stations = sent({ s: 20 }, "facility");
    const both = { dimensions: { province: [], facility: [] } };
    expect(countCompared(both, [...threeNights, stations])).toEqual({ province: 3, facility: 1 });
    expect(countCompared(now({}), [...threeNights, stations])).toEqual({ province: 3, facility: 0 });
  });
});
