import { codeCatalogue } from "../judge/code-catalogue.js";
import { reportDimensions } from "../pipeline/report-dimensions.js";
import { describeCause } from "./cause-sentence.js";
import { countRowSets, type DimensionTable, tabulate } from "./dimension-table.js";
import { nameGate } from "./gate-names.js";
import type { Dimension, Metrics } from "./metrics.js";
import { cleanlinessOf, countSets, coverageOf, type SetCounts } from "./percentages.js";
import { sortBy } from "./ranking.js";
import { makeSheet, type SheetCell, type SheetColumn, type WorkbookSheet } from "./xlsx-sheet.js";

/** The sheets of `report/summary.xlsx`, one for each table of the summary: the numbers of `summary.json`, in the order of `summary.csv`. */
export function describeSummary(metrics: Metrics): WorkbookSheet[] {
  return [
    describeOverview(metrics),
    describeRun(metrics),
    describeCodes(metrics),
    ...reportDimensions.flatMap((dimension) => {
      const table = tabulate(metrics.dimensions, dimension);
      return table === null ? [] : [describeDimension(dimension, table)];
    }),
    describeFiles(metrics),
    describeCauses(metrics),
    describeGates(metrics),
  ];
}

const number = 12;
const wide = 44;

/** The columns of a tally; each percentage follows its numerator and its denominator. */
function tallyColumns(vi: string, en: string): SheetColumn[] {
  return [
    { vi, en, width: number },
    { vi: "Sạch", en: "Cleaned", width: number },
    { vi: "Lỗi", en: "Errors", width: number },
    { vi: "Ngoại lệ", en: "Exceptions", width: number },
    { vi: "Phải làm sạch = tổng − ngoại lệ", en: "Must be clean = records − exceptions", width: 18 },
    { vi: "Tỷ lệ sạch, % = sạch ÷ phải làm sạch", en: "Cleanliness, % = cleaned ÷ must be clean", width: 20 },
    {
      vi: "Sạch/tổng nhận, % = sạch ÷ tổng",
      en: "Clean share of all delivered, % = cleaned ÷ records",
      width: 18,
    },
  ];
}

function tallyNumbers(sets: SetCounts): (number | null)[] {
  const clean = cleanlinessOf(sets);
  const { records, cleaned, errors, exceptions } = sets;
  return [records, cleaned, errors, exceptions, clean.denominator, clean.percent, coverageOf(sets).percent];
}

function describeOverview({ doses, people }: Metrics): WorkbookSheet {
  return makeSheet({
    name: "Tổng quan · Overview",
    columns: [{ vi: "Đơn vị tính", en: "Unit", width: 24 }, ...tallyColumns("Tổng số", "Records")],
    rows: [
      ["Mũi tiêm / doses", ...tallyNumbers(countSets(doses))],
      ["Người / people", ...tallyNumbers(countSets(people))],
    ],
    frozen: 1,
  });
}

function describeRun({ run }: Metrics): WorkbookSheet {
  return makeSheet({
    name: "Lượt chạy · Run",
    columns: [
      { vi: "Mục", en: "Item", width: 44 },
      { vi: "Giá trị", en: "Value", width: 70 },
    ],
    rows: [
      ["Lượt chạy / run", run.id],
      ["Quy trình / pipeline", run.pipeline],
      ["Tính đến ngày / as of", run.asOf],
      ["Chính sách / policy", run.policy],
      ["Phiên bản quy tắc / rules version", run.rulesVersion],
      ["Phiên bản CSDL dân cư / register version", run.registerVersion],
      ["Số người trong CSDL dân cư / people in it", run.registerPeople],
    ],
  });
}

const setNames = { cleaned: "Sạch / cleaned", errors: "Lỗi / errors", exceptions: "Ngoại lệ / exceptions" };

function describeCodes({ doses, people }: Metrics): WorkbookSheet {
  return makeSheet({
    name: "Mã · Codes",
    columns: [
      { vi: "Mã", en: "Code", width: 8 },
      { vi: "Tập", en: "Set", width: 22 },
      { vi: "Mũi", en: "Doses", width: number },
      { vi: "Người", en: "People", width: number },
      { vi: "Ý nghĩa", en: "Meaning (Vietnamese)", width: 80 },
      { vi: "Ý nghĩa (tiếng Anh)", en: "Meaning", width: 80 },
    ],
    rows: sortBy(codeCatalogue, ({ code }) => code)
      .filter(({ code }) => code in doses.byCode || code in people.byCode)
      .map(({ code, set, vi, en }) => [
        ...[code, setNames[set], doses.byCode[code] ?? 0, people.byCode[code] ?? 0, vi, en],
      ]),
    frozen: 1,
  });
}

const dimensionSheets: Readonly<Record<Dimension, string>> = {
  province: "Tỉnh · Provinces",
  district: "Huyện · Districts",
  ward: "Xã · Wards",
  facility: "Cơ sở · Facilities",
  vaccine: "Vắc xin · Vaccines",
  month: "Tháng · Months",
  dose: "Mũi · Doses",
  age: "Tuổi · Ages",
  sex: "Giới tính · Sexes",
  region: "Vùng · Regions",
  abroad: "Nơi khai sinh · Births",
  file: "Theo tệp · By file",
};

