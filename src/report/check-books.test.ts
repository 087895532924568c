import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeCatalogue } from "../judge/code-catalogue.js";
import { checkBooks } from "./check-books.js";
import type { Dimension, DimensionRow, Metrics, Tally } from "./metrics.js";

const run = {
  id: "r",
  pipeline: "p",
  asOf: "2022-03-31",
  policy: "scheme-06",
  rulesVersion: "1",
  registerVersion: "1",
  registerPeople: 1,
};

function keepBooks(
  doses: Tally,
  people: Tally,
  dimensions: Partial<Record<Dimension, readonly DimensionRow[]>> = {},
): Metrics {
  const file = {
    name: "a.csv",
    format: "csv",
    encoding: "utf-8",
    layout: "long",
    records: doses.records,
    blankLines: 0,
    isWhole: true,
  };
  return { run, doses, people, dimensions, findings: {}, files: [file], causes: [], leftOut: [], gates: [] };
}

describe("the figures published in March 2022 (people)", () => {
  // Right, wrong information, no ID or wrong format, not yet verified.
  const published: Tally = {
    records: 76_625_823,
    byCode: { C1: 51_493_286, X31: 19_039_997, X20: 3_513_000, E61: 2_579_540 },
  };

  it("balance", () => {
    expect(checkBooks(keepBooks(published, published))).toEqual([]);
  });

  it("do not balance with one person less", () => {
    const less = { ...published, byCode: { ...published.byCode, X31: 19_039_996 } };
    expect(checkBooks(keepBooks(published, less))).toEqual([
      "people: the codes add up to 76625822; expected 76625823 records.",
      "people: cleaned 51493286 + errors 2579540 + exceptions 22552996 = 76625822; expected 76625823 records.",
    ]);
  });
});

describe("checkBooks(metrics)", () => {
  const doses = { records: 5, byCode: { C1: 3, X10: 1, E30: 1 } };
  const people = { records: 3, byCode: { C1: 1, X10: 1, E30: 1 } };
  const rows: readonly DimensionRow[] = [
    {
      key: "01",
      label: "Hà Nội",
      doses: { records: 2, byCode: { C1: 2 } },
      people: { records: 1, byCode: { C1: 1 } },
    },
    {
      key: "79",
      label: "HCM",
      doses: { records: 3, byCode: { C1: 1, X10: 1, E30: 1 } },
      people: { records: 3, byCode: { C1: 1, X10: 1, E30: 1 } },
    },
  ];
  const good = keepBooks(doses, people, { province: rows });
  const [first, second] = rows as [DimensionRow, DimensionRow];

  it("finds nothing in books that balance, with a person in two provinces", () => {
    expect(checkBooks(good)).toEqual([]);
  });

  it("finds nothing in the books of an empty run", () => {
    expect(checkBooks(keepBooks({ records: 0, byCode: {} }, { records: 0, byCode: {} }))).toEqual([]);
  });

  const broken: readonly (readonly [name: string, metrics: Metrics, problem: string])[] = [
    [
      "a code that nobody knows",
      { ...good, doses: { records: 5, byCode: { C1: 3, X10: 1, Q1: 1 } } },
      "doses: code Q1 is not in the catalogue; expected one of `lamsach codes`.",
    ],
    [
      "half a record",
      { ...good, doses: { records: 5, byCode: { C1: 3.5, X10: 1, E30: 0.5 } } },
      "doses: code C1 counts 3.5; expected a whole number.",
    ],
    [
      "a negative count that balances",
      { ...good, doses: { records: 5, byCode: { C1: 6, X10: -1 } } },
      "doses: code X10 counts -1; expected a whole number.",
    ],
    [
      "more people than records",
      { ...good, people: { records: 6, byCode: { C1: 6 } } },
      "people: 6 people have 5 records; expected at least one record each.",
    ],
    [
      "a province that is missing",
      { ...good, dimensions: { province: [second] } },
      "province, doses: the rows add up to 3 records; expected 5, the total.",
    ],
    [
      "a code that moved within a dimension",
      {
        ...good,
        dimensions: { province: [{ ...first, doses: { records: 2, byCode: { C1: 1, X10: 1 } } }, second] },
      },
      "province, doses, X10: the rows add up to 2; expected 1, the total.",
    ],
    [
      "a province that comes twice",
      { ...good, dimensions: { province: [first, { ...second, key: "01" }] } },
      "province row 2: its key comes twice; expected one row per value.",
    ],
    [
      "a province whose codes do not add up",
      {
        ...good,
        dimensions: { province: [{ ...first, people: { records: 1, byCode: {} } }, second] },
      },
      "province row 1, people: the codes add up to 0; expected 1 records.",
    ],
    [
      "a province with more people than doses",
      {
        ...good,
        dimensions: { province: [{ ...first, people: { records: 3, byCode: { C1: 3 } } }, second] },
      },
      "province row 1: 3 people have 2 records; expected at least one record each.",
    ],
    [
      "people who are nowhere",
      {
        ...good,
        dimensions: { province: [first, { ...second, people: { records: 1, byCode: { C1: 1 } } }] },
      },
      "province, people: the rows add up to 2; expected at least 3, since everyone counts somewhere.",
    ],
    [
      "files with more records than the sets",
      { ...good, files: good.files.map((file) => ({ ...file, records: 6 })) },
      "files: they hold 6 records; expected 5, the total.",
    ],
    [
      "a file whose records are not in the sets",
      { ...good, dimensions: { file: [{ ...first, key: "b.csv", doses, people }] } },
      "file 1 of 1: 0 records are in the sets; expected 5, as read.",
    ],
    [
      "a finding on more records than there are",
      { ...good, findings: { "lot.blank": 6 } },
      "finding lot.blank: 6 records; expected a whole number up to 5.",
    ],
  ];
  it.each(broken)("reports %s", (_name, metrics, problem) => {
    expect(checkBooks(metrics)).toContain(problem);
  });

  it("never names a delivered value", () => {
    const bad = { ...first, key: "Nguyễn Văn A", label: "Nguyễn Văn A", doses: { records: 9, byCode: {} } };
    expect(checkBooks({ ...good, dimensions: { facility: [bad, bad] } }).join("\n")).not.toContain("Nguyễn");
  });

  it("notices any single count that is off by one", () => {
    const codes = codeCatalogue.map(({ code }) => code);
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...codes), fc.integer({ min: 0, max: 90_000_000 }), { minKeys: 1 }),
        fc.nat(),
        (counts, pick) => {
          const byCode = { ...counts };
          const records = Object.values(byCode).reduce((sum, count) => sum + count, 0);
          const tally = { records, byCode };
          expect(checkBooks(keepBooks(tally, tally))).toEqual([]);
          const code = Object.keys(byCode)[pick % Object.keys(byCode).length] as string;
          const off = { records, byCode: { ...byCode, [code]: (byCode[code] as number) + 1 } };
          expect(checkBooks(keepBooks(off, tally))).not.toEqual([]);
          expect(checkBooks(keepBooks(tally, off))).not.toEqual([]);
        },
      ),
    );
  });
});
