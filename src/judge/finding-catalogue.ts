import type { BirthDateFinding } from "../identity/birth-date.js";
import type { CitizenIdFinding, CitizenIdRepair } from "../identity/citizen-id.js";
import type { NameComparisonFinding, NameFinding, NameRepair } from "../identity/person-name.js";
import type { SexFinding } from "../identity/sex.js";
import type { DoseNumberFinding } from "../vaccination/dose-number.js";
import type { FacilityFinding } from "../vaccination/facility.js";
import type { DoseFinding } from "../vaccination/person-doses.js";
import type { VaccinationDateFinding, VaccinationDateTextFinding } from "../vaccination/vaccination-date.js";
import type { VaccineFinding } from "../vaccination/vaccine.js";
import type { FindingId } from "./findings.js";

/** What a finding is to the record: only faults and differences can give it a code. */
export type FindingKind = "fault" | "difference" | "normalisation" | "repair" | "warning" | "fact";

export interface FindingEntry {
  /** Field of the record that it is about. */
  readonly field: string;
  readonly kind: FindingKind;
  /** A full sentence. */
  readonly vi: string;
  readonly en: string;
  /** Decree, dispatch or template; `lamsach` when the rule is ours. */
  readonly source: string;
  /** W10 and on, for warnings; stable for ever once shipped. */
  readonly warningCode?: string;
}

type Exists<Id extends FindingId> = Id;

/** What the rules report; the compiler refuses a rule whose finding is not in `findings.ts`. */
type RuleFinding = Exists<
  | CitizenIdFinding
  | CitizenIdRepair
  | NameFinding
  | NameRepair
  | NameComparisonFinding
  | BirthDateFinding
  | SexFinding
  | VaccineFinding
  | VaccinationDateTextFinding
  | VaccinationDateFinding
  | DoseNumberFinding
  | FacilityFinding
  | DoseFinding
>;

const idLayout = "Decree 137/2015/NĐ-CP art. 13; Circular 59/2021/TT-BCA";
const carveOut = "Decision 2491/QĐ-BYT; dispatch 2262/BYT-CNTT";
const authentication = "Dispatch 9438/BYT-CNTT";
const template = "Platform import template";
const ours = "lamsach";

function makeEntries(
  kind: FindingKind,
  field: string,
): (vi: string, en: string, source?: string) => FindingEntry {
  return (vi, en, source = ours) => ({ field, kind, vi, en, source });
}

function makeWarning(
  warningCode: string,
  field: string,
  vi: string,
  en: string,
  source = ours,
): FindingEntry {
  return { field, kind: "warning", vi, en, source, warningCode };
}

const rowFault = makeEntries("fault", "row");
const rowFact = makeEntries("fact", "row");
const keyFault = makeEntries("fault", "record_id");
const idFault = makeEntries("fault", "citizen_id");
const idRepair = makeEntries("repair", "citizen_id");
const nameFault = makeEntries("fault", "full_name");
const nameForm = makeEntries("normalisation", "full_name");
const nameRepair = makeEntries("repair", "full_name");
const birthFault = makeEntries("fault", "birth_date");
const birthFact = makeEntries("fact", "birth_date");
const birthNormalisation = makeEntries("normalisation", "birth_date");
const sexFault = makeEntries("fault", "sex");
const vaccineFault = makeEntries("fault", "vaccine");
const dateFault = makeEntries("fault", "vaccination_date");
const dateFact = makeEntries("fact", "vaccination_date");
const doseFault = makeEntries("fault", "dose_no");

