import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { repairEncoding } from "./legacy-encoding.js";

const names = [
  "Nguyễn Văn Hùng",
  "Trần Thị Hà",
  "Đỗ Thị Ưng",
  "đặng thuỳ trâm",
  "Lê Quốc Ẩn",
  "Phùng Ngọc Ánh Tuyết",
  "Hồ Bích Phượng",
  "Vũ Kỳ Ỷ",
];

/** How an encoding's bytes look to a program that takes them for another one. */
function misread(bytes: Uint8Array, codePage: "win1252" | "win1258" | "latin1"): string {
  return iconv.decode(Buffer.from(bytes), codePage);
}

describe("repairEncoding(text)", () => {
  it.each(names)("decodes %s, read as Windows-1252 or Latin-1, again", (name) => {
    // Five bytes have no character in Windows-1252; browsers and most programs pass them on as controls.
    const bytes = Buffer.from(name, "utf8");
    const windows = [...bytes]
      .map((byte) => {
        const character = misread(Uint8Array.of(byte), "win1252");
        return character === "\ufffd" ? String.fromCharCode(byte) : character;
      })
      .join("");
    expect(repairEncoding(windows)).toEqual([{ text: name, damage: "mojibake" }]);
    expect(repairEncoding(misread(bytes, "latin1"))).toEqual([{ text: name, damage: "mojibake" }]);
  });

  it.each(["Nguyễn Văn Hùng", "Trần Thị Hà", "Hồ Bích Phượng"])(
    "decodes %s, read as Windows-1258 and then composed, again",
    (name) => {
      const text = misread(Buffer.from(name, "utf8"), "win1258");
      if (text.includes("\ufffd")) throw new Error("choose a name that Windows-1258 can hold");
      expect(repairEncoding(text.normalize("NFC"))).toEqual([{ text: name, damage: "mojibake" }]);
    },
  );

  it("brings back an à whose second byte became a space or was trimmed away", () => {
    expect(repairEncoding("HÃ  Ná»\u2122i")).toEqual([{ text: "Hà\u0020Nội", damage: "mojibake" }]);
    expect(repairEncoding("Tráº§n HÃ")).toEqual([{ text: "Trần Hà", damage: "mojibake" }]);
  });

  it("decodes decomposed text", () => {
    const text = misread(Buffer.from("Tú Hiền".normalize("NFD"), "utf8"), "latin1");
    expect(repairEncoding(text)).toEqual([{ text: "Tú Hiền", damage: "mojibake" }]);
  });

  it.each(names)("converts %s from TCVN3, by the published table of iconv-lite", (name) => {
    // Capital letters with tones have no byte in TCVN3: their fonts draw the small ones as capitals.
    const written = name.replace(/[ẨÁỶ]/gu, (letter) => letter.toLowerCase());
    const tcvn3 = misread(iconv.encode(written, "tcvn"), "latin1");
    expect(repairEncoding(tcvn3)).toContainEqual({ text: written, damage: "tcvn3" });
  });

  it.each([
    ["NguyÔn V¨n A", "Nguyễn Văn A"],
    ["§ç V¨n H\u00adng", "Đỗ Văn Hưng"],
    ["NGUYÔN V¡N TuÊn", "NGUYễN VĂN Tuấn"],
  ])("converts %j from TCVN3", (text, expected) => {
    expect(repairEncoding(text)).toEqual([{ text: expected, damage: "tcvn3" }]);
  });

  it.each([
    ["Nguyeãn Vaên A", "Nguyễn Văn A"],
    ["TRAÀN THÒ HÖÔNG", "TRẦN THỊ HƯƠNG"],
    ["Ñoã Kyø Phöôïng", "Đỗ Kỳ Phượng"],
    ["Leâ Baûo Kyõ", "Lê Bảo Kỹ"],
    ["Phuøng Thò Myû", "Phùng Thị Mỷ"],
    ["Vuõ Ñöùc Lôïi", "Vũ Đức Lợi"],
    ["Buøi Thuûy Tieân", "Bùi Thủy Tiên"],
  ])("converts %j from VNI", (text, expected) => {
    expect(repairEncoding(text)).toEqual([{ text: expected, damage: "vni" }]);
  });

  it.each([
    "Nguyễn Văn Hùng",
    "HÃ ANH",
    "LA HÃ",
    "Lê Thị Hà",
    "Trân",
    "Dinh",
    "",
    "Hồ Thị Ân",
    "ÂN",
    "Võ Tòng",
    "ĐÌNH",
  ])("leaves %j alone", (text) => {
    expect(repairEncoding(text)).toEqual([]);
  });
});
