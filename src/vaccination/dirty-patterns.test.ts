import { describe, expect, it } from "vitest";
import { compareBirthDates, readBirthDate } from "../identity/birth-date.js";
import { dayNumber, yearOf } from "../identity/calendar.js";
import { describeDigits, findCandidateNumbers, isKnownPlace, readCitizenId } from "../identity/citizen-id.js";
import { compareNames, readName } from "../identity/person-name.js";
import { isPlausiblePhone } from "../identity/phone.js";
import { readSex } from "../identity/sex.js";
import { readFacility } from "./facility.js";
import { checkPersonDoses } from "./person-doses.js";
import { checkVaccinationDay, readVaccinationDate } from "./vaccination-date.js";
import { buildVaccineTable, findVaccine } from "./vaccine.js";

const asOfDay = dayNumber(2026, 11, 23);
const rules = { placeholders: ["không có", "chưa có"] };
const vaccines = buildVaccineTable([
  {
    key: "astrazeneca",
    variants: "AstraZeneca|Astra Zeneca",
    vn_approval_date: "2021-02-01",
    confirmed: "approval date",
    interval_min_days_vn: "28",
  },
  { key: "comirnaty", variants: "Pfizer|fifzer", vn_approval_date: "2021-06-12", confirmed: "approval date" },
  { key: "janssen", canonical_name_platform: "COVID-19 Vaccine Jansen(Johnson & Johnson" },
]);

/** `finding → candidate`, what a citizen ID is read as. */
function id(text: string): string {
  const { number, finding, candidates } = readCitizenId(text, rules);
  return [number ?? finding, ...candidates.map((candidate) => candidate.number)].join(" → ");
}

function birth(text: string, citizenNumber: string | null = null): ReturnType<typeof readBirthDate> {
  return readBirthDate(text, { citizenNumber, asOfDay, maxAgeYears: 120 });
}

const march8: { day: number; isYearOnly: boolean } = { day: dayNumber(1990, 3, 8), isYearOnly: false };

function doses(...pairs: [day: number, dose: number][]): string {
  const vaccine = findVaccine(vaccines, "AstraZeneca");
  return checkPersonDoses(pairs.map(([day, dose]) => ({ day, dose, vaccine })))
    .map((findings) => findings.join(" ") || "ok")
    .join(", ");
}

function vaccinated(year: number, month: number, day: number, vaccine: string): readonly string[] {
  return checkVaccinationDay({
    day: dayNumber(year, month, day),
    birthDay: march8.day,
    isBirthYearOnly: false,
    vaccine: findVaccine(vaccines, vaccine),
    programmeStartDay: dayNumber(2021, 3, 8),
    asOfDay,
  });
}

