import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import type { Conserved } from "./conservation.js";
import type { PublishedRecord } from "./published.js";

/** The groups of people that a summary counts by. */
export const groupDimensions = ["age", "sex", "region", "abroad"] as const;
type GroupDimension = (typeof groupDimensions)[number];

/** A record's key in each dimension; null where the checker's plain reading does not settle it. */
export type Groups = Readonly<Record<GroupDimension, string | null>>;

function readTable(name: string): Record<string, string>[] {
  return parse(readFileSync(new URL(`../../pipelines/tables/${name}`, import.meta.url)), {
    columns: true,
    bom: true,
  });
}

const provinces = readTable("province_codes.csv");
const provinceIdCodes = new Set(["000", ...provinces.map((row) => row.id_code)]);
/** The codes of countries in a citizen ID. */
const isCountry = (place: string): boolean => Number(place) > 100 && Number(place) < 296;

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

/** `findGroups` of each record, on the day that a summary names. */
export function findAllGroups(
  summary: unknown,
  records: readonly PublishedRecord[],
  conserved: Conserved,
): Groups[] {
  const asOf = (summary as { run?: { asOf?: string } } | null)?.run?.asOf ?? "";
  return records.map((record) => findGroups(record, conserved, asOf));
}

/** The groups of a record by its delivered cells alone, read the simplest way; `asOf` is the run's day, yyyy-mm-dd. */
function findGroups(record: PublishedRecord, conserved: Conserved, asOf: string): Groups {
  // A row that cannot be read says nothing of anybody.
  if (/^E1\d$/.test(record.code)) return { age: "", sex: "", region: "", abroad: "" };
  const cell = (column: string): string => conserved.deliveredValue(record, column).normalize("NFKC").trim();
  const isTemplate = (conserved.sources.get(record)?.delivery.doses.size ?? 0) > 0;
  const sexes = isTemplate ? "01" : record.file.includes("api") ? "12" : "";
  const number = readNumber(cell("citizen_id"));
  return {
    age: findAge(cell("birth_date"), number, asOf),
    sex: findSex(cell("sex").toLowerCase(), number, sexes),
    region: findRegion(cell("province_code"), cell("province")),
    abroad: number === null ? null : number === "" ? "" : isCountry(number.slice(0, 3)) ? "yes" : "no",
  };
}

/** 12 digits that begin with a place; "" for none; null where more than separators and lost zeros would be guessed. */
function readNumber(cell: string): string | null {
  const text = cell.replace(/^(\d+)[.,]0{1,2}$/, "$1");
  if (!/\d/.test(text)) return "";
  if (/[^\d\s.,;/'’-]/u.test(text)) return null;
  const digits = text.replace(/\D/g, "");
  if (digits.length < 10 || digits.length > 12 || /^(0|84)[35789]\d{8}$/.test(digits)) return "";
  const number = digits.padStart(12, "0");
  if (/^(\d)\1*$/.test(digits) || counted.test(digits)) return "";
  const place = number.slice(0, 3);
  if (place === "000" && digits.length < 12) return "";
  return provinceIdCodes.has(place) || isCountry(place) ? number : "";
}

/** The digits in the order of the keyboard: nobody's number. */
const counted = /^0?123456789(?:0|12|012)?$/;

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

/** Born on the day delivered, else in the year that the number tells (on its first day). */
function findAge(cell: string, number: string | null, asOf: string): string | null {
  const [birth, isSure] = readBirth(cell);
  if (!isSure) return null;
  const fromDate = birth === null ? "" : bandOf(birth, asOf);
  if (fromDate !== "" || number === "") return fromDate;
  if (number === null) return null;
  const century = 1900 + 100 * Math.floor(Number(number[3]) / 2);
  return bandOf([century + Number(number.slice(4, 6)), 1, 1], asOf);
}

type Parts = readonly [year: number, month: number, day: number];

/** A whole date or a year; null for none; unsure of everything that is written in another way. */
function readBirth(cell: string): readonly [birth: Parts | null, isSure: boolean] {
  if (cell === "") return [null, true];
  const dayFirst = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(cell);
  const yearFirst = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(cell);
  const [year, month, day] =
    dayFirst !== null
      ? [Number(dayFirst[3]), Number(dayFirst[2]), Number(dayFirst[1])]
      : (yearFirst?.slice(1).map(Number) ?? (/^\d{4}$/.test(cell) ? [Number(cell), 1, 1] : []));
  if (year === undefined || month === undefined || day === undefined) return [null, false];
  const date = new Date(Date.UTC(year, month - 1, day));
  return [date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? [year, month, day] : null, true];
}

function bandOf([year, month, day]: Parts, asOf: string): string {
  const [thisYear = 0, thisMonth = 0, today = 0] = asOf.split("-").map(Number);
  const hasHadBirthday = month < thisMonth || (month === thisMonth && day <= today);
  const age = thisYear - year - (hasHadBirthday ? 0 : 1);
  // Older than the pipeline allows is no birth date; on the last birthday itself it is.
  if (age > 120 || (age === 120 && (month !== thisMonth || day !== today) && (month !== 1 || day !== 1)))
    return "";
  return firstAges.find(([, from]) => age >= from)?.[0] ?? "";
}

/** `sexes`: the digits that stand for male and female in the source, if any do. */
function findSex(cell: string, number: string | null, sexes: string): string | null {
  if (/^(nam|m|male)$/.test(cell)) return "M";
  if (/^(nữ|nu|f|female)$/.test(cell)) return "F";
  const coded = cell === "" ? -1 : sexes.indexOf(cell);
  if (coded >= 0) return coded === 0 ? "M" : "F";
  // What else a source accepts, the pipeline says.
  if (cell !== "") return null;
  if (number === null) return null;
  return number === "" ? "" : Number(number[3]) % 2 === 0 ? "M" : "F";
}

function findRegion(code: string, name: string): string | null {
  const region = regionByCode.get(code);
  if (region !== undefined) return region;
  return code === "" && name === "" ? "" : null;
}
