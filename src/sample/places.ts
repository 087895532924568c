import { join } from "node:path";
import { padNumber } from "./calendar.js";
import { quoteCell } from "./cell-text.js";
import type { Random } from "./random.js";
import { readTableFile } from "./table-file.js";

/** Where doses are given. */
export interface Facility {
  /** 5 characters, or 7 as 99_D999. */
  readonly code: string;
  readonly name: string;
}

/** A ward with the texts of its six columns. */
export interface Place {
  readonly provinceCode: string;
  readonly districtCode: string;
  readonly wardCode: string;
  /** province_code, province, district_code, district, ward_code, ward. */
  readonly cells: readonly string[];
  /** The six cells joined, by delimiter. */
  readonly joined: Readonly<Record<string, string>>;
  readonly facilities: readonly Facility[];
}

/** The country's wards as of 2021-2023, and the codes of countries with their names. */
export interface PlaceSource {
  draw(random: Random): Place;
  /** Place codes that open a citizen number, of births abroad. */
  readonly countryCodes: readonly number[];
  /** Three digits that open no citizen number. */
  readonly unknownCodes: readonly string[];
}

/** Reads the wards, provinces and countries of `pipelines/tables`. */
export function readPlaceSource(tablesDir: string): PlaceSource {
  const facilitiesByDistrict = new Map<string, Facility[]>();
  const countByProvince = new Map<string, number>();
  const places: Place[] = [];
  for (const row of readTableFile(join(tablesDir, "wards_legacy.csv"))) {
    const cells = ["province_code", "province", "district_code", "district", "ward_code", "ward"].map(
      (column) => row[column] ?? "",
    );
    const [provinceCode, , districtCode, district, wardCode] = cells as [
      string,
      string,
      string,
      string,
      string,
    ];
    if (wardCode === "") continue;
    let facilities = facilitiesByDistrict.get(districtCode);
    if (facilities === undefined) {
      const first = countByProvince.get(provinceCode) ?? 1;
      facilities = makeFacilities(provinceCode, district, first);
      countByProvince.set(provinceCode, first + facilities.length);
      facilitiesByDistrict.set(districtCode, facilities);
    }
    const joined = Object.fromEntries(
      [",", ";", "\t"].map((mark) => [mark, cells.map((cell) => quoteCell(cell, mark)).join(mark)]),
    );
    places.push({ provinceCode, districtCode, wardCode, cells, joined, facilities });
  }
  const countryCodes = readTableFile(join(tablesDir, "country_codes.csv")).map((row) => Number(row.id_code));
  const provinceCodes = readTableFile(join(tablesDir, "province_codes.csv")).map((row) =>
    Number(row.id_code),
  );
  const known = new Set([0, ...countryCodes, ...provinceCodes]);
  const unknownCodes = Array.from({ length: 99 }, (_, index) => index + 1)
    .filter((code) => !known.has(code))
    .map((code) => padNumber(code, 3));
  return {
    draw: (random) => random.pick(places),
    countryCodes: countryCodes.filter((code) => code >= 101 && code <= 295),
    unknownCodes,
  };
}

function makeFacilities(provinceCode: string, district: string, first: number): Facility[] {
  return [
    { code: provinceCode + padNumber(first, 3), name: `Bệnh viện Đa khoa ${district}` },
    { code: provinceCode + padNumber(first + 1, 3), name: `Trung tâm Y tế ${district}` },
    { code: `${provinceCode}_D${padNumber(first, 3)}`, name: `Điểm tiêm lưu động ${district}` },
  ];
}
