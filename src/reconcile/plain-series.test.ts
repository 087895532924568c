import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noVaccine } from "../assess/assessment.js";
import { checkPersonDoses } from "../vaccination/person-doses.js";
import type { Vaccine } from "../vaccination/vaccine.js";
import { isPlainSeries, listLeastDays } from "./plain-series.js";

const vaccines = [28, null, 0].map((minIntervalDays) => ({ minIntervalDays })) as Vaccine[];
const leastDays = listLeastDays(vaccines);

type Dose = readonly [day: number, dose: number, vaccine: number, isClean?: number];

function isPlain(doses: readonly Dose[]): boolean {
  const columns = {
    day: Int32Array.from(doses, ([day]) => day),
    dose: Uint8Array.from(doses, ([, dose]) => dose),
    vaccine: Uint8Array.from(doses, ([, , vaccine]) => vaccine),
  };
  const isClean = Uint8Array.from(doses, ([, , , clean = 1]) => clean);
  const members = Uint32Array.from(doses.keys());
  return isPlainSeries(columns, isClean, leastDays, members, 0, doses.length);
}

describe("isPlainSeries(columns, isClean, leastDays, members, start, end)", () => {
  it.each<[string, boolean, readonly Dose[]]>([
    ["a first dose", true, [[18_800, 1, 0]]],
    ["no clean dose", true, [[18_800, 2, 0, 0]]],
    [
      "doses at the least interval",
      true,
      [
        [18_800, 1, 0],
        [18_828, 2, 0],
        [18_900, 3, noVaccine],
      ],
    ],
    [
      "a record between them that is not clean",
      true,
      [
        [18_800, 1, 0],
        [18_800, 1, 0, 0],
        [18_828, 2, 0],
      ],
    ],
    [
      "a day too early",
      false,
      [
        [18_800, 1, 0],
        [18_827, 2, 0],
      ],
    ],
    [
      "two doses of a day",
      false,
      [
        [18_800, 1, 2],
        [18_800, 2, 2],
      ],
    ],
    ["a second dose alone", false, [[18_800, 2, 0]]],
    [
      "a dose delivered before an earlier one",
      false,
      [
        [18_900, 2, 1],
        [18_800, 1, 1],
      ],
    ],
  ])("says of %s: %s", (_, expected, doses) => {
    expect(isPlain(doses)).toBe(expected);
  });

  it("is true only of what checkPersonDoses says nothing of", () => {
    const dose = fc.tuple(
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 0, max: 4 }),
      fc.constantFrom(0, 1, 2, noVaccine),
    );
    fc.assert(
      fc.property(fc.array(dose, { maxLength: 4 }), (doses) => {
        fc.pre(isPlain(doses));
        const found = checkPersonDoses(
          doses.map(([day, dose, vaccine]) => ({ day, dose, vaccine: vaccines[vaccine] ?? null })),
        );
        expect(found.flat()).toEqual([]);
      }),
    );
  });
});
