import readWorkbook from "read-excel-file/node";
import { describe, expect, it, vi } from "vitest";
import type { DimensionRow, Metrics, Tally } from "./metrics.js";
import { packSheets } from "./pack-workbook.js";
import { formatSummaryJson, type Summary, type TallySummary } from "./summary-json.js";
import { describeSummary } from "./summary-xlsx.js";

const one: Tally = { records: 3, byCode: { C1: 1, X10: 1, E34: 1 } };
/** Texts that a spreadsheet or the library could take for something else. */
const hostile = [
  ...["01", "=1+1", "+84", "-1", "@SUM(A1)", "1e5", "2023-06-13", "TRUE", " x ", "<b>&\"'", "_x0041_"],
  ...["constructor", "__proto__", "toString", "a\nb", "a\u0000b", "\u202ecmd", "Trạm y tế", "", "#N/A"],
];
const facilities = hostile.map(
  (text): DimensionRow => ({ key: text, label: `${text}`, doses: one, people: one }),
);
const total: Tally = {
  records: 3 * hostile.length,
  byCode: { C1: hostile.length, X10: hostile.length, E34: hostile.length },
};
const metrics: Metrics = {
  run: {
    ...{ id: "2022-03-31-abc", pipeline: "covid19-vaccination", asOf: "2022-03-31", policy: "scheme-06" },
    ...{ rulesVersion: "1", registerVersion: null, registerPeople: 0 },
  },
  doses: total,
  people: { records: 7, byCode: { C1: 3, X10: 4 } },
  dimensions: {
    facility: facilities,
    province: [
      { key: "79", label: "Thành phố Hồ Chí Minh", doses: { records: 9, byCode: { X10: 9 } }, people: one },
      {
        key: "01",
        label: "Thành phố Hà Nội",
        doses: { records: 123456789, byCode: { C1: 123456789 } },
        people: one,
      },
    ],
  },
  findings: {},
  files: [
    {
      ...{ name: "=b.csv", format: "csv", encoding: "utf-8", layout: "long" },
      ...{ records: 12, blankLines: 3, isWhole: false },
    },
  ],
  causes: [
    {
      ...{ kind: "day-month-swapped", dimension: "file", key: "a.csv", label: "a.csv", finding: "f" },
      ...{ saved: 5, records: 9, withFinding: 6, restRecords: 100, restWithFinding: 1 },
      ...{ sinceDay: "2021-08-01", sinceLine: null },
    },
  ],
  leftOut: [{ name: "c.csv", reason: "the file is empty", reasonVi: "Tệp rỗng." }],
  gates: [{ name: "maxErrorShare", limit: 0.5, value: null, passed: true }],
};

async function readSheets(of: Metrics): Promise<Readonly<Record<string, readonly (readonly unknown[])[]>>> {
  const sheets = await readWorkbook(Buffer.from(await packSheets(describeSummary(of))), { trim: false });
  return Object.fromEntries(sheets.map(({ sheet, data }) => [sheet, data]));
}

function cellsOf({ records, cleaned, errors, exceptions, cleanliness, coverage }: TallySummary): unknown[] {
  return [
    records,
    cleaned,
    errors,
    exceptions,
    cleanliness.denominator,
    cleanliness.percent,
    coverage.percent,
  ];
}