describe("the dirty patterns seen in the platform's data", () => {
  it.each<[string, unknown, unknown]>([
    ["ID_NO_LEADING_ZERO", id("1087123456"), "citizen-id.length → 001087123456"],
    ["ID_SCI", id("7.9203E+10"), "citizen-id.spreadsheet-damage"],
    ["ID_FLOAT", id("79203012345.0"), "citizen-id.spreadsheet-damage → 079203012345"],
    ["ID_SEP", id("079 203 012 345"), "citizen-id.characters → 079203012345"],
    ["ID_SEP", id("079.203.012.345"), "citizen-id.characters → 079203012345"],
    ["ID_OCR", id("O79203O12345"), "citizen-id.characters → 079203012345"],
    ["ID_9", id("012345678"), "citizen-id.old-number → 012345678"],
    ["ID_8", id("12345678"), "citizen-id.old-number → 12345678"],
    ["ID_12_OTHER", id("07920301234"), "citizen-id.length → 007920301234"],
    ["ID_12_OTHER", id("0792030123456"), "citizen-id.length"],
    ["ID_PASSPORT", id("B1234567"), "citizen-id.passport"],
    ["ID_PASSPORT", id("P12345678"), "citizen-id.passport"],
    ["ID_BHYT", id("DN4790123456789"), "citizen-id.other-number"],
    ["ID_PHONE", id("0912345678"), "citizen-id.other-number → 000912345678"],
    [
      "ID_PLACEHOLDER",
      ["000000000000", "123456789012", "999999999999", "không có", "chưa có"].map(id),
      Array(5).fill("citizen-id.placeholder"),
    ],
    ["ID_SHARED_GUARDIAN", 2015 - describeDigits("079085012345").birthYear >= 15, true],
    ["ID_TWO_CANDIDATES", findCandidateNumbers("079203012345;079203012346").length, 2],
    ["ID_CODE_UNKNOWN", isKnownPlace("099203012345", new Set(["001", "101"])), false],
    ["ID_SEX_MISMATCH", describeDigits("079203012345").sex, "M"],
    ["ID_YEAR_MISMATCH", describeDigits("079203012345").birthYear, 2003],
    ["SEX_CODING", readSex("1", { male: ["0"], female: ["1"] }).sex, "F"],
    ["SEX_CODING", readSex("1", { male: ["1"], female: ["2"] }).sex, "M"],
    ["DOB_YEAR_ONLY", [birth("1950").isYearOnly, yearOf(birth("1950").day ?? 0)], [true, 1950]],
    ["DOB_0101", compareBirthDates(birth("01/01/1990"), march8), "first-of-january"],
    ["DOB_SWAP", compareBirthDates(birth("03/08/1990"), march8), "swapped"],
    ["DOB_SERIAL", birth("33245").day, dayNumber(1991, 1, 7)],
    ["DOB_ISO", [birth("1990-03-08").day, birth("19900308").day], [march8.day, march8.day]],
    ["DOB_2DIGIT", birth("08/03/90", "001190012345").day, march8.day],
    [
      "DOB_FUTURE",
      [birth("01/01/2030").findings, birth("01/01/1899").findings],
      [["birth-date.impossible"], ["birth-date.impossible"]],
    ],
    ["NAME_CASE", compareNames("NGUYỄN VĂN A", "Nguyễn Văn A"), "equal"],
    ["NAME_NFD", compareNames("Nguye\u0302\u0303n", "Nguyễn"), "equal"],
    ["NAME_PUNCT", compareNames("Nguyễn Văn A.", "Nguyễn Văn A"), "equal"],
    ["NAME_SPACE", compareNames(" Nguyễn\u00a0 Văn\u200b A", "Nguyễn Văn A"), "equal"],
    ["NAME_ASCII", compareNames("Nguyen Van A", "Nguyễn Văn A"), "marks-lost"],
    ["NAME_DIGIT", readName("Nguyễn Văn A2").repairs, [{ name: "Nguyễn Văn A", finding: "name.digits" }]],
    ["NAME_TONE", compareNames("Hoà Thuý Uỷ", "Hòa Thúy Ủy"), "equal"],
    ["NAME_IY", compareNames("Lý", "Lí"), "different"],
    ["NAME_ENC", readName("NguyÔn V¨n A").repairs, [{ name: "Nguyễn Văn A", finding: "name.tcvn3" }]],
    ["NAME_ENC", readName("Nguyeãn Vaên A").repairs, [{ name: "Nguyễn Văn A", finding: "name.vni" }]],
    ["NAME_MOJIBAKE", readName("Nguyá»…n").repairs, [{ name: "Nguyễn", finding: "name.mojibake" }]],
    ["NAME_ORDER", compareNames("A Nguyễn Văn", "Nguyễn Văn A"), "different"],
    ["NAME_DROP", compareNames("Nguyễn A", "Nguyễn Văn A"), "different"],
    ["NAME_ETHNIC", ["H'Hen Niê", "K'Brôi", "Y Moan"].flatMap((name) => readName(name).findings), []],
    ["PHONE_84", isPlausiblePhone("+84912345678"), true],
    ["PHONE_11", isPlausiblePhone("01691234567"), true],
    ["PHONE_ZERO", isPlausiblePhone("912345678"), true],
    [
      "VAX_SPELL",
      [findVaccine(vaccines, "ASTRA ZENECA")?.key, findVaccine(vaccines, "fifzer")?.key],
      ["astrazeneca", "comirnaty"],
    ],
    ["VAX_LIST_TYPO", findVaccine(vaccines, "COVID-19 Vaccine Jansen(Johnson & Johnson")?.key, "janssen"],
    ["DOSE_DUP", doses([0, 1], [0, 1]), "ok, dose.same-day"],
    ["DOSE_ORDER", doses([0, 2], [60, 1]), "dose.order, dose.order"],
    ["DOSE_ORDER", doses([60, 2]), "dose.gap"],
    ["DOSE_INTERVAL", doses([0, 1], [10, 2]), "ok, dose.interval-short"],
    ["DOSE_BEFORE_START", vaccinated(2021, 3, 7, "AstraZeneca"), ["vaccination-date.before-programme"]],
    ["DOSE_BEFORE_START", vaccinated(2021, 6, 1, "Pfizer"), ["vaccination-date.before-approval"]],
    ["DOSE_FUTURE", vaccinated(2027, 1, 1, "Pfizer"), ["vaccination-date.future"]],
    ["DOSE_FUTURE", readVaccinationDate("15/08/2021").findings, []],
    [
      "FACILITY_NAME",
      readFacility("01015-Bệnh viện Quân Y 354", ""),
      { code: "01015", name: "Bệnh viện Quân Y 354", finding: null },
    ],
  ])("%s", (_, actual, expected) => {
    expect(actual).toEqual(expected);
  });
});