/** Every finding: what it is, in Vietnamese and English, and where the rule comes from. */
export const findingCatalogue: Readonly<Record<FindingId | RuleFinding, FindingEntry>> = {
  "row.structure": rowFault(
    "Dòng dữ liệu sai cấu trúc nên không đọc được.",
    "The row's structure is broken and it cannot be read.",
    "RFC 4180",
  ),
  "row.undecodable": rowFault(
    "Dòng dữ liệu chứa các byte không giải mã được.",
    "The row holds bytes that cannot be decoded.",
  ),
  "row.too-large": rowFault("Dòng dữ liệu dài quá giới hạn cho phép.", "The row is larger than the limit."),
  "row.control-characters": makeWarning(
    "W10",
    "row",
    "Dòng dữ liệu có ký tự điều khiển.",
    "The row holds control characters.",
  ),
  "record.delivered-twice": keyFault(
    "Bản ghi đã được gửi trước đó với nội dung giống hệt.",
    "The record was delivered before with the same content.",
  ),
  "record.conflicting-content": keyFault(
    "Có các bản ghi cùng mã nhưng nội dung khác nhau.",
    "Records with the same key have different content.",
  ),

  "citizen-id.blank": idFault("Ô số định danh cá nhân để trống.", "The citizen ID is blank.", carveOut),
  "citizen-id.placeholder": idFault(
    "Ô số định danh cá nhân chỉ chứa nội dung điền cho có.",
    "The citizen ID is a placeholder.",
    carveOut,
  ),
  "citizen-id.old-number": idFault(
    "Số đã ghi là số giấy tờ cũ gồm 9 hoặc 8 chữ số.",
    "The number is an old one of 9 or 8 digits.",
    template,
  ),
  "citizen-id.passport": idFault(
    "Người được tiêm dùng hộ chiếu hoặc mang quốc tịch nước ngoài.",
    "The person has a passport number or a foreign nationality.",
    carveOut,
  ),
  "citizen-id.length": idFault(
    "Số định danh cá nhân không có đúng 12 chữ số.",
    "The citizen ID does not have 12 digits.",
    idLayout,
  ),
  "citizen-id.characters": idFault(
    "Số định danh cá nhân có ký tự không phải chữ số.",
    "The citizen ID holds characters other than digits.",
    idLayout,
  ),
  "citizen-id.unknown-place": idFault(
    "Ba chữ số đầu của số định danh cá nhân không phải mã tỉnh hay mã quốc gia nào.",
    "The first three digits of the citizen ID are no province or country code.",
    idLayout,
  ),
  "citizen-id.other-number": idFault(
    "Ô số định danh cá nhân chứa số thẻ bảo hiểm y tế hoặc số điện thoại.",
    "The citizen ID cell holds a health insurance or phone number.",
  ),
  "citizen-id.spreadsheet-damage": idFault(
    "Phần mềm bảng tính đã đổi số định danh cá nhân thành dạng số.",
    "A spreadsheet turned the citizen ID into a number.",
  ),
  "citizen-id.two-candidates": idFault(
    "Bản ghi có từ hai số định danh cá nhân khác nhau trở lên.",
    "The record holds two or more different citizen IDs.",
  ),

  "citizen-id.separators": idRepair(
    "Đã bỏ các ký tự thừa trong số định danh cá nhân.",
    "Separators and stray characters were removed from the citizen ID.",
  ),
  "citizen-id.float-suffix": idRepair(
    "Đã bỏ phần thập phân .0 ở cuối số định danh cá nhân.",
    "The decimal part .0 was removed from the citizen ID.",
  ),
  "citizen-id.scientific": idRepair(
    "Đã đổi số định danh cá nhân từ dạng số mũ về đủ các chữ số.",
    "The citizen ID was written out from scientific notation.",
  ),
  "citizen-id.leading-zeros": idRepair(
    "Đã thêm lại các số 0 bị mất ở đầu số định danh cá nhân.",
    "Lost leading zeros were put back in the citizen ID.",
  ),
  "citizen-id.look-alikes": idRepair(
    "Đã thay các chữ cái viết nhầm bằng chữ số giống chúng trong số định danh cá nhân.",
    "Letters in the citizen ID were replaced by the digits they look like.",
  ),
  "citizen-id.old-number-linked": idRepair(
    "Đã thay số giấy tờ cũ bằng số định danh cá nhân mà dữ liệu dân cư liên kết.",
    "The old number was replaced by the citizen ID that the register links it to.",
  ),
  "citizen-id.replaced": idRepair(
    "Đã thay số định danh cá nhân cũ bằng số mới được cấp lại.",
    "The replaced citizen ID was exchanged for the one issued in its place.",
    "Circular 59/2021/TT-BCA art. 6",
  ),

  "citizen-id.sex-digit": makeWarning(
    "W11",
    "citizen_id",
    "Chữ số thứ tư của số định danh cá nhân không khớp với giới tính.",
    "The fourth digit of the citizen ID disagrees with the sex.",
    idLayout,
  ),
  "citizen-id.year-digits": makeWarning(
    "W12",
    "citizen_id",
    "Các chữ số chỉ năm sinh trong số định danh cá nhân không khớp với ngày sinh.",
    "The birth year digits of the citizen ID disagree with the birth date.",
    idLayout,
  ),
  "citizen-id.guardian": makeWarning(
    "W13",
    "citizen_id",
    "Năm sinh trong số định danh cá nhân lệch ngày sinh từ 15 năm trở lên, có thể đây là số của người giám hộ.",
    "The birth year in the citizen ID is 15 years or more from the birth date: it may be a guardian's number.",
  ),

  "name.blank": nameFault("Họ và tên để trống.", "The name is blank.", template),
  "name.case": nameForm(
    "Đã chuẩn hóa chữ hoa và chữ thường trong họ và tên.",
    "The letter case of the name was normalised.",
  ),
  "name.unicode-form": nameForm(
    "Đã chuyển họ và tên sang dạng Unicode dựng sẵn.",
    "The name was brought into composed Unicode (NFC).",
    "TCVN 6909:2001",
  ),
  "name.spaces": nameForm(
    "Đã bỏ khoảng trắng thừa trong họ và tên.",
    "Superfluous spaces were removed from the name.",
  ),
  "name.punctuation": nameForm(
    "Đã bỏ hoặc chuẩn hóa dấu câu trong họ và tên.",
    "Punctuation in the name was removed or normalised.",
  ),
  "name.tone-placement": nameForm(
    "Đã chuẩn hóa vị trí đặt dấu thanh trong họ và tên.",
    "The placement of tone marks in the name was normalised.",
  ),
  "name.invisible-characters": nameForm(
    "Đã bỏ các ký tự không nhìn thấy trong họ và tên.",
    "Invisible characters were removed from the name.",
  ),
  "name.marks-lost": nameForm(
    "Họ và tên bị mất dấu nhưng ngày sinh và giới tính khớp hoàn toàn.",
    "The name lost its marks, while birth date and sex agree exactly.",
    authentication,
  ),
  "name.digits": nameRepair("Đã bỏ chữ số trong họ và tên.", "Digits were removed from the name."),
  "name.tcvn3": nameRepair(
    "Đã chuyển họ và tên từ bảng mã TCVN3 sang Unicode.",
    "The name was converted from TCVN3 to Unicode.",
    "TCVN 5712:1993",
  ),
  "name.vni": nameRepair(
    "Đã chuyển họ và tên từ bảng mã VNI sang Unicode.",
    "The name was converted from VNI to Unicode.",
  ),
  "name.mojibake": nameRepair(
    "Đã giải mã lại họ và tên bị đọc sai bảng mã.",
    "The name was decoded again: its UTF-8 had been read in another encoding.",
  ),
  "name.different": makeEntries("difference", "full_name")(
    "Họ và tên khác với dữ liệu dân cư.",
    "The name differs from the register's.",
    authentication,
  ),

  "birth-date.blank": birthFault("Ngày sinh để trống.", "The birth date is blank.", template),
  "birth-date.impossible": birthFault(
    "Ngày sinh không đọc được hoặc không thể có.",
    "The birth date cannot be read or is not possible.",
    template,
  ),
  "birth-date.year-only": birthFact("Ngày sinh chỉ có năm.", "The birth date is a year only."),
  "birth-date.first-of-january": birthFact(
    "Ngày sinh là ngày 01/01, có thể do không biết ngày và tháng.",
    "The birth date is 1 January, which may stand for an unknown day.",
  ),
  "birth-date.excel-serial": birthNormalisation(
    "Ngày sinh ghi dưới dạng số thứ tự ngày của bảng tính.",
    "The birth date is a spreadsheet's serial number.",
  ),
  "birth-date.two-digit-year": birthNormalisation(
    "Ngày sinh chỉ ghi hai chữ số của năm.",
    "The birth date has a two-digit year.",
  ),
  "birth-date.different": makeEntries("difference", "birth_date")(
    "Ngày sinh khác với dữ liệu dân cư.",
    "The birth date differs from the register's.",
    authentication,
  ),

  "sex.blank": sexFault("Giới tính để trống.", "The sex is blank.", template),
  "sex.unreadable": sexFault(
    "Giới tính ghi không theo quy ước của nguồn dữ liệu.",
    "The sex is not in the source's coding.",
    template,
  ),
  "sex.filled-from-id": makeEntries("repair", "sex")(
    "Giới tính được điền theo chữ số thứ tư của số định danh cá nhân.",
    "The sex was filled in from the fourth digit of the citizen ID.",
    idLayout,
  ),
  "sex.different": makeEntries("difference", "sex")(
    "Giới tính khác với dữ liệu dân cư.",
    "The sex differs from the register's.",
    authentication,
  ),

  "register.number-unknown": idFault(
    "Số định danh cá nhân không có trong dữ liệu dân cư.",
    "The citizen ID is not in the population register.",
    carveOut,
  ),
  "register.number-cancelled": idFault(
    "Số định danh cá nhân đã bị hủy hoặc đã được thay thế trong dữ liệu dân cư.",
    "The citizen ID is cancelled or replaced in the population register.",
    carveOut,
  ),
  "register.several-different": makeEntries("difference", "record")(
    "Từ hai thông tin cá nhân trở lên khác với dữ liệu dân cư.",
    "Two or more personal details differ from the register's.",
    authentication,
  ),
  "register.ambiguous": idFault(
    "Có nhiều hơn một người trong dữ liệu dân cư phù hợp với bản ghi.",
    "More than one person in the register fits the record.",
  ),
  "register.not-consulted": makeEntries("fault", "record")(
    "Bản ghi chưa được đối chiếu với dữ liệu dân cư.",
    "The record was not compared with the population register.",
    authentication,
  ),
  "register.deceased": makeWarning(
    "W14",
    "record",
    "Theo dữ liệu dân cư, người này đã qua đời.",
    "According to the register this person is deceased.",
  ),

  "vaccine.blank": vaccineFault("Tên vắc xin để trống.", "The vaccine is blank.", template),
  "vaccine.unknown": vaccineFault(
    "Tên vắc xin không có trong danh mục.",
    "The vaccine is not in the list.",
    `${template}, PL5`,
  ),
  "vaccine.age": makeWarning(
    "W15",
    "vaccination_date",
    "Người được tiêm chưa đủ tuổi tối thiểu của loại vắc xin này.",
    "The person was younger than the least age for this vaccine.",
    "Ministry of Health guidance (vaccine table)",
  ),
  "vaccine.approval-unconfirmed": makeWarning(
    "W16",
    "vaccination_date",
    "Ngày tiêm trước ngày phê duyệt vắc xin, nhưng ngày phê duyệt này chưa được xác nhận.",
    "The vaccination date is before the vaccine's approval, but that approval date is not confirmed.",
  ),

  "vaccination-date.blank": dateFault("Ngày tiêm để trống.", "The vaccination date is blank.", template),
  "vaccination-date.impossible": dateFault(
    "Ngày tiêm không đọc được hoặc không có trong lịch.",
    "The vaccination date cannot be read or is not in the calendar.",
    template,
  ),
  "vaccination-date.before-programme": dateFault(
    "Ngày tiêm trước khi bắt đầu chiến dịch tiêm chủng.",
    "The vaccination date is before the programme began.",
    "First dose of the national programme, 08/03/2021",
  ),
  "vaccination-date.before-approval": dateFault(
    "Ngày tiêm trước khi vắc xin được phê duyệt.",
    "The vaccination date is before the vaccine was approved.",
    "Approval decisions of the Ministry of Health (vaccine table)",
  ),
  "vaccination-date.future": dateFault(
    "Ngày tiêm sau ngày xử lý dữ liệu.",
    "The vaccination date is after the run's date.",
  ),
  "vaccination-date.before-birth": dateFault(
    "Ngày tiêm trước ngày sinh.",
    "The vaccination date is before the birth date.",
  ),
  "vaccination-date.excel-serial": dateFact(
    "Ngày tiêm ghi dưới dạng số thứ tự ngày của bảng tính.",
    "The vaccination date is a spreadsheet's serial number.",
  ),
  "vaccination-date.two-digit-year": dateFact(
    "Ngày tiêm chỉ ghi hai chữ số của năm.",
    "The vaccination date has a two-digit year.",
  ),

  "dose-no.blank": doseFault("Số thứ tự mũi tiêm để trống.", "The dose number is blank.", template),
  "dose-no.impossible": doseFault(
    "Số thứ tự mũi tiêm không hợp lệ.",
    "The dose number is not possible.",
    template,
  ),
  "facility.blank": makeEntries("fault", "facility_code")(
    "Cơ sở tiêm chủng để trống.",
    "The facility is blank.",
    template,
  ),
  "facility.unknown-form": makeWarning(
    "W17",
    "facility_code",
    "Mã cơ sở tiêm không đúng dạng 5 hoặc 7 ký tự.",
    "The facility code is not of the 5-character or 7-character form.",
    `${template}, PL4`,
  ),
  "lot.blank": makeWarning("W18", "lot_no", "Số lô vắc xin để trống.", "The lot number is blank.", template),

  "dose.same-day": dateFault(
    "Người này đã có một mũi tiêm khác trong cùng ngày.",
    "This person already has another dose on the same day.",
  ),
  "dose.order": doseFault(
    "Số thứ tự mũi tiêm mâu thuẫn với ngày của các mũi tiêm khác.",
    "The dose number contradicts the dates of the person's other doses.",
  ),
  "dose.interval-short": makeWarning(
    "W19",
    "vaccination_date",
    "Khoảng cách với mũi tiêm trước ngắn hơn mức tối thiểu.",
    "The interval since the earlier dose is shorter than the minimum.",
    "Ministry of Health guidance (vaccine table)",
  ),
  "dose.gap": makeWarning(
    "W20",
    "dose_no",
    "Thiếu mũi tiêm liền trước mũi này.",
    "The dose before this one is missing.",
  ),

  "phone.malformed": makeWarning(
    "W21",
    "phone",
    "Số điện thoại không đúng dạng.",
    "The phone number is malformed.",
    template,
  ),
  "place.unknown-province": makeWarning(
    "W22",
    "province_code",
    "Mã hoặc tên tỉnh, thành phố không có trong danh mục.",
    "The province code or name is not in the list.",
    `${template}, PL3`,
  ),
  "place.unknown-ward": makeWarning(
    "W23",
    "ward_code",
    "Mã xã, phường không có trong danh mục.",
    "The ward code is not in the list.",
    `${template}, PL3`,
  ),
  "priority-group.unknown": makeWarning(
    "W24",
    "priority_group",
    "Mã nhóm đối tượng ưu tiên không có trong danh mục.",
    "The priority group code is not in the list.",
    `${template}, PL2`,
  ),

  "row.shifted": rowFact(
    "Các ô của dòng bị lệch sang cột bên cạnh.",
    "The cells of the row stand one column away from their own.",
  ),
  "birth-date.day-month-swapped": birthFact(
    "Ngày sinh bị đổi chỗ ngày và tháng: đổi lại thì đọc được hoặc khớp với dữ liệu dân cư.",
    "Day and month of the birth date are exchanged: the other way round it can be read, or is the register's.",
  ),
  "vaccination-date.day-month-swapped": dateFact(
    "Ngày tiêm bị đổi chỗ ngày và tháng: đổi lại thì đọc được.",
    "Day and month of the vaccination date are exchanged: the other way round it can be read.",
  ),
};
