import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldText, squeezeText, trimText } from "./fold-text.js";

const anyText = fc.string({ unit: "binary", maxLength: 40 });

describe("foldText(text)", () => {
  it.each([
    ["  Số  CCCD,\u00a0Mã định danh(*) ", "so cccd, ma dinh danh(*)"],
    ["ĐẶNG ĐÌNH", "dang dinh"],
    ["Ho\u0323 va\u0300 te\u0302n", "ho va ten"],
    ["\ufeffNữ", "nu"],
    ["N\u200bữ\u00ad", "nu"],
    ["Xã/\r\nPhường", "xa/ phuong"],
    ["", ""],
  ])("%j → %j", (text, expected) => {
    expect(foldText(text)).toBe(expected);
  });

  it("is total and idempotent, and so is squeezeText", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(foldText(foldText(text))).toBe(foldText(text));
        expect(squeezeText(squeezeText(text))).toBe(squeezeText(text));
      }),
    );
  });
});

describe("squeezeText(text)", () => {
  it("keeps letters and digits only", () => {
    expect(squeezeText(" COVID-19 Vắc-xin (Vero Cell)! ")).toBe("covid19vacxinverocell");
  });
});

describe("trimText(text)", () => {
  it.each([
    ["\ufeff\u200b \t0790\u00a0\u2003\u200e", "0790"],
    ["０７９", "079"],
    ["a  b", "a  b"],
    [" \u00ad\u0000 ", ""],
  ])("%j → %j", (text, expected) => {
    expect(trimText(text)).toBe(expected);
  });

  it("takes linear time on a long run of inner spaces", () => {
    const text = `a${" ".repeat(1_000_000)}b`;
    expect(trimText(text)).toBe(text);
  });
});
