import { describe, expect, it } from "vitest";
import { readNumberCell, readNumberFormat, unescapeCellText } from "./cell-text.js";

describe("readNumberFormat(id, code)", () => {
  it.each<[number, string | undefined]>([
    [14, undefined],
    [22, undefined],
    [164, "dd/mm/yyyy"],
    [165, "[$-42A]d mmmm yyyy;@"],
    [166, 'yyyy"-"mm'],
    [167, "dd\\/mm\\/yyyy hh:mm"],
  ])("%s %j shows a day", (id, code) => {
    expect(readNumberFormat(id, code)).toEqual({ kind: "date" });
  });

  it.each<[number, string | undefined, number]>([
    [0, undefined, 0],
    [18, undefined, 0],
    [46, undefined, 0],
    [164, "General", 0],
    [165, '0 "days"', 0],
    [166, "[Red]0.00", 0],
    [167, "hh:mm:ss", 0],
    [168, "000000000000", 12],
    [169, "0", 0],
  ])("%s %j shows a number", (id, code, zeros) => {
    expect(readNumberFormat(id, code)).toEqual({ kind: "number", zeros });
  });
});

describe("readNumberCell(stored, format, is1904)", () => {
  const plain = { kind: "number", zeros: 0 } as const;
  it.each([
    ["79203012345", "79203012345"],
    ["7.9203012345E10", "79203012345"],
    ["79203012345.0", "79203012345"],
    ["1084012345678", "1084012345678"],
    ["123456789012345678", "123456789012345678"],
    ["1E+21", "1000000000000000000000"],
    ["0", "0"],
    ["-5", "-5"],
    ["1.5", "1.5"],
    ["0.10000000000000001", "0.1"],
    ["1E-7", "0.0000001"],
    ["#REF!", "#REF!"],
    [" ", " "],
  ])("writes %j as %j", (stored, text) => {
    expect(readNumberCell(stored, plain, false)).toBe(text);
  });

  it("writes the zeros that the format shows, on whole numbers only", () => {
    const padded = { kind: "number", zeros: 12 } as const;
    expect(readNumberCell("1084012345", padded, false)).toBe("001084012345");
    expect(readNumberCell("1.5", padded, false)).toBe("1.5");
  });

  it.each([
    ["1", false, "1900-01-01"],
    ["59", false, "1900-02-28"],
    ["60", false, "60"], // 29 February 1900 never was
    ["61", false, "1900-03-01"],
    ["44351", false, "2021-06-04"],
    ["44351.75", false, "2021-06-04"],
    ["42889", true, "2021-06-04"],
    ["0.5", false, "0.5"],
    ["-1", false, "-1"],
    ["2958465", false, "9999-12-31"],
    ["2958466", false, "2958466"],
  ])("writes day %j (1904: %s) as %j", (stored, is1904, text) => {
    expect(readNumberCell(stored, { kind: "date" }, is1904)).toBe(text);
  });
});

describe("unescapeCellText(text)", () => {
  it.each([
    ["a_x000A_b", "a\nb"],
    ["_x005F_x0041_", "_x0041_"],
    ["a_xyz_", "a_xyz_"],
    ["plain", "plain"],
  ])("reads %j as %j", (text, read) => {
    expect(unescapeCellText(text)).toBe(read);
  });
});
