import { describe, expect, it } from "vitest";
import { findHeader, type Header, type NoHeader } from "./header.js";
import { createHeaderNames, headerKey, readDoseHeader } from "./header-names.js";
import { canonicalColumns } from "./source.js";

const names = createHeaderNames({});

function find(rows: readonly (readonly string[])[], headerRow?: number): Header | NoHeader {
  return findHeader(
    rows.map((cells, line) => ({ cells, line })),
    names,
    headerRow,
  );
}

function found(rows: readonly (readonly string[])[], headerRow?: number): Header {
  const header = find(rows, headerRow);
  if (!("headers" in header)) throw new Error(header.reason);
  return header;
}

/** Rows 7 and 8 of the platform's template, letter by letter. */
const templateTop = [
  ...["#", "Họ và tên (*)", "Ngày sinh dạng dd/mm/yyyy (*)", "Giới tính (*) (0:nam, 1:nữ)"],
  ...["Mã nhóm đối tượng ưu tiên (*) (Tham khảo PL2)", "Đơn vị công tác"],
  ...["Số điện thoại(*) (Tối thiểu 10 số)", "Số CCCD, Mã định danh(*) (Loại 8,9,12 số)"],
  ...["Số thẻ bảo hiểm y tế (Mã thẻ 10/15 ký tự)", "Nơi ở tạm trú (hiện tại) (*) (Tham khảo PL3)"],
  ...[
    "",
    "",
    "",
    "",
    "",
    "",
    "Mũi 1",
    "",
    "",
    "",
    "Mũi 2",
    "",
    "",
    "",
    "Mũi 3",
    "",
    "",
    "",
    "Mũi 4",
    "",
    "",
    "",
  ],
  ...[
    "Ghi chú",
    "Kết quả import Thất bại (không điền ô này)",
    "Kết quả import Thành công (không điền ô này)",
  ],
];
const doseBottom = [
  "Tên vắc xin (*) (Tham khảo PL5)",
  "Ngày tiêm dạng dd/mm/yyyy (*)",
  "Lô vắc xin",
  "Địa điểm tiêm (*) (Tham khảo PL4)",
];
const templateBottom = [
  ...["", "", "", "", "", "", "", "", "", "Tỉnh/Thành phố", "Mã Tỉnh/Thành phố (*)", "Quận/Huyện"],
  ...["Mã Quận/Huyện (*)", "Xã/Phường", "Mã Xã/Phường (*)", "Địa chỉ chi tiết"],
  ...[...doseBottom, ...doseBottom, ...doseBottom, ...doseBottom, "", "", ""],
];

describe("findHeader on the platform's template", () => {
  const notes = [["HƯỚNG DẪN"], ["1. ..."], [""], [""], ["5"], [""]];

  it("reads the two merged rows below the notes", () => {
    const header = found([...notes, templateTop, templateBottom, ["1", "x"]]);
    expect(header).toMatchObject({ layout: "wide", firstRecord: 6, lastRecord: 7 });
    expect(header.headers).toHaveLength(35);
    expect(header.headers[16]).toBe("Mũi 1 / Tên vắc xin (*) (Tham khảo PL5)");
    expect(header.headers[9]).toBe("Nơi ở tạm trú (hiện tại) (*) (Tham khảo PL3) / Tỉnh/Thành phố");
    expect(header.headers[33]).toBe("Kết quả import Thất bại (không điền ô này)");
    const { columns } = header;
    expect(columns).toEqual({
      ...Object.fromEntries(canonicalColumns.map((column) => [column, -1])),
      ...{ full_name: 1, birth_date: 2, sex: 3, priority_group: 4, workplace: 5, phone: 6, citizen_id: 7 },
      ...{ health_insurance_no: 8, province: 9, province_code: 10, district: 11, district_code: 12 },
      ...{ ward: 13, ward_code: 14, address: 15, note: 32 },
    });
    expect(header.doses).toEqual(
      [16, 20, 24, 28].map((first) => ({
        vaccine: first,
        vaccination_date: first + 1,
        lot_no: first + 2,
        facility_code: first + 3,
      })),
    );
  });

  it("finds it behind columns that somebody inserted at the left", () => {
    const header = found([
      ["", "kiểm tra", ...templateTop],
      ["", "", ...templateBottom],
    ]);
    expect([header.columns.full_name, header.doses[0]?.vaccine]).toEqual([3, 18]);
    expect(header.headers.slice(0, 2)).toEqual(["column_1", "kiểm tra"]);
  });

  it("gives a note beneath a dose's group to nobody", () => {
    const top = ["Họ tên", "CCCD", "Mũi 1", "", ""];
    const header = found([top, ["", "", "Tên vắc xin", "Ngày tiêm", "Ghi chú"]]);
    expect(header.columns.note).toBe(-1);
    expect(header.headers[4]).toBe("Mũi 1 / Ghi chú");
  });

  it("ends a group at a column without any header", () => {
    const top = ["Họ tên", "CCCD", "Mũi 1", "", "", ""];
    const header = found([top, ["", "", "Tên vắc xin", "Ngày tiêm", "", "Lô vắc xin"]]);
    expect(header.headers.slice(4)).toEqual(["column_5", "Lô vắc xin"]);
    expect(header.doses[0]?.lot_no).toBe(-1);
  });

  it("takes a dose that is left out as having no columns", () => {
    const top = ["Họ tên", "CCCD", "Mũi 1", "", "Mũi 3", ""];
    const header = found([top, ["", "", "Tên vắc xin", "Ngày tiêm", "Tên vắc xin", "Ngày tiêm"]]);
    expect(header.doses.map((dose) => dose.vaccination_date)).toEqual([3, -1, 5]);
  });
});

