import { describe, expect, it } from "vitest";
import {
  birthDateLevels,
  type Comparison,
  countDifferences,
  isProof,
  nameLevels,
  packComparison,
  personStates,
  sexLevels,
  unpackComparison,
} from "./comparison.js";

function everyComparison(): Comparison[] {
  return nameLevels.flatMap((_, name) =>
    birthDateLevels.flatMap((__, birthDate) =>
      sexLevels.flatMap((___, sex) => personStates.map((____, person) => ({ name, birthDate, sex, person }))),
    ),
  );
}

describe("packComparison and unpackComparison", () => {
  it("give every comparison back, in bits below that of a record's birth year", () => {
    const packed = everyComparison().map(packComparison);
    expect(packed.map(unpackComparison)).toEqual(everyComparison());
    expect(new Set(packed).size).toBe(packed.length);
    expect(Math.max(...packed)).toBeLessThan(1 << 10);
  });

  it("does not mind the bit of a record's birth year", () => {
    for (const comparison of everyComparison())
      expect(unpackComparison(packComparison(comparison) | (1 << 10))).toEqual(comparison);
  });

  it("keeps the positions that stored assessments use", () => {
    expect(nameLevels).toEqual([
      "not-compared",
      "equal",
      "marks-lost",
      "repaired",
      "marks-differ",
      "different",
    ]);
    expect(birthDateLevels).toEqual([
      "not-compared",
      "equal",
      "year-only",
      "record-year-only",
      "swapped",
      "first-of-january",
      "different",
    ]);
    expect(sexLevels).toEqual(["not-compared", "equal", "different"]);
    expect(personStates).toEqual(["none", "found", "repaired"]);
  });
});

describe("isProof(comparison)", () => {
  it("holds for these combinations of name, birth date and sex, and no other", () => {
    const proofs = everyComparison()
      .filter(({ person }) => person === 0)
      .filter(isProof)
      .map(({ name, birthDate, sex }) =>
        [nameLevels[name], birthDateLevels[birthDate], sexLevels[sex]].join(" "),
      );
    expect(proofs).toEqual([
      "equal equal equal",
      "equal year-only equal",
      "marks-lost equal equal",
      "repaired equal equal",
      "repaired year-only equal",
    ]);
  });
});

describe("countDifferences(comparison)", () => {
  it.each([
    ["equal", "equal", "equal", 0],
    ["not-compared", "not-compared", "not-compared", 0],
    ["marks-lost", "year-only", "equal", 0],
    ["repaired", "equal", "equal", 0],
    ["marks-differ", "equal", "equal", 1],
    ["different", "equal", "equal", 1],
    ["equal", "record-year-only", "equal", 1],
    ["equal", "swapped", "equal", 1],
    ["equal", "first-of-january", "equal", 1],
    ["equal", "different", "different", 2],
    ["different", "different", "different", 3],
    ["different", "not-compared", "different", 2],
  ] as const)("name %s, birth date %s, sex %s: %i", (name, birthDate, sex, count) => {
    expect(
      countDifferences({
        name: nameLevels.indexOf(name),
        birthDate: birthDateLevels.indexOf(birthDate),
        sex: sexLevels.indexOf(sex),
        person: 1,
      }),
    ).toBe(count);
  });
});
