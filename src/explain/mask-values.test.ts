import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskCell, maskDate, maskNumber, maskText } from "./mask-values.js";

describe("maskText(text)", () => {
  it.each([
    ["Nguyễn Văn An", "N••• V••• A•••"],
    [" Lê  Lan ", " L•••  L••• "],
    ["𠀋文", "𠀋•••"],
    ["", ""],
  ])("%j: %j", (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });
});

describe("maskNumber(text)", () => {
  it.each([
    ["079085000123", "079•••23"],
    ["123456789", "123•••89"],
    ["12345678", "1•••8"],
    ["123", "1•••3"],
    ["12", "•••"],
    ["", "•••"],
  ])("%j: %j", (text, masked) => {
    expect(maskNumber(text)).toBe(masked);
  });

  it("never shows more than five characters", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (text) => {
        expect(maskNumber(text).length).toBeLessThanOrEqual(8);
      }),
    );
  });
});

describe("maskDate(text)", () => {
  it.each([
    ["03/02/1985", "•••1985"],
    ["1985-02-03", "•••1985"],
    ["1985", "•••1985"],
    ["19850203", "•••1985"],
    [" 1985-02-03 00:00:00 ", "•••1985"],
    ["03/02/85", "•••"],
    ["31/02/1985", "•••"],
    ["1234", "•••"],
    ["20011985", "•••"],
    ["079185000001", "•••"],
    ["Lê Lan 1985", "•••"],
    ["", ""],
  ])("%j: %j", (text, masked) => {
    expect(maskDate(text)).toBe(masked);
  });

  it("shows no digit of a serial number, which is no year: 20180 is in 1955", () => {
    expect(maskDate("20180")).toBe("•••");
  });
});

describe("maskCell(column, text)", () => {
  it.each([
    ["record_id", "A1", "A1"],
    ["vaccination_date", "01/07/2021", "01/07/2021"],
    ["vaccination_date", "2021-07-01", "2021-07-01"],
    ["vaccination_date", "03/02/1985", "•••1985"],
    ["vaccination_date", "0912345678", "•••"],
    ["vaccination_date", "123456789", "•••"],
    ["sex", "Nữ", "Nữ"],
    ["sex", "Nu\u031b\u0303", "Nu\u031b\u0303"],
    ["sex", "Lê", "L•••"],
    ["lot_no", "210503", "210503"],
    ["lot_no", "0912345678", "0•••"],
    ["lot_no", "123456789", "1•••"],
    ["facility_name", "Trạm A", "T••• A•••"],
    ["facility_code", "79001", "79001"],
    ["facility_code", "Nguyễn Lộ 0901234567", "N••• L••• 0•••"],
    ["sex", "079079364804", "0•••"],
    ["province_code", "079079364804", "0•••"],
    ["lot_no", "FA1234", "FA1234"],
    ["lot_no", "Lê Lan", "L••• L•••"],
    ["full_name", "Lê Lan", "L••• L•••"],
    ["birth_date", "03/02/1985", "•••1985"],
    ["citizen_id", "079085000123", "079•••23"],
    ["phone", "0912345678", "091•••78"],
    ["health_insurance_no", "HS4797912345678", "HS4•••78"],
    ["address", "12 Lê Lợi", "1••• L••• L•••"],
    ["note", "mẹ 079085000123", "m••• 0•••"],
    ["workplace", "Trường A", "T••• A•••"],
    ["Cột lạ", "Lê Lan", "L••• L•••"],
    ["citizen_id", "", ""],
  ])("%s %j: %j", (column, text, masked) => {
    expect(maskCell(column, text)).toBe(masked);
  });
});
