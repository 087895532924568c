import { describe, expect, it } from "vitest";
import {
  countRowSets,
  listDimensions,
  listRows,
  rankTable,
  tabulate,
  tabulateAll,
} from "./dimension-table.js";
import type { DimensionRow, Metrics } from "./metrics.js";
import { countSets } from "./percentages.js";

const rows: readonly DimensionRow[] = [
  {
    ...{ key: "79", label: "Thành phố Hồ Chí Minh" },
    doses: { records: 6, byCode: { X10: 1, C1: 2, E30: 3 } },
    people: { records: 2, byCode: { C1: 2 } },
  },
  {
    ...{ key: "", label: "" },
    doses: { records: 0, byCode: {} },
    people: { records: 0, byCode: {} },
  },
  {
    ...{ key: "01", label: "Thành phố Hà Nội" },
    doses: { records: 5, byCode: { Q9: 4, C1: 1 } },
    people: { records: 1, byCode: { Q9: 0.5, C1: 0 } },
  },
  {
    ...{ key: "48", label: "Thành phố Đà Nẵng" },
    doses: { records: 4, byCode: { E30: 4 } },
    people: { records: 4, byCode: { E30: 4 } },
  },
];
const inOrder = [rows[1], rows[2], rows[3], rows[0]];
const dimensions: Metrics["dimensions"] = { province: rows };

function table(of: Metrics["dimensions"] = dimensions): NonNullable<ReturnType<typeof tabulate>> {
  return tabulate(of, "province") as NonNullable<ReturnType<typeof tabulate>>;
}

describe("tabulate(dimensions, dimension)", () => {
  it("holds every count of every row, rows by their keys and codes by their names", () => {
    expect(listRows(table())).toEqual(inOrder);
    expect(table().codes).toEqual(["C1", "E30", "Q9", "X10"]);
    expect(Object.keys(listRows(table()).at(-1)?.doses.byCode ?? {})).toEqual(["C1", "E30", "X10"]);
  });

  it("makes a table once, and none of what was not counted", () => {
    expect(table()).toBe(table());
    expect(tabulate(dimensions, "ward")).toBeNull();
    expect(Object.keys(tabulateAll(dimensions))).toEqual(["province"]);
  });

  it("keeps to the codes of the rows, whatever every object has", () => {
    const odd: DimensionRow = {
      ...(rows[1] as DimensionRow),
      doses: { records: 1, byCode: { toString: 1 } },
    };
    const found = listRows(table({ province: [odd, rows[0] as DimensionRow] }));
    expect(found.map(({ doses }) => Object.keys(doses.byCode))).toEqual([["toString"], ["C1", "E30", "X10"]]);
  });
});

describe("listDimensions(tables)", () => {
  it("gives the rows that the tables were made of, and the tables themselves", () => {
    const tables = structuredClone(tabulateAll(dimensions));
    const listed = listDimensions(tables);
    expect(listed).toEqual({ province: inOrder });
    expect(listed.province).toBe(listed.province);
    expect(table(listed)).toBe(tables.province);
    expect(tabulate(listed, "ward")).toBeNull();
  });
});

describe("countRowSets(table, unit)", () => {
  it("counts as countSets does, a code that nobody knows in no set", () => {
    for (const unit of ["doses", "people"] as const) {
      expect(inOrder.map((_, row) => countRowSets(table(), unit)(row))).toEqual(
        inOrder.map((row) => countSets((row as DimensionRow)[unit])),
      );
    }
  });
});

describe("rankTable(table)", () => {
  it("puts those with the most doses that are not clean first, equals by key", () => {
    expect(rankTable(table()).map((row) => table().keys[row])).toEqual(["01", "48", "79", ""]);
  });
});
