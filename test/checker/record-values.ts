import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { asDay, type CellDate, type Parts, partsOfIso, readCellDate, yearsBetween } from "./cell-date.js";
import { type CellNumber, readCellNumber } from "./cell-number.js";
import { fold, squeeze, tidy } from "./cell-text.js";
import type { Conserved } from "./conservation.js";
import type { PublishedRecord } from "./published.js";

/** What a summary counts by. */
export const dimensions = [
  "province",
  "district",
  "ward",
  "facility",
  "vaccine",
  "month",
  "dose",
  "age",
  "sex",
  "region",
  "abroad",
  "file",
] as const;

/** A record's key in each dimension, from its delivered cells by docs/rules.md and docs/metrics.md. */
export type Values = Readonly<Record<(typeof dimensions)[number], string>>;

/** The values of each record, on the day that a summary names. */
export function readValues(
  summary: unknown,
  records: readonly PublishedRecord[],
  conserved: Conserved,
): Values[] {
  const asOf = partsOfIso((summary as { run?: { asOf?: string } } | null)?.run?.asOf ?? "");
  return records.map((record) => readRecord(record, conserved, asOf));
}

function readRecord(record: PublishedRecord, conserved: Conserved, asOf: Parts): Values {
  // A row that cannot be read says nothing of anybody.
  if (/^E1\d$/.test(record.code)) return { ...nothing, file: record.file };
  const cell = (column: string): string => conserved.deliveredValue(record, column);
  const number = readCellNumber(cell("citizen_id"));
  const digits = findDigits(number);
  const place = readPlace(cell);
  const birth = readBirth(cell("birth_date"), number, asOf);
  const isAbroad = digits !== null && isCountry(digits.slice(0, 3));
  return {
    province: place[0] ?? "",
    district: joinPlace(place.slice(0, 2)),
    ward: joinPlace(place),
    facility: readFacility(cell("facility_code"), cell("facility_name")),
    vaccine: vaccineByName.get(squeeze(cell("vaccine"))) ?? "",
    month: readMonth(readCellDate(cell("vaccination_date"))),
    dose: readDose(cell("dose_no")),
    age: findAge(birth, digits, asOf),
    sex: findSex(cell("sex"), codingOf(record, conserved), digits),
    region: place[0] === "" || place[0] === "?" ? place[0] : (regionByCode.get(place[0] ?? "") ?? "?"),
    abroad: digits === null ? "" : isAbroad ? "yes" : "no",
    file: record.file,
  };
}

const nothing = Object.fromEntries(dimensions.map((dimension) => [dimension, ""])) as Values;

function readTable(name: string): Record<string, string>[] {
  return parse(readFileSync(new URL(`../../pipelines/tables/${name}`, import.meta.url)), {
    columns: true,
    bom: true,
  });
}

/* Places */

const provinces = readTable("province_codes.csv");
const provinceCodes = new Set(provinces.map((row) => row.gso_code));
const wardRows = readTable("wards_legacy.csv");
const districtCodes = new Set(wardRows.map((row) => row.district_code));
const wardCodes = new Set(wardRows.map((row) => row.ward_code).filter((code) => code !== ""));
const otherProvinceNames: Readonly<Record<string, string>> = {
  "Hồ Chí Minh": "HCM TPHCM HCMC Saigon TP.HochiMinh",
  "Thừa Thiên Huế": "Hue TTHue",
  "Bà Rịa - Vũng Tàu": "BRVT Vungtau",
  "Đắk Lắk": "Dak Daclac",
  "Đắk Nông": "Dacnong",
  "Bắc Kạn": "Bacan",
};
const provinceByName = new Map(
  provinces.flatMap(({ name = "", full_name: full = "", gso_code: code = "" }) =>
    [name, full, ...(otherProvinceNames[name]?.split(" ") ?? [])].map(
      (text) => [nameOfProvince(text), code] as const,
    ),
  ),
);

/** Without the words for province and city before it. */
function nameOfProvince(cell: string): string {
  return squeeze(fold(cell).replace(/^(?:thanh pho|tinh|tp\.?|t\.)\s*(?=\S)/, ""));
}

