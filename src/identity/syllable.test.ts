import { describe, expect, it } from "vitest";
import { isVietnameseSyllable, placeTone, splitTone, stripMarks } from "./syllable.js";

describe("placeTone(syllable)", () => {
  it.each([
    ["hoà", "hòa"],
    ["HOÀ", "HÒA"],
    ["hoè", "hòe"],
    ["thuý", "thúy"],
    ["uỷ", "ủy"],
    ["hòa", "hòa"],
    ["quý", "quý"],
    ["Quỳ", "Quỳ"],
    ["hoàng", "hoàng"],
    ["hoá", "hóa"],
    ["thuế", "thuế"],
    ["thuở", "thuở"],
    ["luật", "luật"],
    ["hoằ", "hoằ"],
    ["quà", "quà"],
    ["già", "già"],
    ["óà", "óà"],
    ["ý", "ý"],
    ["", ""],
  ])("%s → %s", (syllable, expected) => {
    expect(placeTone(syllable)).toBe(expected);
    expect(placeTone(expected)).toBe(expected);
  });
});

describe("splitTone(syllable)", () => {
  it("finds the tone wherever it stands, and leaves quality marks", () => {
    expect(splitTone("hoà")).toEqual({ letters: "hoa", tones: "\u0300" });
    expect(splitTone("hòa")).toEqual({ letters: "hoa", tones: "\u0300" });
    expect(splitTone("nguyễn")).toEqual({ letters: "nguyên", tones: "\u0303" });
    expect(splitTone("được")).toEqual({ letters: "đươc", tones: "\u0323" });
  });
});

describe("stripMarks(text)", () => {
  it("leaves no mark, not even the one of đ", () => {
    expect(stripMarks("Đặng Ước Niê K'Brôi")).toBe("Dang Uoc Nie K'Broi");
  });
});

describe("isVietnameseSyllable(syllable)", () => {
  it.each(
    "nguyễn trần lê phạm huỳnh hoàng phan vũ võ đặng bùi đỗ hồ ngô dương lý quỳnh quý giang gìn giêng gì ưng yến khuyên thuở nghiêm ngoan tuyết xoong phượng trưng uyên".split(
      " ",
    ),
  )("%s is one", (syllable) => {
    expect(isVietnameseSyllable(syllable)).toBe(true);
  });

  it.each(["nguyôn", "v¨n", "trçn", "nguyeãn", "vaên", "traàn", "niê", "brôi", "hàà", "hen2", ""])(
    "%j is none",
    (syllable) => {
      expect(isVietnameseSyllable(syllable)).toBe(false);
    },
  );
});
