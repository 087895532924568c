import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findingBit } from "../judge/findings.js";
import { anyRecord, SignTotals, signPlaces } from "../reconcile/count-signs.js";
import { findSuspects } from "./find-suspects.js";

const bits = ["name.different", "birth-date.different", "register.number-unknown", "vaccine.blank"] as const;

/** Counts of one value: records, and those found (all of them held) by finding. */
interface Counted {
  readonly records: number;
  readonly found: readonly number[];
}

function makeTotals(values: readonly Counted[]): SignTotals {
  const totals = new SignTotals();
  for (const [value, { records, found }] of values.entries()) {
    const cells = [
      ...bits.map((id, position) => [findingBit(id), found[position] ?? 0] as const),
      [anyRecord, records] as const,
    ].sort(([a], [b]) => a - b);
    const counts = Uint32Array.from(cells, ([, count]) => count);
    totals.add({
      cells: Uint32Array.from(cells, ([place]) => value * signPlaces + place),
      found: counts,
      held: counts,
    });
  }
  return totals;
}

const nobody = makeTotals([{ records: 1, found: [] }]);
const ofFacilities = (totals: SignTotals): readonly SignTotals[] => [nobodyLike(totals), totals, nobody];

/** One province that holds everything. */
function nobodyLike(totals: SignTotals): SignTotals {
  const sum = { records: 0, found: bits.map(() => 0) };
  for (let value = 0; value < totals.values; value++) {
    sum.records += totals.found(value, anyRecord);
    for (const [position, id] of bits.entries()) {
      sum.found[position] = (sum.found[position] as number) + totals.found(value, findingBit(id));
    }
  }
  return makeTotals([sum]);
}

describe("findSuspects(totals, isNamed)", () => {
  const others: Counted[] = Array.from({ length: 50 }, () => ({ records: 400, found: [50, 12, 10, 1] }));

  it("names a group whose rate chance does not explain, and the finding", () => {
    const totals = makeTotals([...others, { records: 400, found: [55, 11, 9, 300] }]);
    expect(findSuspects(ofFacilities(totals), () => true)).toEqual({
      groups: [{ dimension: "facility", value: 50 }],
      suspects: [{ group: 0, finding: "vaccine.blank" }],
    });
  });

  it("suspects nobody where there is nobody to ask", () => {
    const totals = makeTotals([...others, { records: 400, found: [55, 11, 9, 300] }]);
    expect(findSuspects(ofFacilities(totals), ({ value }) => value !== 50).suspects).toEqual([]);
  });

  it("puts those first that cost most", () => {
    const totals = makeTotals([
      ...others,
      { records: 100, found: [15, 3, 2, 90] },
      { records: 400, found: [55, 11, 300, 1] },
    ]);
    expect(findSuspects(ofFacilities(totals), () => true).groups.map(({ value }) => value)).toEqual([51, 50]);
  });

  it("suspects nobody by chance: people err with all their doses, households together", () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (draws) => {
        const draw = (): number => draws.next().value as number;
        const rates = [0.13, 0.06, 0.03, 0.01];
        const values = Array.from({ length: 60 }, (): Counted => {
          const found = bits.map(() => 0);
          const clusters = 10 + Math.floor(draw() * 60);
          let records = 0;
          for (let cluster = 0; cluster < clusters; cluster++) {
            const size = 1 + Math.floor(draw() * 4);
            records += size;
            for (const [position, rate] of rates.entries()) {
              if (draw() < rate) found[position] = (found[position] as number) + size;
            }
          }
          return { records, found };
        });
        expect(findSuspects(ofFacilities(makeTotals(values)), () => true).suspects).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