describe("findHeader on one row", () => {
  it("reads the canonical long export", () => {
    const header = found([canonicalColumns]);
    expect(header).toMatchObject({ layout: "long", doses: [], headers: canonicalColumns });
    expect(canonicalColumns.map((column) => header.columns[column])).toEqual(
      canonicalColumns.map((_, i) => i),
    );
  });

  it("does not take a title above the header for a group of merged cells", () => {
    const header = found([
      ["BỘ Y TẾ", "", ""],
      ["Họ và tên", "CCCD", "Ngày tiêm"],
    ]);
    expect(header).toMatchObject({ lastRecord: 1, headers: ["Họ và tên", "CCCD", "Ngày tiêm"] });
  });

  it.each([
    ["order", ["vaccine", "citizen_id", "full_name"]],
    ["case", ["VACCINE", "Citizen_ID", "FULL_NAME"]],
    ["marks lost", ["Ten vac xin", "So CCCD", "Ho va ten"]],
    ["Unicode form", ["Tên vắc xin", "Số CCCD", "Họ và tên"].map((text) => text.normalize("NFD"))],
    ["spaces and line breaks", [" Tên  vắc\nxin ", "Số\u00a0CCCD", "Họ và  tên"]],
    ["punctuation", ["Tên vắc-xin:", "Số CCCD.", "*Họ và tên"]],
    ["hints", ["Tên vắc xin (*)", "Số CCCD (12 số", "Họ và tên (ghi hoa)"]],
  ])("ignores %s", (_what, cells) => {
    const { columns } = found([cells]);
    expect([columns.vaccine, columns.citizen_id, columns.full_name]).toEqual([0, 1, 2]);
  });

  it("reads doses from headers of one row as a wide file", () => {
    const header = found([
      ["full_name", "citizen_id", "Mũi 1 - Tên vắc xin", "Ngày tiêm mũi 1", "dose2_date"],
    ]);
    expect(header).toMatchObject({ layout: "wide" });
    expect(header.doses).toEqual([
      { vaccine: 2, vaccination_date: 3, lot_no: -1, facility_code: -1 },
      { vaccine: -1, vaccination_date: 4, lot_no: -1, facility_code: -1 },
    ]);
  });

  it("tells facility code from facility name", () => {
    const { columns } = found([["Họ tên", "CCCD", "Ngày tiêm", "Tên cơ sở", "Địa điểm tiêm"]]);
    expect([columns.facility_name, columns.facility_code]).toEqual([3, 4]);
  });

  it("makes blank and repeated unknown headers unique and keeps harmful ones harmless", () => {
    const header = found([
      ["full_name", "citizen_id", "vaccine", "", "x", "x", "__proto__", "constructor", "column_4", ""],
    ]);
    expect(header.headers.slice(3)).toEqual([
      "column_4_",
      "x",
      "column_6",
      "__proto__",
      "constructor",
      "column_4",
      "column_10",
    ]);
    expect(Object.keys(header.columns)).toEqual([...canonicalColumns]);
  });

  it("refuses two columns that mean the same, by their numbers", () => {
    expect(() => found([["Họ tên", "CCCD", "Ngày tiêm", "full_name"]])).toThrow(
      "columns 1 and 4 both mean full_name",
    );
  });

  it("looks only in the row that the pipeline names", () => {
    const rows = [
      ["full_name", "citizen_id", "vaccine"],
      ["Họ tên", "CCCD", "Ngày tiêm"],
    ];
    expect(found(rows, 2).lastRecord).toBe(1);
    expect(find(rows, 3)).toMatchObject({ lacking: 3 });
  });

  it("looks no further than 50 rows", () => {
    const header = ["full_name", "citizen_id", "vaccine"];
    expect(found([...Array(49).fill(["note"]), header]).lastRecord).toBe(49);
    expect(find([...Array(50).fill(["note"]), header])).toMatchObject({ lacking: 3 });
  });

  it("names only expected columns when there is no header", () => {
    const header = find([["Nguyễn Văn A", "001084012345", "CCCD", "Họ tên"]]);
    expect(header).toEqual({
      lacking: 1,
      reason:
        "no header was found in the first 50 rows (the closest row lacks vaccine or vaccination_date (Tên vắc xin, Ngày tiêm)); expected one that names full_name, citizen_id, and vaccine or vaccination_date, or the platform's own headers. Put the header back, or add the file's names to columns.aliases of the pipeline",
      reasonVi:
        "Không tìm thấy dòng tiêu đề trong 50 dòng đầu (dòng gần đúng nhất còn thiếu vaccine hoặc vaccination_date (Tên vắc xin, Ngày tiêm)); cần có cột họ và tên, số định danh, và tên vắc xin hoặc ngày tiêm. Hãy thêm lại dòng tiêu đề, hoặc khai báo tên cột ở mục columns.aliases của quy trình.",
    });
  });
});

describe("createHeaderNames(aliases)", () => {
  it("lets the pipeline's names win over the platform's", () => {
    const own = createHeaderNames({ facility_name: ["Địa điểm tiêm"], note: ["Lời dặn"] });
    expect([own.get(headerKey("địa điểm tiêm")), own.get("loidan")]).toEqual(["facility_name", "note"]);
  });

  it("keeps something of a header that is all brackets", () => {
    expect(headerKey("(Ngày sinh)")).toBe("ngaysinh");
  });

  it.each(["Mũi tiêm", "Mũi 1", "dose_no", "1", "Mũi 1 / Giới tính"])("sees no dose column in %j", (text) => {
    expect(readDoseHeader(text, names)).toBeNull();
  });
});