/** Province, district and ward: a code of the tables, "?" for what is in none, "" for nothing. */
function readPlace(cell: (column: string) => string): string[] {
  const [code, name] = [cell("province_code").trim(), cell("province").trim()];
  const byName = provinceByName.get(nameOfProvince(name));
  const province = provinceCodes.has(code) ? code : (byName ?? (code + name === "" ? "" : "?"));
  const below = (level: string, codes: ReadonlySet<string | undefined>): string => {
    const [own, text] = [cell(`${level}_code`).trim(), cell(level).trim()];
    if (codes.has(own)) return own;
    return own + text === "" ? "" : "?";
  };
  return [province, below("district", districtCodes), below("ward", wardCodes)];
}

function joinPlace(codes: readonly string[]): string {
  return codes.every((code) => code === "") ? "" : codes.join("/");
}

/** By name, as an atlas has them; the product has them by code. */
const regionsByName: Readonly<Record<string, string>> = {
  "northern-midlands-and-mountains":
    "Hà Giang, Cao Bằng, Lạng Sơn, Bắc Giang, Phú Thọ, Thái Nguyên, Bắc Kạn, Tuyên Quang, Lào Cai, Yên Bái, Lai Châu, Sơn La, Điện Biên, Hòa Bình",
  "red-river-delta":
    "Hà Nội, Hải Phòng, Hải Dương, Hưng Yên, Vĩnh Phúc, Bắc Ninh, Thái Bình, Nam Định, Hà Nam, Ninh Bình, Quảng Ninh",
  "north-central-and-central-coast":
    "Thanh Hóa, Nghệ An, Hà Tĩnh, Quảng Bình, Quảng Trị, Thừa Thiên Huế, Đà Nẵng, Quảng Nam, Quảng Ngãi, Bình Định, Phú Yên, Khánh Hòa, Ninh Thuận, Bình Thuận",
  "central-highlands": "Kon Tum, Gia Lai, Đắk Lắk, Đắk Nông, Lâm Đồng",
  southeast: "Hồ Chí Minh, Đồng Nai, Bà Rịa - Vũng Tàu, Bình Dương, Bình Phước, Tây Ninh",
  "mekong-delta":
    "Cần Thơ, Long An, Tiền Giang, Bến Tre, Trà Vinh, Vĩnh Long, An Giang, Đồng Tháp, Kiên Giang, Hậu Giang, Sóc Trăng, Bạc Liêu, Cà Mau",
};
const regionByCode = new Map(
  Object.entries(regionsByName).flatMap(([key, names]) =>
    names
      .split(", ")
      .map((name) => [provinces.find((row) => row.name === name)?.gso_code ?? `no ${name}`, key] as const),
  ),
);

/** A code of five characters, or of seven, alone or before its name; "?" for another code or a name, "" for nothing. */
function readFacility(codeCell: string, nameCell: string): string {
  const [code, name] = [codeCell, nameCell].map((cell) => tidy(cell).replace(/\s+/g, " ")) as [
    string,
    string,
  ];
  if (code + name === "") return "";
  const form = /^(\d\d(?:[0-9A-Z]{3}|_[A-Z]\d{3}))(\s*[-–—:]\s*\S.*)?$/i;
  const own = form.exec(code);
  if (own !== null) return (own[1] ?? "").toUpperCase();
  const isOtherCode = /^[\x21-\x7e]+$/.test(code) && (/\d/.test(code) || !/[a-z]/.test(code));
  const named = isOtherCode ? null : form.exec(name);
  return named?.[2] === undefined ? "?" : (named[1] ?? "").toUpperCase();
}

/* The dose */

const vaccineByName = new Map(
  readTable("vaccines.csv").flatMap(
    ({ key = "", canonical_name_platform: name = "", product = "", variants = "" }) =>
      [key, name, ...product.split(" / "), ...variants.split("|")].map(
        (text) => [squeeze(text), key] as const,
      ),
  ),
);
vaccineByName.delete("");

function readMonth(date: CellDate): string {
  const day = date.kind === "short-year" ? asDay([2000 + date.parts[0], date.parts[1], date.parts[2]]) : date;
  if (day.kind !== "day") return "";
  return `${String(day.parts[0]).padStart(4, "0")}-${String(day.parts[1]).padStart(2, "0")}`;
}

