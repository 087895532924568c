import { describe, expect, it } from "vitest";
import { provinceKey } from "./province-name.js";

describe("provinceKey(text)", () => {
  it.each([
    ["Thành phố Hà Nội", "Hà Nội"],
    ["TP. Hồ Chí Minh", "Hồ Chí Minh"],
    ["TP Hồ Chí Minh", "Hồ Chí Minh"],
    ["TP.Hồ Chí Minh", "Hồ Chí Minh"],
    ["TPHCM", "Hồ Chí Minh"],
    ["TP. HCM", "Hồ Chí Minh"],
    ["Sài Gòn", "Hồ Chí Minh"],
    ["Tỉnh Thái Bình", "thai binh"],
    ["Tỉnh Bà Rịa - Vũng Tàu", "Bà Rịa Vũng Tàu"],
    ["Thành phố Huế", "Thừa Thiên Huế"],
  ])("%s is %s", (delivered, name) => {
    expect(provinceKey(delivered)).toBe(provinceKey(name));
  });

  it("keeps a name that begins like a unit", () => {
    expect(provinceKey("Tây Ninh")).toBe("tayninh");
    expect(provinceKey("Thanh Hóa")).toBe("thanhhoa");
  });

  it("is blank for a blank text", () => {
    expect(provinceKey("  ")).toBe("");
  });
});
