import { describe, expect, it } from "vitest";
import { isVietnamese } from "./nationality.js";

describe("isVietnamese(text)", () => {
  it.each([
    "Việt Nam",
    "VIỆT NAM",
    "Viet Nam",
    "vietnam",
    "VN",
    "VNM",
    "Quốc tịch: Việt Nam",
    "Kinh",
    "Dân tộc Kinh",
    "H'Mông",
    "Thái",
    "Người Hoa",
  ])("%j: yes", (text) => {
    expect(isVietnamese(text)).toBe(true);
  });

  it.each(["Lào", "Thái Lan", "Trung Quốc", "Nhật Bản", "USA", "Người nước ngoài"])("%j: no", (text) => {
    expect(isVietnamese(text)).toBe(false);
  });

  it.each(["", " ", "-", "không", "Không rõ", "N/A", "1"])("%j: nobody says", (text) => {
    expect(isVietnamese(text)).toBeNull();
  });
});
