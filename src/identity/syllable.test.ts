import { describe, expect, it } from "vitest";
import { isSpeltAsVietnamese, isVietnameseSyllable, placeTone, splitTone, stripMarks } from "./syllable.js";

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

describe("isSpeltAsVietnamese(text)", () => {
  it.each([
    "",
    " . ",
    "Nguyễn Văn Hùng",
    "NGUYỄN văn HÙNG",
    "Nguyễn Thị Thuý".normalize("NFD"),
    "Hồ\u00a0Chí\u3000Minh",
    "Lê (Thị)_Hà, Lê’Hà:Lê;Hà-Lê.",
    "Lê\u037eHà",
  ])("%j is", (text) => {
    expect(isSpeltAsVietnamese(text)).toBe(true);
  });

  it.each(["Nguyôn Văn A", "V¨n", "Niê", "Lê2", "Lê/Hà", "Lê\u200bHà", "Lễ\u0301 Hà", "ΛΣ"])(
    "%j is not",
    (text) => {
      expect(isSpeltAsVietnamese(text)).toBe(false);
    },
  );
});
