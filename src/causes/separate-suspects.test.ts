import { describe, expect, it } from "vitest";
import { sumTallies } from "./change-point.js";
import type { Grouping } from "./evidence.js";
import { separateSuspects } from "./separate-suspects.js";

const [province, file, first, second, third] = [0, 1, 2, 3, 4];
const suspects = [province, file, first, second, third];

const grouping = (groups: readonly number[], records: number, found: number): Grouping => ({
  groups,
  tally: { records, found, held: found },
});

/** With so many records of everybody else, of whom one in a hundred has the finding. */
function separate(groupings: readonly Grouping[]): number[] {
  const own = sumTallies(groupings.map(({ tally }) => tally));
  const all = { records: own.records + 100_000, found: own.found + 1000, held: own.held + 1000 };
  return separateSuspects(suspects, groupings, all).sort();
}

describe("separateSuspects(suspects, groupings, all)", () => {
  it("takes a facility for its province and its file", () => {
    expect(
      separate([
        grouping([province, file, first], 500, 450),
        grouping([province, file], 5000, 50),
        grouping([file], 40_000, 400),
      ]),
    ).toEqual([first]);
  });

  it("takes a province for all its facilities", () => {
    expect(
      separate([
        grouping([province, first], 500, 450),
        grouping([province, second], 500, 440),
        grouping([province, third], 500, 460),
        grouping([province, file], 5000, 4500),
        grouping([file], 40_000, 400),
      ]),
    ).toEqual([province]);
  });

  it("takes a file for the facilities and provinces in it", () => {
    expect(
      separate([
        grouping([province, file, first], 500, 450),
        grouping([file, second], 500, 450),
        grouping([file], 9000, 8000),
        grouping([province], 5000, 50),
        grouping([first], 5000, 50),
      ]),
    ).toEqual([file]);
  });

  it("takes each of several facilities of a province, not the province", () => {
    expect(
      separate([
        grouping([province, first], 500, 450),
        grouping([province, second], 400, 350),
        grouping([province, third], 300, 250),
        grouping([province], 20_000, 200),
      ]),
    ).toEqual([first, second, third]);
  });

  it("takes a province and a facility elsewhere", () => {
    expect(separate([grouping([province, first], 5000, 4500), grouping([second], 400, 350)])).toEqual([
      province,
      second,
    ]);
  });
});
