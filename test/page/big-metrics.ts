import type { AuditResult } from "../../src/report/audit-result.js";
import type { DimensionRow, Metrics, Tally } from "../../src/report/metrics.js";
import type { RunHistory } from "../../src/report/run-history.js";

/** Counts that differ from row to row, and are the same each time. */
function makeRow(key: string, label: string, turn: number): DimensionRow {
  const codes = { C1: 4000 + (turn % 97), C2: 300 + (turn % 13), E34: turn % 31, X31: 900 + (turn % 61) };
  return {
    key,
    label,
    doses: tally(codes),
    people: tally({ C1: 2100 + (turn % 89), E34: turn % 7, X31: 400 }),
  };
}

function tally(byCode: Readonly<Record<string, number>>): Tally {
  return { records: Object.values(byCode).reduce((sum, count) => sum + count, 0), byCode };
}

const run: Metrics["run"] = {
  ...{ id: "2023-06-13-nation", pipeline: "covid19-vaccination", asOf: "2023-06-13", policy: "scheme-06" },
  ...{ rulesVersion: "1", registerVersion: "f00d", registerPeople: 100_000_000 },
};

/** A report's metrics of the size that Viet Nam has: 63 provinces, 700 districts, 10,600 wards, 17,700 facilities. */
export function nationMetrics(): Metrics {
  const make = (count: number, name: (turn: number) => readonly [string, string]): DimensionRow[] =>
    Array.from({ length: count }, (_, turn) => makeRow(...name(turn), turn));
  const province = (turn: number): string => String((turn % 63) + 1).padStart(2, "0");
  const district = (turn: number): string => `${province(turn)}/${String((turn % 700) + 1).padStart(3, "0")}`;
  const months = ["2021", "2022", "2023"].flatMap((year) =>
    Array.from({ length: 12 }, (_, month) => `${year}-${String(month + 1).padStart(2, "0")}`),
  );
  return {
    run,
    doses: tally({ C1: 200_000_000, C2: 20_000_000, E34: 6_000_000, X31: 40_000_000 }),
    people: tally({ C1: 70_000_000, E34: 5_000_000, X31: 15_000_000 }),
    dimensions: {
      province: make(63, (turn) => [province(turn), `Tỉnh thứ ${turn + 1}`]),
      district: make(700, (turn) => [district(turn), `Huyện thứ ${turn + 1}, Tỉnh thứ ${(turn % 63) + 1}`]),
      ward: make(10_600, (turn) => [
        `${district(turn)}/${String(turn + 1).padStart(5, "0")}`,
        `Xã thứ ${turn + 1}, Huyện thứ ${(turn % 700) + 1}, Tỉnh thứ ${(turn % 63) + 1}`,
      ]),
      facility: make(17_700, (turn) => [
        `F${String(turn).padStart(5, "0")}`,
        `Trạm Y tế xã thứ ${turn + 1} huyện thứ ${(turn % 700) + 1}`,
      ]),
      month: months.map((month, turn) => makeRow(month, month, turn)),
    },
    ...{ findings: {}, files: [], causes: [], leftOut: [], gates: [] },
  };
}

/** The first values of each dimension, as many as `count`: every part of the page, in a page that is soon read through. */
export function shorten(metrics: Metrics, count: number): Metrics {
  const dimensions = Object.entries(metrics.dimensions).map(([name, rows]) => [name, rows.slice(0, count)]);
  return { ...metrics, dimensions: Object.fromEntries(dimensions) };
}

/** Nights before that of `nationMetrics`, and somebody who sent too little. */
export const someHistory: RunHistory = {
  runs: ["2023-06-11", "2023-06-12"].map((asOf) => ({
    ...{ id: `${asOf}-nation`, asOf },
    doses: { records: 260_000_000, cleaned: 215_000_000, errors: 7_000_000, exceptions: 38_000_000 },
    people: { records: 90_000_000, cleaned: 69_000_000, errors: 6_000_000, exceptions: 15_000_000 },
  })),
  compared: { province: 5, facility: 5 },
  late: [{ dimension: "facility", key: "F00001", label: "Trạm Y tế xã", records: 0, usual: 4100 }],
  neverSent: [{ key: "96", label: "Tỉnh Cà Mau" }],
};

/** What people found in a sample of it. */
export const someAudit: AuditResult = {
  ...{ population: 220_000_000, checkedOn: "2023-06-20", right: 0.999, low: 0.9908, high: 1 },
  strata: [{ code: "C1", population: 200_000_000, drawn: 400, checked: 400, right: 400 }],
};

const hostileNames = [
  "<script>alert(1)</script>",
  "\"'><img src=x onerror=alert(1)>",
  "</script><img src=y onerror=alert(1)>",
  '=HYPERLINK("http://example.org")',
  "gpj.\u202efdp",
  "</style><b>",
];

/** A report whose places, facilities and files have names that try to be more than names. */
export const hostileMetrics: Metrics = {
  run,
  doses: tally({ C1: 10, E34: 3 }),
  people: tally({ C1: 5, E34: 2 }),
  dimensions: {
    province: hostileNames.map((name, turn) => makeRow(name, name, turn)),
    district: hostileNames.map((name, turn) => makeRow(`${name}/${name}`, name, turn)),
    facility: hostileNames.map((name, turn) => makeRow(name, name, turn)),
    month: hostileNames.map((name, turn) => makeRow(name, name, turn)),
  },
  files: hostileNames.map((name) => ({
    ...{ name, format: "csv", encoding: "utf-8", layout: "long" },
    ...{ records: 1, blankLines: 0, isWhole: true },
  })),
  leftOut: hostileNames.map((name) => ({ name, reason: "the file is empty" })),
  ...{ findings: {}, causes: [], gates: [] },
};
