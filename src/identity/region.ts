/** A socio-economic region and the statistics codes of its provinces. */
export interface Region {
  readonly key: string;
  readonly name: string;
  readonly provinces: readonly string[];
}

/**
 * The six socio-economic regions and their 63 provinces, as Resolution 81/2023/QH15 (National Master Plan 2021-2030)
 * draws them. Resolution 306/NQ-CP of 2025 draws others, of the 34 provinces that exist since 01/07/2025; the records of
 * the programme carry the codes of the 63.
 */
export const regions: readonly Region[] = [
  {
    key: "northern-midlands-and-mountains",
    name: "Trung du và miền núi phía Bắc",
    provinces: ["02", "04", "06", "08", "10", "11", "12", "14", "15", "17", "19", "20", "24", "25"],
  },
  {
    key: "red-river-delta",
    name: "Đồng bằng sông Hồng",
    provinces: ["01", "22", "26", "27", "30", "31", "33", "34", "35", "36", "37"],
  },
  {
    key: "north-central-and-central-coast",
    name: "Bắc Trung Bộ và duyên hải miền Trung",
    provinces: ["38", "40", "42", "44", "45", "46", "48", "49", "51", "52", "54", "56", "58", "60"],
  },
  {
    key: "central-highlands",
    name: "Tây Nguyên",
    provinces: ["62", "64", "66", "67", "68"],
  },
  {
    key: "southeast",
    name: "Đông Nam Bộ",
    provinces: ["70", "72", "74", "75", "77", "79"],
  },
  {
    key: "mekong-delta",
    name: "Đồng bằng sông Cửu Long",
    provinces: ["80", "82", "83", "84", "86", "87", "89", "91", "92", "93", "94", "95", "96"],
  },
];

const positionByProvince = new Map(
  regions.flatMap(({ provinces }, position) => provinces.map((code) => [code, position])),
);

/** Position in `regions` of a province by its statistics code of two digits; -1 for a code that is none of the 63. */
export function regionOf(provinceCode: string): number {
  return positionByProvince.get(provinceCode) ?? -1;
}
