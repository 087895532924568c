import { foldText, squeezeText } from "../identity/fold-text.js";
import { type CanonicalColumn, canonicalColumns, type DoseColumn } from "./source.js";

/** Header texts of the platform (its template of 2021-2022), its short forms, and names seen in other exports. */
const builtInAliases: Readonly<Record<CanonicalColumn, readonly string[]>> = {
  record_id: ["Mã bản ghi", "Mã mũi tiêm", "ID bản ghi"],
  full_name: ["Họ và tên", "Họ tên"],
  birth_date: ["Ngày sinh dạng dd/mm/yyyy", "Ngày sinh", "Ngày tháng năm sinh", "dob", "date_of_birth"],
  sex: ["Giới tính", "gender"],
  citizen_id: [
    "Số CCCD, Mã định danh",
    "CCCD",
    "CMND",
    "Số CCCD",
    "Số CMND",
    "CCCD/CMND",
    "CMND/CCCD",
    "Số CCCD/CMND",
    "Số CMND/CCCD",
    "Số định danh",
    "Mã định danh",
    "Số định danh cá nhân",
    "Mã định danh cá nhân",
    "Căn cước công dân",
    "Số căn cước công dân",
    "Số căn cước",
  ],
  phone: ["Số điện thoại", "Điện thoại", "SĐT", "Số ĐT"],
  health_insurance_no: [
    "Số thẻ bảo hiểm y tế",
    "Số thẻ BHYT",
    "Mã thẻ BHYT",
    "Mã BHYT",
    "Số BHYT",
    "BHYT",
    "Thẻ BHYT",
  ],
  nationality: ["Quốc tịch"],
  priority_group: [
    "Mã nhóm đối tượng ưu tiên",
    "Nhóm đối tượng ưu tiên",
    "Đối tượng ưu tiên",
    "Nhóm ưu tiên",
    "Nhóm đối tượng",
  ],
  workplace: ["Đơn vị công tác", "Nơi công tác"],
  province_code: ["Mã Tỉnh/Thành phố", "Mã tỉnh"],
  province: ["Tỉnh/Thành phố", "Tỉnh/Thành", "Tỉnh", "province_name"],
  district_code: ["Mã Quận/Huyện", "Mã huyện"],
  district: ["Quận/Huyện", "Huyện", "district_name"],
  ward_code: ["Mã Xã/Phường", "Mã Phường/Xã", "Mã xã"],
  ward: ["Xã/Phường", "Phường/Xã", "Xã", "ward_name"],
  address: ["Địa chỉ chi tiết", "Địa chỉ", "address_detail"],
  dose_no: ["Mũi số", "Mũi thứ", "Số mũi", "Mũi tiêm", "Mũi", "dose_number", "dose"],
  vaccine: ["Tên vắc xin", "Vắc xin", "Loại vắc xin", "Tên vaccine", "Loại vaccine", "vaccine_name"],
  vaccination_date: ["Ngày tiêm dạng dd/mm/yyyy", "Ngày tiêm", "Ngày tiêm chủng"],
  lot_no: ["Lô vắc xin", "Số lô", "Số lô vắc xin", "Lô", "Lô vaccine"],
  facility_code: ["Địa điểm tiêm", "Mã cơ sở", "Mã cơ sở tiêm", "Mã cơ sở tiêm chủng", "Mã cơ sở KCB"],
  facility_name: ["Tên cơ sở", "Tên cơ sở tiêm", "Tên cơ sở tiêm chủng", "Cơ sở tiêm", "Cơ sở tiêm chủng"],
  note: ["Ghi chú"],
};

/** Short English names of a dose's columns; they mean nothing outside a dose. */
const doseNames: ReadonlyMap<string, DoseColumn> = new Map([
  ["date", "vaccination_date"],
  ["lot", "lot_no"],
  ["facility", "facility_code"],
]);

const doseColumns: ReadonlySet<CanonicalColumn> = new Set<DoseColumn>([
  "vaccine",
  "vaccination_date",
  "lot_no",
  "facility_code",
]);

/** Canonical columns by header key. */
export type HeaderNames = ReadonlyMap<string, CanonicalColumn>;

export type HeaderAliases = Readonly<Partial<Record<CanonicalColumn, readonly string[]>>>;

/** What two header texts share when they mean the same: letters and digits, no case, no marks, no hints in brackets. */
export function headerKey(text: string): string {
  // Brackets first: "(*) (Tham khảo PL5)" says nothing, but a header that is all brackets is more than nothing.
  return squeezeText(foldText(text).replace(/\([^)]*(\)|$)/g, " ")) || squeezeText(text);
}

/** All names that are understood: canonical, the platform's, and the pipeline's own, which win over the platform's. */
export function createHeaderNames(aliases: HeaderAliases): HeaderNames {
  const names = new Map<string, CanonicalColumn>();
  for (const column of canonicalColumns)
    for (const alias of builtInAliases[column]) names.set(headerKey(alias), column);
  for (const column of canonicalColumns) names.set(headerKey(column), column);
  for (const column of canonicalColumns)
    for (const alias of aliases[column] ?? []) names.set(headerKey(alias), column);
  return names;
}

/** The dose of a group cell such as "Mũi 1", else 0. */
export function readDoseGroup(text: string): number {
  return Number(/^(?:mui|muitiem|muithu|muiso|lieu|dose)([1-9])$/.exec(headerKey(text))?.[1] ?? 0);
}

/** A dose's column by its name under a group cell. */
export function readDoseColumn(text: string, names: HeaderNames): DoseColumn | null {
  return doseColumnOf(headerKey(text), names);
}

/** A dose's column whose one header says both: "Mũi 1 / Tên vắc xin", "Ngày tiêm mũi 2", "dose1_lot". */
export function readDoseHeader(
  text: string,
  names: HeaderNames,
): { dose: number; column: DoseColumn } | null {
  const key = headerKey(text);
  const before = /^(?:mui|lieu|dose)(?:thu|so)?([1-9])(.+)$/.exec(key);
  const after = /^(.+?)(?:mui|lieu|dose)(?:thu|so)?([1-9])$/.exec(key);
  const dose = Number(before?.[1] ?? after?.[2] ?? 0);
  const column = doseColumnOf(before?.[2] ?? after?.[1] ?? "", names);
  return dose > 0 && column !== null ? { dose, column } : null;
}

function doseColumnOf(key: string, names: HeaderNames): DoseColumn | null {
  const column = doseNames.get(key) ?? names.get(key);
  return column !== undefined && doseColumns.has(column) ? (column as DoseColumn) : null;
}
