import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { regionOf, regions } from "./region.js";

const provinces: { gso_code: string; name: string }[] = parse(
  readFileSync("pipelines/tables/province_codes.csv"),
  { columns: true },
);

describe("regions", () => {
  it("hold each of the 63 provinces once", () => {
    expect(regions.flatMap((region) => region.provinces).sort()).toEqual(
      provinces.map((province) => province.gso_code).sort(),
    );
  });

  it("hold as many provinces as Resolution 81/2023/QH15 counts", () => {
    expect(regions.map((region) => region.provinces.length)).toEqual([14, 11, 14, 5, 6, 13]);
  });
});

describe("regionOf(provinceCode)", () => {
  it.each([
    ["Lào Cai", "northern-midlands-and-mountains"],
    ["Phú Thọ", "northern-midlands-and-mountains"],
    ["Quảng Ninh", "red-river-delta"],
    ["Hà Nội", "red-river-delta"],
    ["Thanh Hóa", "north-central-and-central-coast"],
    ["Bình Thuận", "north-central-and-central-coast"],
    ["Lâm Đồng", "central-highlands"],
    ["Bình Phước", "southeast"],
    ["Hồ Chí Minh", "southeast"],
    ["Long An", "mekong-delta"],
    ["Cà Mau", "mekong-delta"],
  ])("finds %s in %s", (name, key) => {
    const code = provinces.find((province) => province.name === name)?.gso_code ?? "";
    expect(regions[regionOf(code)]?.key).toBe(key);
  });

  it("knows no other code", () => {
    for (const code of ["", "?", "03", "1", "001", "97"]) expect(regionOf(code)).toBe(-1);
  });
});
