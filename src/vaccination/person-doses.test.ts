import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkPersonDoses, type PersonDose } from "./person-doses.js";
import type { Vaccine } from "./vaccine.js";

function vaccineWith(minIntervalDays: number | null): Vaccine {
  return {
    key: "v",
    name: "V",
    cvx: "",
    approvalDay: null,
    isApprovalConfirmed: false,
    minIntervalDays,
    minAgeYears: null,
    primaryDoses: 2,
    index: 0,
  };
}
const weeks3 = vaccineWith(21);
const weeks4 = vaccineWith(28);
const single = vaccineWith(null);

function check(...doses: [day: number, dose: number, vaccine?: Vaccine][]): string[] {
  return checkPersonDoses(doses.map(([day, dose, vaccine = null]) => ({ day, dose, vaccine }))).map(
    (findings) => findings.map((id) => id.replace("dose.", "")).join(" "),
  );
}

describe("checkPersonDoses(doses)", () => {
  it.each<[string, Parameters<typeof check>, string[]]>([
    ["nobody", [], []],
    ["one first dose", [[0, 1]], [""]],
    ["a second dose alone", [[0, 2]], ["gap"]],
    [
      "two doses in order",
      [
        [0, 1],
        [30, 2],
      ],
      ["", ""],
    ],
    [
      "two doses, the later one delivered first",
      [
        [30, 2],
        [0, 1],
      ],
      ["", ""],
    ],
    [
      "the same day: the first delivered stays",
      [
        [0, 2],
        [0, 1],
      ],
      ["gap", "same-day"],
    ],
    [
      "the same day, three times",
      [
        [5, 1],
        [5, 1],
        [5, 2],
      ],
      ["", "same-day", "same-day"],
    ],
    [
      "numbers against the dates",
      [
        [0, 2],
        [30, 1],
      ],
      ["order", "order"],
    ],
    [
      "one number on two days",
      [
        [0, 1],
        [30, 1],
      ],
      ["order", "order"],
    ],
    [
      "only the records that contradict",
      [
        [0, 1],
        [30, 3],
        [60, 2],
        [90, 4],
      ],
      ["", "order", "order", ""],
    ],
    [
      "a late first dose against all",
      [
        [0, 2],
        [30, 3],
        [60, 1],
      ],
      ["order", "order", "order"],
    ],
    [
      "a contradiction that same-day removed",
      [
        [0, 1],
        [0, 2],
        [30, 2],
      ],
      ["", "same-day", ""],
    ],
    [
      "a day short of the minimum",
      [
        [0, 1, weeks4],
        [27, 2],
      ],
      ["", "interval-short"],
    ],
    [
      "the minimum",
      [
        [0, 1, weeks4],
        [28, 2],
      ],
      ["", ""],
    ],
    [
      "the earlier dose's vaccine counts",
      [
        [0, 1, weeks3],
        [21, 2, weeks4],
        [48, 3],
      ],
      ["", "", "interval-short"],
    ],
    [
      "a vaccine without a minimum",
      [
        [0, 1, single],
        [1, 2],
      ],
      ["", ""],
    ],
    [
      "an unknown vaccine before",
      [
        [0, 1],
        [1, 2, weeks4],
      ],
      ["", ""],
    ],
    [
      "a missing second dose",
      [
        [0, 1],
        [90, 3],
      ],
      ["", "gap"],
    ],
    [
      "two missing, then in order",
      [
        [0, 3],
        [90, 4],
      ],
      ["gap", ""],
    ],
    [
      "short and missing",
      [
        [0, 1, weeks4],
        [10, 3],
      ],
      ["", "interval-short gap"],
    ],
    [
      "a removed same-day dose fills no gap",
      [
        [0, 1],
        [0, 2],
        [90, 3],
      ],
      ["", "same-day", "gap"],
    ],
  ])("%s", (_, doses, findings) => {
    expect(check(...doses)).toEqual(findings);
  });

  it("agrees with the rule, pair by pair, on any doses", () => {
    const dose = fc.record({
      day: fc.integer({ min: 0, max: 9 }),
      dose: fc.integer({ min: 1, max: 6 }),
      vaccine: fc.constantFrom(null, weeks3, single),
    });
    fc.assert(
      fc.property(fc.array(dose, { maxLength: 8 }), (doses: PersonDose[]) => {
        const results = checkPersonDoses(doses);
        expect(results).toHaveLength(doses.length);
        const isRepeat = (index: number): boolean =>
          doses.findIndex(({ day }) => day === (doses[index] as PersonDose).day) !== index;
        for (const [index, one] of doses.entries()) {
          const others = doses.filter((_, other) => other !== index && !isRepeat(other));
          const contradicts = others.some(
            (other) =>
              (other.day < one.day && other.dose >= one.dose) ||
              (other.day > one.day && other.dose <= one.dose),
          );
          expect(results[index]?.includes("dose.same-day")).toBe(isRepeat(index));
          expect(results[index]?.includes("dose.order")).toBe(!isRepeat(index) && contradicts);
          if (isRepeat(index)) expect(results[index]).toEqual(["dose.same-day"]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("answers for a number that a hundred thousand records share", () => {
    const doses = Array.from({ length: 100_000 }, (_, day) => ({ day, dose: 1, vaccine: null }));
    expect(checkPersonDoses(doses).every((findings) => findings[0] === "dose.order")).toBe(true);
  });
});
