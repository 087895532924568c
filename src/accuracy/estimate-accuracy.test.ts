import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../sample/random.js";
import { allocateSample } from "./allocate-sample.js";
import { type CheckedStratum, estimateAccuracy } from "./estimate-accuracy.js";

function stratum(population: number, right: number, wrong = 0, unsure = 0): CheckedStratum {
  return { population, right, wrong, unsure };
}

/** Chances of 0, 1, … wrong ones among `drawn` of a population with `wrong`: hypergeometric, by exact counting. */
function chancesOf(population: number, wrong: number, drawn: number): number[] {
  const choose = (of: number, some: number): number => {
    if (some < 0 || some > of) return 0;
    let ways = 1;
    for (let at = 1; at <= some; at++) ways = (ways * (of - some + at)) / at;
    return ways;
  };
  return Array.from(
    { length: drawn + 1 },
    (_, found) =>
      (choose(wrong, found) * choose(population - wrong, drawn - found)) / choose(population, drawn),
  );
}

describe("estimateAccuracy(strata)", () => {
  it.each([
    // 1 - 0.025^(1/400): the bound of Clopper and Pearson.
    [
      "all right, in proportion",
      [stratum(70_000, 280), stratum(20_000, 80), stratum(10_000, 40)],
      1,
      0.99082,
    ],
    ["all right, one code", [stratum(100_000, 400)], 1, 0.99082],
    // The tables of Clopper and Pearson: 2 of 100 wrong is 0.2431 % to 7.0384 %.
    ["two of a hundred wrong", [stratum(100_000, 98, 2)], 0.98, 0.929616],
  ])("has the interval of %s", (_, strata, right, low) => {
    const accuracy = estimateAccuracy(strata);
    expect(accuracy.right).toBe(right);
    expect(accuracy.low).toBeCloseTo(low, 4);
  });

  it("has the upper end of Clopper and Pearson too", () => {
    expect(estimateAccuracy([stratum(100_000, 98, 2)]).high).toBeCloseTo(1 - 0.002431, 4);
  });

  it("weighs each code by its records", () => {
    expect(estimateAccuracy([stratum(9900, 100), stratum(100, 30, 10)]).right).toBe(0.9975);
  });

  it("is certain of what was seen: exact when everything was checked", () => {
    const all = estimateAccuracy([stratum(20, 18, 2), stratum(5, 5)]);
    expect(all).toEqual({ right: 0.92, low: 0.92, high: 0.92 });
    expect(estimateAccuracy([stratum(10, 9, 1)]).high).toBe(0.9);
  });

  it("counts who is unsure as wrong, but for the upper end", () => {
    const unsure = estimateAccuracy([stratum(10_000, 195, 0, 5)]);
    const wrong = estimateAccuracy([stratum(10_000, 195, 5)]);
    const right = estimateAccuracy([stratum(10_000, 200)]);
    expect(unsure).toEqual({ right: wrong.right, low: wrong.low, high: right.high });
  });

  it("is wider for a code of which too few were drawn", () => {
    const proportional = estimateAccuracy([stratum(9000, 360), stratum(1000, 40)]);
    const uneven = estimateAccuracy([stratum(9000, 200), stratum(1000, 200)]);
    expect(uneven.low).toBeLessThan(proportional.low);
  });

  it("holds the estimate, within 0 and 1, for any answers", () => {
    const answers = fc.record({
      more: fc.nat(5000),
      right: fc.nat(60),
      wrong: fc.nat(60),
      unsure: fc.nat(10),
    });
    fc.assert(
      fc.property(fc.array(answers, { minLength: 1, maxLength: 4 }), (given) => {
        const strata = given.map(({ more, right, wrong, unsure }) => ({
          ...{ right: right + 1, wrong, unsure },
          population: right + 1 + wrong + unsure + more,
        }));
        const { right, low, high } = estimateAccuracy(strata);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(right);
        expect(high).toBeGreaterThanOrEqual(right);
        expect(high).toBeLessThanOrEqual(1);
      }),
      { seed: 11, numRuns: 1000 },
    );
  });
});

describe("the interval of estimateAccuracy", () => {
  it("holds the truth in 95 of 100 samples at least, for every truth of small runs: counted, not simulated", () => {
    const worst: number[] = [];
    for (const sizes of [
      [[30, 12]],
      [
        [24, 8],
        [12, 4],
      ],
      [
        [30, 6],
        [6, 4],
      ],
    ] as const) {
      const [[population, drawn], [otherPopulation, otherDrawn] = [0, 0]] = sizes;
      const records = population + otherPopulation;
      for (let wrong = 0; wrong <= population; wrong++) {
        for (let otherWrong = 0; otherWrong <= otherPopulation; otherWrong++) {
          const truth = 1 - (wrong + otherWrong) / records;
          let covered = 0;
          for (const [found, chance] of chancesOf(population, wrong, drawn).entries()) {
            for (const [other, otherChance] of chancesOf(otherPopulation, otherWrong, otherDrawn).entries()) {
              if (chance * otherChance === 0) continue;
              const strata = [stratum(population, drawn - found, found)];
              if (otherDrawn > 0) strata.push(stratum(otherPopulation, otherDrawn - other, other));
              const { low, high } = estimateAccuracy(strata);
              if (low <= truth + 1e-6 && truth <= high + 1e-6) covered += chance * otherChance;
            }
          }
          worst.push(covered);
        }
      }
    }
    expect(worst.length).toBeGreaterThan(500);
    expect(Math.min(...worst)).toBeGreaterThanOrEqual(0.95);
  });

  it.each([
    ["nearly all right", { C1: [80_000, 0.001], C2: [15_000, 0.001], C3: [5000, 0.001] }],
    ["the errors in one code", { C1: [80_000, 0], C2: [15_000, 0], C3: [5000, 0.1] }],
    ["the errors in the largest code", { C1: [80_000, 0.01], C2: [15_000, 0], C3: [5000, 0] }],
    [
      "a small code that is asked for more than its share",
      { C1: [99_000, 0.005], C2: [900, 0], C3: [100, 0.5] },
    ],
    ["a code that is checked whole", { C1: [5000, 0.02], C2: [20, 0.5], C3: [10, 0] }],
    ["one in ten wrong", { C1: [30_000, 0.1], C2: [30_000, 0.12], C3: [30_000, 0.08] }],
  ] as const)("holds the truth in 95 of 100 simulated samples: %s", (_, codes) => {
    const random = createRandom(2491);
    const populations = Object.entries(codes).map(([code, [population, share]]) => ({
      ...{ code, population },
      wrong: Math.round(population * share),
    }));
    const allocation = allocateSample(
      new Map(populations.map(({ code, population }) => [code, population])),
      400,
    );
    const records = populations.reduce((sum, { population }) => sum + population, 0);
    const truth = 1 - populations.reduce((sum, { wrong }) => sum + wrong, 0) / records;
    const samples = 2000;
    let covered = 0;
    for (let turn = 0; turn < samples; turn++) {
      const strata = populations.map(({ code, population, wrong }) => {
        const drawn = allocation.get(code) as number;
        let found = 0;
        // One after the other, without putting any back.
        for (let taken = 0; taken < drawn; taken++)
          if (random.below(population - taken) < wrong - found) found++;
        return stratum(population, drawn - found, found);
      });
      const { low, high } = estimateAccuracy(strata);
      if (low <= truth && truth <= high) covered++;
    }
    // Chance alone moves the share of 2,000 samples by half a point.
    expect(covered / samples).toBeGreaterThanOrEqual(0.945);
  });
});
