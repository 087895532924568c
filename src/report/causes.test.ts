import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { describeCause } from "./cause-sentence.js";
import { causeColumns, formatCausesCsv } from "./causes-csv.js";
import type { Cause, CauseKind } from "./metrics.js";

const swapped: Cause = {
  ...{ kind: "day-month-swapped", dimension: "facility", key: "01015", label: "Bệnh viện Mẫu" },
  ...{ finding: "birth-date.day-month-swapped", saved: 3105 },
  ...{ records: 4000, withFinding: 3480, restRecords: 1_000_000, restWithFinding: 900 },
  ...{ sinceDay: "2022-03-03", sinceLine: null },
};
const shifted: Cause = {
  ...swapped,
  ...{ kind: "columns-shifted", dimension: "file", key: "hanoi.csv", label: "hanoi.csv" },
  ...{ finding: "row.shifted", sinceDay: null, sinceLine: 4112 },
};

describe("describeCause(cause)", () => {
  it("tells the share in the group and of the rest, since when, and what it saves", () => {
    expect(describeCause(swapped)).toEqual({
      vi: "Cơ sở Bệnh viện Mẫu (01015) từ ngày 03/03/2022: 87,00 % (3.480 trên 4.000) bản ghi bị đổi chỗ ngày và tháng của ngày sinh; trong mọi bản ghi khác là 0,09 % (900 trên 1.000.000). Sửa một lần thì 3.105 bản ghi thành sạch.",
      en: "Facility Bệnh viện Mẫu (01015) since 2022-03-03: 87.00 % (3,480 of 4,000) of the records have day and month of the birth date exchanged; of all others, 0.09 % (900 of 1,000,000). One correction would make 3,105 records clean.",
      whoVi: "Cơ sở tiêm chủng: xuất lại các ngày theo dạng dd/mm/yyyy và gửi lại.",
      whoEn: "The facility: export the dates again as dd/mm/yyyy and deliver them again.",
    });
  });

  it("names a file once, and the line from which it is so", () => {
    const { vi, en } = describeCause(shifted);
    expect(vi).toMatch(/^Tệp hanoi\.csv từ dòng 4\.112: /);
    expect(en).toMatch(/^File hanoi\.csv from line 4,112 on: /);
  });

  it("says that a run has no other records", () => {
    const { vi, en } = describeCause({ ...shifted, restRecords: 0, restWithFinding: 0 });
    expect(vi).toContain("trong mọi bản ghi khác là không áp dụng.");
    expect(en).toContain("of all others, not applicable.");
  });

  it.each<[CauseKind, string, string]>([
    ["day-month-swapped", "vaccination-date.day-month-swapped", "of the vaccination date exchanged"],
    ["birth-date-filled-in", "birth-date.first-of-january", "have 1 January for a birth date"],
    ["one-value-for-many", "name.different", "a wrong name, nearly all of them the same one"],
    ["one-value-for-many", "birth-date.different", "a wrong birth date"],
    ["one-value-for-many", "vaccination-date.future", "a wrong vaccination date"],
    ["one-value-for-many", "register.several-different", "a wrong citizen ID"],
    ["finding-far-above-the-rest", "vaccine.blank", "(“The vaccine is blank”)"],
    ["finding-far-above-the-rest", "of.another-release", "(“of.another-release”)"],
  ])("has words for %s by %s", (kind, finding, words) => {
    expect(describeCause({ ...swapped, kind, finding }).en).toContain(words);
  });

  it("shows what cannot be seen in a name", () => {
    expect(describeCause({ ...swapped, label: "gpj.\u202efdp" }).vi).toContain("gpj.<U+202E>fdp (01015)");
  });
});

describe("formatCausesCsv(metrics)", () => {
  it("has one row a cause, in their order", () => {
    const [header, first, second, end] = formatCausesCsv({ causes: [swapped, shifted] }).split("\n");
    expect(header).toBe(causeColumns.join(","));
    expect(first).toMatch(
      /^1,day-month-swapped,facility,01015,Bệnh viện Mẫu,birth-date\.day-month-swapped,3105,4000,3480,1000000,900,2022-03-03,,"Cơ sở /,
    );
    expect(second).toMatch(/^2,columns-shifted,file,hanoi\.csv,hanoi\.csv,row\.shifted,.*,,4112,"?Tệp /);
    expect(end).toBe("");
  });

  it("has its header alone when there are none", () => {
    expect(formatCausesCsv({ causes: [] })).toBe(`${causeColumns.join(",")}\n`);
  });

  it("lets no name run as a formula or break a row", () => {
    const label = '=HYPERLINK("http://example.org";"x")\r\n';
    const causes = [
      { ...shifted, label, key: label },
      { ...swapped, dimension: "province" as const, label: "+1" },
    ];
    const rows = parse(formatCausesCsv({ causes }), { columns: true, record_delimiter: "\n" });
    expect(rows).toHaveLength(2);
    for (const row of rows as Record<string, string>[]) {
      for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[\s\u0000-\u001f]*[=+\-@]/);
    }
  });
});
