import { formatDmy, formatIso } from "./calendar.js";
import { quoteCell } from "./cell-text.js";
import type { Draft, Identity } from "./draft.js";
import type { SamplePerson } from "./people.js";
import type { SinkFormat } from "./sink.js";

/** One way of writing a long export. */
export interface LongShape extends SinkFormat {
  readonly file: string;
  readonly delimiter: string;
  readonly lineEnd: string;
  /** Texts for male and female. */
  readonly sex: readonly [string, string];
  readonly dates: "dmy" | "iso";
  readonly headers: readonly string[];
  /** Columns nobody asked for, in front of and behind the rest. */
  readonly extra: readonly [string, string] | null;
  /** Blank lines occur. */
  readonly hasBlankLines: boolean;
  /** Rows that cannot be read occur. */
  readonly hasRowFaults: boolean;
}

const canonicalHeaders =
  "record_id,full_name,birth_date,sex,citizen_id,phone,health_insurance_no,nationality,priority_group,workplace,province_code,province,district_code,district,ward_code,ward,address,dose_no,vaccine,vaccination_date,lot_no,facility_code,facility_name,note".split(
    ",",
  );

// The template's own texts where it has the column.
const platformHeaders = [
  "Người nhập liệu",
  "Mã mũi tiêm",
  "Họ và tên (*)",
  "Ngày sinh dạng dd/mm/yyyy (*)",
  "Giới tính (*)",
  "Số CCCD, Mã định danh(*) (Loại 8,9,12 số)",
  "Số điện thoại(*) (Tối thiểu 10 số)",
  "Số thẻ bảo hiểm y tế (Mã thẻ 10/15 ký tự)",
  "Quốc tịch",
  "Mã nhóm đối tượng ưu tiên (*) (Tham khảo PL2)",
  "Đơn vị công tác",
  "Mã Tỉnh/Thành phố (*)",
  "Tỉnh/Thành phố",
  "Mã Quận/Huyện (*)",
  "Quận/Huyện",
  "Mã Xã/Phường (*)",
  "Xã/Phường",
  "Địa chỉ chi tiết",
  "Mũi số",
  "Tên vắc xin (*) (Tham khảo PL5)",
  "Ngày tiêm dạng dd/mm/yyyy (*)",
  "Lô vắc xin",
  "Địa điểm tiêm (*) (Tham khảo PL4)",
  "Tên cơ sở tiêm",
  "Ghi chú",
  "Trạng thái đồng bộ",
];

const plain = {
  encoding: "utf-8",
  hasBom: false,
  isGzip: false,
  delimiter: ",",
  lineEnd: "\n",
  sex: ["Nam", "Nữ"],
  dates: "dmy",
  headers: canonicalHeaders,
  extra: null,
  hasBlankLines: false,
  hasRowFaults: false,
} as const satisfies Partial<LongShape>;

/** The main export: canonical headers, comma, UTF-8. */
export const mainShape: LongShape = { ...plain, file: "national-2023.csv", hasRowFaults: true };

/** The public portal's export: sex 1/2, ISO dates. */
export const apiShape: LongShape = {
  ...plain,
  file: "city-api-2022.csv",
  sex: ["1", "2"],
  dates: "iso",
  hasRowFaults: true,
};

/** The platform's own export: gzip, semicolon, CRLF, BOM, Vietnamese headers, columns nobody knows. */
export const platformShape: LongShape = {
  ...plain,
  file: "platform-2022.csv.gz",
  hasBom: true,
  isGzip: true,
  delimiter: ";",
  lineEnd: "\r\n",
  headers: platformHeaders,
  extra: ["tram01", "DA_DONG_BO"],
  hasBlankLines: true,
  hasRowFaults: true,
};

/** What a spreadsheet calls "Unicode text": UTF-16LE, BOM, tabs. */
export const unicodeShape: LongShape = {
  ...plain,
  file: "province-utf16.csv",
  encoding: "utf-16le",
  hasBom: true,
  delimiter: "\t",
  lineEnd: "\r\n",
};

/** An old station's export: windows-1258 with tones as letters of their own. */
export const stationShape: LongShape = { ...plain, file: "station-1258.csv", encoding: "windows-1258" };

/** How a row is made unreadable, or only odd. */
export type RowFault =
  | "row-short"
  | "row-long"
  | "row-stray-quote"
  | "row-text-after-quote"
  | "row-unclosed-quote"
  | "row-broken-utf8"
  | "row-nul"
  | "row-line-break";

/** The file's header line. */
export function writeHeader(shape: LongShape): string {
  return (
    shape.headers.map((header) => quoteCell(header, shape.delimiter)).join(shape.delimiter) + shape.lineEnd
  );
}

/** The cells of a person, joined; `rawName` stands in as it is. */
export function writePerson(
  shape: LongShape,
  identity: Identity,
  person: SamplePerson,
  priority: string,
  rawName?: string,
  rawAddress?: string,
): string {
  const d = shape.delimiter;
  const name = rawName ?? quoteCell(identity.name, d);
  const birth =
    identity.birthText ??
    (shape.dates === "iso" ? formatIso(identity.birthDay) : formatDmy(identity.birthDay));
  const sex = identity.sexText ?? shape.sex[identity.sex];
  const id = quoteCell(identity.citizenId, d);
  const place = person.place.joined[d] as string;
  const head = `${name}${d}${birth}${d}${sex}${d}${id}${d}${person.phone}`;
  return `${head}${d}${d}${identity.nationality}${d}${priority}${d}${d}${place}${d}${rawAddress ?? person.address}`;
}

/** One row with its line end; `person` comes from `writePerson`. */
export function writeRecord(shape: LongShape, draft: Draft, person: string): string {
  const d = shape.delimiter;
  const date = draft.dateText ?? (shape.dates === "iso" ? formatIso(draft.day) : formatDmy(draft.day));
  const dose = draft.doseText === null ? String(draft.doseNo) : quoteCell(draft.doseText, d);
  const row =
    `${draft.recordId}${d}${person}${d}${dose}${d}${quoteCell(draft.vaccine, d)}${d}${date}${d}${draft.lot}${d}` +
    `${draft.facilityCode}${d}${draft.facilityName}${d}${quoteCell(draft.identity.note, d)}`;
  if (shape.extra === null) return row + shape.lineEnd;
  return `${shape.extra[0]}${d}${row}${d}${shape.extra[1]}${shape.lineEnd}`;
}