describe("packSheets(describeSummary(metrics))", () => {
  const summary: Summary = JSON.parse([...formatSummaryJson(metrics)].join(""));

  it("has every number of the summary, as a number", async () => {
    const sheets = await readSheets(metrics);
    expect(sheets["Tổng quan · Overview"]?.slice(1)).toEqual([
      ["Mũi tiêm / doses", ...cellsOf(summary.doses)],
      ["Người / people", ...cellsOf(summary.people)],
    ]);
    expect(sheets["Tỉnh · Provinces"]?.slice(1)).toEqual(
      summary.dimensions.province?.map(({ key, label, doses, people }) => [
        ...[key, label, ...cellsOf(doses), ...cellsOf(people)],
      ]),
    );
    expect(sheets["Tỉnh · Provinces"]?.[1]?.slice(0, 4)).toEqual([
      "01",
      "Thành phố Hà Nội",
      123456789,
      123456789,
    ]);
    expect(sheets["Mã · Codes"]?.slice(1).map((row) => row.slice(0, 4))).toEqual([
      ["C1", "Sạch / cleaned", total.byCode.C1, 3],
      ["E34", "Lỗi / errors", total.byCode.E34, 0],
      ["X10", "Ngoại lệ / exceptions", total.byCode.X10, 4],
    ]);
    expect(sheets["Ngưỡng chất lượng · Gates"]?.[1]).toEqual([
      ...["maxErrorShare", "Tỷ lệ lỗi, nhiều nhất / Share of errors, at most", 0.5, null, "có / yes"],
    ]);
    expect(sheets["Nguyên nhân · Causes"]?.[1]).toEqual([
      "Tệp a.csv từ ngày 01/08/2021: 66,66 % (6 trên 9) bản ghi bị đổi chỗ ngày và tháng của ngày tiêm; trong mọi bản ghi khác là 1,00 % (1 trên 100). Sửa một lần thì 5 bản ghi thành sạch.",
      "Đơn vị gửi tệp: xuất lại các ngày theo dạng dd/mm/yyyy và gửi lại.",
      5,
      expect.stringMatching(/^File a\.csv since 2021-08-01: .* One correction would make 5 records clean\.$/),
      expect.stringMatching(/^Whoever delivered the file: /),
      ...["day-month-swapped", "file", "a.csv", "a.csv", "f", 9, 6, 100, 1, "2021-08-01", null],
    ]);
    expect(sheets["Tệp nhận được · Deliveries"]?.slice(1)).toEqual([
      ["=b.csv", "csv", "utf-8", "long", 12, 3, "không / no", null, null],
      ["c.csv", null, null, null, null, null, null, "Tệp rỗng.", "the file is empty"],
    ]);
  });

  it("has every text as the text it is, whatever it begins with", async () => {
    const sheets = await readSheets(metrics);
    const rows = sheets["Cơ sở · Facilities"]?.slice(1) ?? [];
    const shown = summary.dimensions.facility?.map(({ key }) => {
      if (key === "") return null;
      if (key in Object.prototype) return `'${key}`;
      return key.replace("\n", "<U+000A>").replace("\u0000", "<U+0000>").replace("\u202e", "<U+202E>");
    });
    expect(rows.map(([key]) => key)).toEqual(shown);
    expect(rows.map(([, label]) => label)).toEqual(shown);
    expect(rows.map((row) => row.slice(2, 6))).toEqual(hostile.map(() => [3, 1, 1, 1]));
  });

  it("gives the same bytes for the same metrics, whenever it is made and in whatever order they were counted", async () => {
    const first = Buffer.from(await packSheets(describeSummary(metrics)));
    vi.useFakeTimers({ now: new Date("2031-01-02T03:04:05Z"), toFake: ["Date"] });
    try {
      const turned = {
        ...metrics,
        dimensions: { ...metrics.dimensions, facility: [...facilities].reverse() },
      };
      expect(Buffer.from(await packSheets(describeSummary(turned))).equals(first)).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it("leaves out a dimension that was not counted", async () => {
    expect(Object.keys(await readSheets({ ...metrics, dimensions: {} }))).toEqual([
      ...["Tổng quan · Overview", "Lượt chạy · Run", "Mã · Codes", "Tệp nhận được · Deliveries"],
      ...["Nguyên nhân · Causes", "Ngưỡng chất lượng · Gates"],
    ]);
  });

  it("counts what no workbook could hold in a last row", async () => {
    const many = Array.from({ length: 50_003 }, (_, index): DimensionRow => {
      return { key: String(index).padStart(5, "0"), label: "", doses: one, people: one };
    });
    const sheets = await readSheets({ ...metrics, dimensions: { facility: many } });
    const rows = sheets["Cơ sở · Facilities"] ?? [];
    expect(rows).toHaveLength(50_002);
    expect(rows.at(-2)?.slice(0, 6)).toEqual(["49999", null, 3, 1, 1, 1]);
    expect(rows.at(-1)?.filter((cell) => cell !== null)).toEqual([
      "… và 3 dòng khác / and 3 more: summary.csv",
    ]);
  });
});