function describeDimension(dimension: Dimension, table: DimensionTable): WorkbookSheet {
  const [dosesOf, peopleOf] = [countRowSets(table, "doses"), countRowSets(table, "people")];
  const columns = 2 * tallyColumns("", "").length;
  const cells = new Float64Array(table.keys.length * columns);
  let cell = 0;
  for (let row = 0; row < table.keys.length; row++) {
    for (const value of tallyNumbers(dosesOf(row))) cells[cell++] = value ?? Number.NaN;
    for (const value of tallyNumbers(peopleOf(row))) cells[cell++] = value ?? Number.NaN;
  }
  return makeSheet({
    name: dimensionSheets[dimension],
    columns: [
      { vi: "Mã", en: "Key", width: 16 },
      { vi: "Tên", en: "Label", width: wide },
      ...tallyColumns("Mũi", "Doses"),
      ...tallyColumns("Người", "People"),
    ],
    rows: table.keys.map((key, row) => [key, table.labels[row] as string]),
    numbers: { columns, cells },
    frozen: 2,
  });
}

function describeFiles({ files, leftOut }: Metrics): WorkbookSheet {
  const read = sortBy(files, ({ name }) => name).map(
    ({ name, format, encoding, layout, records, blankLines, isWhole }): SheetCell[] => [
      ...[name, format, encoding, layout, records, blankLines, isWhole, null, null],
    ],
  );
  const unread = sortBy(leftOut, ({ name }) => name).map(({ name, reason, reasonVi }): SheetCell[] => [
    ...[name, null, null, null, null, null, null, reasonVi ?? null, reason],
  ]);
  return makeSheet({
    name: "Tệp nhận được · Deliveries",
    columns: [
      { vi: "Tệp", en: "File", width: wide },
      { vi: "Định dạng", en: "Format", width: number },
      { vi: "Bảng mã", en: "Encoding", width: number },
      { vi: "Bố cục", en: "Layout", width: number },
      { vi: "Bản ghi", en: "Records", width: number },
      { vi: "Dòng trống", en: "Blank lines", width: number },
      { vi: "Dòng cuối trọn vẹn", en: "Ends with a line break", width: 18 },
      { vi: "Bị bỏ ra ngoài vì", en: "Left out because (Vietnamese)", width: 80 },
      { vi: "Bị bỏ ra ngoài vì (tiếng Anh)", en: "Left out because", width: 80 },
    ],
    rows: [...read, ...unread],
    frozen: 1,
  });
}

function describeCauses({ causes }: Metrics): WorkbookSheet {
  return makeSheet({
    name: "Nguyên nhân · Causes",
    columns: [
      { vi: "Nguyên nhân", en: "Cause (Vietnamese)", width: 100 },
      { vi: "Ai phải làm, làm gì", en: "Who must act, and how (Vietnamese)", width: 80 },
      { vi: "Số bản ghi lỗi sẽ hết", en: "Records saved by the fix", width: 18 },
      { vi: "Nguyên nhân (tiếng Anh)", en: "Cause", width: 100 },
      { vi: "Ai phải làm, làm gì (tiếng Anh)", en: "Who must act, and how", width: 80 },
      { vi: "Loại", en: "Kind", width: 30 },
      { vi: "Ở đâu", en: "Dimension", width: number },
      { vi: "Mã", en: "Key", width: 24 },
      { vi: "Tên", en: "Label", width: wide },
      { vi: "Dấu hiệu", en: "Finding", width: 26 },
      { vi: "Bản ghi của nhóm", en: "Records of the group", width: 18 },
      { vi: "Trong đó có dấu hiệu", en: "Of them with the finding", width: 18 },
      { vi: "Bản ghi còn lại", en: "Records of the rest", width: 18 },
      { vi: "Trong đó có dấu hiệu", en: "Of them with the finding", width: 18 },
      { vi: "Từ ngày tiêm", en: "Since the vaccination day", width: 14 },
      { vi: "Từ dòng", en: "Since line", width: number },
    ],
    rows: causes.map((cause) => {
      const { vi, en, whoVi, whoEn } = describeCause(cause);
      return [
        ...[vi, whoVi, cause.saved, en, whoEn],
        ...[cause.kind, cause.dimension, cause.key, cause.label, cause.finding],
        ...[cause.records, cause.withFinding, cause.restRecords, cause.restWithFinding],
        ...[cause.sinceDay, cause.sinceLine],
      ];
    }),
    frozen: 1,
  });
}

function describeGates({ gates }: Metrics): WorkbookSheet {
  return makeSheet({
    name: "Ngưỡng chất lượng · Gates",
    columns: [
      { vi: "Ngưỡng", en: "Gate", width: 24 },
      { vi: "Ý nghĩa", en: "Meaning", width: 80 },
      { vi: "Giới hạn", en: "Limit", width: number },
      { vi: "Giá trị", en: "Value", width: number },
      { vi: "Đạt", en: "Passed", width: 14 },
    ],
    rows: gates.map(({ name, limit, value, passed }) => {
      const { vi, en } = nameGate(name);
      return [name, `${vi} / ${en}`, limit, value, passed];
    }),
  });
}