/** 1 to 6, the most that the shipped pipeline takes. */
function readDose(cell: string): string {
  const dose = /^(?:mui ?(?:so |thu )?)?0*([1-6])(?:[.,]0+)?$/.exec(fold(tidy(cell)));
  return dose?.[1] ?? "";
}

/* The person */

const provinceIdCodes = new Set(["000", ...provinces.map((row) => row.id_code)]);
/** The codes of countries in a citizen ID. */
const isCountry = (place: string): boolean => Number(place) > 100 && Number(place) < 296;

/** 12 digits that begin with a place; null where the cell says none. */
function findDigits({ exact, candidate, isOther }: CellNumber): string | null {
  const digits = exact ?? (isOther || candidate?.startsWith("000") ? null : candidate);
  if (digits === null) return null;
  const place = digits.slice(0, 3);
  return provinceIdCodes.has(place) || isCountry(place) ? digits : null;
}

const oldest = 120;

/** The day somebody was born, the first of January for a year alone; null when nothing possible is delivered. */
export function readBirth(cell: string, { exact }: CellNumber, asOf: Parts): Parts | null {
  let date = readCellDate(cell);
  if (date.kind === "year") {
    const age = asOf[0] - date.year;
    return date.year < 1 || age < 0 || age > oldest ? null : [date.year, 1, 1];
  }
  if (date.kind === "short-year") {
    const year = exact === null ? null : yearOfNumber(exact);
    if (year === null || year % 100 !== date.parts[0]) return null;
    date = asDay([year, date.parts[1], date.parts[2]]);
  }
  if (date.kind !== "day") return null;
  const age = yearsBetween(date.parts, asOf);
  const isBirthday = date.parts[1] === asOf[1] && date.parts[2] === asOf[2];
  return age < 0 || age > oldest || (age === oldest && !isBirthday) ? null : date.parts;
}

/** Digits 4-6: the century and sex, and the year in it. */
function yearOfNumber(number: string): number {
  return 1900 + 100 * Math.floor(Number(number[3]) / 2) + Number(number.slice(4, 6));
}

/** M or F by the fourth digit. */
export function sexOfNumber(number: string): string {
  return Number(number[3]) % 2 === 0 ? "M" : "F";
}

const firstAges: readonly (readonly [key: string, from: number])[] = [
  ["80+", 80],
  ["65-79", 65],
  ["50-64", 50],
  ["40-49", 40],
  ["30-39", 30],
  ["18-29", 18],
  ["12-17", 12],
  ["05-11", 5],
  ["00-04", 0],
];

/** By the day delivered, else by the year that the number tells (on its first day). */
function findAge(birth: Parts | null, digits: string | null, asOf: Parts): string {
  if (birth === null && digits === null) return "";
  const born: Parts = birth ?? [yearOfNumber(digits ?? ""), 1, 1];
  const age = yearsBetween(born, asOf);
  if (birth === null && asOf[0] - born[0] > oldest) return "";
  return firstAges.find(([, from]) => age >= from)?.[0] ?? "";
}

/** What stands for male and for female in a source of the shipped pipeline, folded. */
type Coding = readonly [male: readonly string[], female: readonly string[]];

export function codingOf(record: PublishedRecord, conserved: Conserved): Coding {
  const isTemplate = (conserved.sources.get(record)?.delivery.doses.size ?? 0) > 0;
  if (isTemplate)
    return [
      ["0", "nam"],
      ["1", "nu"],
    ];
  if (record.file.includes("api")) return [["1"], ["2"]];
  return [
    ["nam", "m", "male"],
    ["nu", "f", "female"],
  ];
}

/** M or F as delivered, "" for anything else. */
export function readSex(cell: string, [male, female]: Coding): string {
  const text = fold(cell);
  return male.includes(text) ? "M" : female.includes(text) ? "F" : "";
}

function findSex(cell: string, coding: Coding, digits: string | null): string {
  return readSex(cell, coding) || (digits === null ? "" : sexOfNumber(digits));
}
