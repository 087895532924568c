import { formatDmy } from "./calendar.js";
import { quoteCell } from "./cell-text.js";
import type { Draft, Identity } from "./draft.js";
import type { SamplePerson } from "./people.js";

/** A cell of the template: text, or the number cells its sex column holds. */
export type TemplateCell = string | number;

/** The notes above the header of the platform's import template. */
export const templateNotes: readonly string[] = [
  "DANH SÁCH ĐỐI TƯỢNG TIÊM CHỦNG VẮC XIN COVID-19",
  "Các cột có dấu (*) là bắt buộc nhập",
  "Ngày tháng nhập dạng chữ dd/mm/yyyy",
  "Mã đơn vị hành chính tham khảo PL3, mã cơ sở tiêm tham khảo PL4",
  "Không xóa, không đổi tên các cột",
];

const dose = [
  "Tên vắc xin (*) (Tham khảo PL5)",
  "Ngày tiêm dạng dd/mm/yyyy (*)",
  "Lô vắc xin",
  "Địa điểm tiêm (*) (Tham khảo PL4)",
];

const personHeaders = [
  "#",
  "Họ và tên (*)",
  "Ngày sinh dạng dd/mm/yyyy (*)",
  "Giới tính (*) (0:nam, 1:nữ)",
  "Mã nhóm đối tượng ưu tiên (*) (Tham khảo PL2)",
  "Đơn vị công tác",
  "Số điện thoại(*) (Tối thiểu 10 số)",
  "Số CCCD, Mã định danh(*) (Loại 8,9,12 số)",
  "Số thẻ bảo hiểm y tế (Mã thẻ 10/15 ký tự)",
];

const addressHeaders = [
  "Tỉnh/Thành phố",
  "Mã Tỉnh/Thành phố (*)",
  "Quận/Huyện",
  "Mã Quận/Huyện (*)",
  "Xã/Phường",
  "Mã Xã/Phường (*)",
  "Địa chỉ chi tiết",
];

const resultHeaders = [
  "Ghi chú",
  "Kết quả import Thất bại (không điền ô này)",
  "Kết quả import Thành công (không điền ô này)",
];

const blanks = (count: number): string[] => Array.from({ length: count }, () => "");

/** The two header rows (7 and 8) of the template. */
export const templateHeaders: readonly [readonly string[], readonly string[]] = [
  [
    ...personHeaders,
    "Nơi ở tạm trú (hiện tại) (*) (Tham khảo PL3)",
    ...blanks(6),
    ...[1, 2, 3, 4].flatMap((no) => [`Mũi ${no}`, ...blanks(3)]),
    ...resultHeaders,
  ],
  [...blanks(9), ...addressHeaders, ...dose, ...dose, ...dose, ...dose, ...blanks(3)],
];

/** Spans of header cells that are merged: first and last column, from 0; single columns span both rows. */
export const templateMerges: readonly (readonly [number, number])[] = [
  [9, 15],
  [16, 19],
  [20, 23],
  [24, 27],
  [28, 31],
];

/** First sheet row (or line) of data. */
export const templateFirstRow = 9;

/** One row of the template; each draft stands in the columns of its dose number. */
export function writeTemplateRow(
  rowNo: number,
  identity: Identity,
  person: SamplePerson,
  priority: string,
  drafts: readonly Draft[],
): TemplateCell[] {
  const [provinceCode, province, districtCode, district, wardCode, ward] = person.place.cells as string[];
  const cells: TemplateCell[] = [
    rowNo,
    identity.name,
    identity.birthText ?? formatDmy(identity.birthDay),
    identity.sexText ?? identity.sex,
    priority,
    "",
    person.phone,
    identity.citizenId,
    "",
    ...[province, provinceCode, district, districtCode, ward, wardCode, person.address].map(
      (text) => text ?? "",
    ),
    ...blanks(16),
    identity.note,
    "",
    "",
  ];
  for (const draft of drafts) {
    const at = 16 + (draft.doseNo - 1) * 4;
    cells[at] = draft.vaccine;
    cells[at + 1] = draft.dateText ?? formatDmy(draft.day);
    cells[at + 2] = draft.lot;
    cells[at + 3] = draft.facilityCode;
  }
  return cells;
}

/** The notes and headers of the template saved as CSV. */
export function writeTemplateHead(): string {
  const width = templateHeaders[0].length;
  const notes = templateNotes.map((note) => [note, ...blanks(width - 1)]);
  return [...notes, blanks(width), ...templateHeaders].map((cells) => writeTemplateLine(cells)).join("");
}

/** One line of the template saved as CSV. */
export function writeTemplateLine(cells: readonly TemplateCell[]): string {
  return `${cells.map((cell) => quoteCell(String(cell), ",")).join(",")}\n`;
}
