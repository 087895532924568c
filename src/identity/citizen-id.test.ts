import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CitizenIdCandidate,
  describeDigits,
  findCandidateNumbers,
  isKnownPlace,
  readCitizenId,
} from "./citizen-id.js";

const rules = {
  placeholders: ["không có", "không", "chưa có", "không rõ", "n/a", "na", "null", "none", "x", "xx", "0"],
};

/** `079203012345 separators leading-zeros`, or with the kind in front of an old number. */
function show(candidates: readonly CitizenIdCandidate[]): string[] {
  return candidates.map(({ number, kind, repairs }) =>
    [
      ...(kind === "old-number" ? ["old"] : []),
      number,
      ...repairs.map((id) => id.replace("citizen-id.", "")),
    ].join(" "),
  );
}

describe("readCitizenId(text)", () => {
  it("keeps 12 digits as delivered, also of a number registered abroad", () => {
    for (const number of ["079203012345", "101203012345", "000190012345"])
      expect(readCitizenId(number, rules)).toEqual({ number, finding: null, candidates: [] });
  });

  it.each<[string, string, string[]]>([
    ["", "blank", []],
    [" \u00a0\u200b\ufeff\t", "blank", []],
    // placeholders
    ["không có", "placeholder", []],
    ["KHÔNG  CÓ", "placeholder", []],
    ["Kho\u0302ng co\u0301", "placeholder", []],
    ["khong co", "placeholder", []],
    ["Không có CCCD/Mã định danh", "placeholder", []],
    ["không.có", "placeholder", []],
    ["N/A", "placeholder", []],
    ["(null)", "placeholder", []],
    ["X", "placeholder", []],
    ["-", "placeholder", []],
    ["---", "placeholder", []],
    ["...", "placeholder", []],
    ["_", "placeholder", []],
    ["0", "placeholder", []],
    ["000000000000", "placeholder", []],
    ["999999999999", "placeholder", []],
    ["111111111", "placeholder", []],
    ["000.000.000.000", "placeholder", []],
    ["123456789", "placeholder", []],
    ["1234567890", "placeholder", []],
    ["123456789012", "placeholder", []],
    ["012345678912", "placeholder", []],
    // two candidates
    ["079203012345;079203012346", "two-candidates", []],
    ["079203012345 , 079203012346", "two-candidates", []],
    ["079203012345/079203012346", "two-candidates", []],
    ["079203012345 079203012346", "two-candidates", []],
    // other documents
    ["B1234567", "passport", []],
    ["c12345678", "passport", []],
    ["DN4790123456789", "other-number", []],
    ["DN 4 79 01 234 56789", "other-number", []],
    ["0912345678", "other-number", ["000912345678 leading-zeros"]],
    ["84912345678", "other-number", ["084912345678 leading-zeros"]],
    ["+84912345678", "other-number", []],
    // spreadsheets
    ["7.9203E+10", "spreadsheet-damage", []],
    ["7,9203E+10", "spreadsheet-damage", []],
    ["7E+10", "spreadsheet-damage", []],
    ["7.9203012345E+10", "spreadsheet-damage", ["079203012345 scientific leading-zeros"]],
    ["3.01203012345e11", "spreadsheet-damage", ["301203012345 scientific"]],
    ["7.92030123451E+10", "spreadsheet-damage", []],
    ["79203012345.0", "spreadsheet-damage", ["079203012345 float-suffix leading-zeros"]],
    ["301203012345.00", "spreadsheet-damage", ["301203012345 float-suffix"]],
    ["1203012345,0", "spreadsheet-damage", ["001203012345 float-suffix leading-zeros"]],
    ["12345678901234.0", "spreadsheet-damage", []],
    // lengths
    ["012345678", "old-number", ["old 012345678 old-number-linked"]],
    ["12345678", "old-number", ["old 12345678 old-number-linked"]],
    [" 012345678 ", "old-number", ["old 012345678 old-number-linked"]],
    ["1087123456", "length", ["001087123456 leading-zeros"]],
    ["79203012345", "length", ["079203012345 leading-zeros"]],
    ["7920301", "length", []],
    ["0792030123456", "length", []],
    // separators
    ["079 203 012 345", "characters", ["079203012345 separators"]],
    ["079.203.012.345", "characters", ["079203012345 separators"]],
    ["079203012345\u00a0", "characters", ["079203012345 separators"]],
    ["'079203012345", "characters", ["079203012345 separators"]],
    ["“079-203-012-345”", "characters", ["079203012345 separators"]],
    ["[079_203/012,345]#", "characters", ["079203012345 separators"]],
    ["０７９２０３０１２３４５", "characters", ["079203012345 separators"]],
    ["79 203 012 345", "characters", ["079203012345 separators leading-zeros"]],
    ["012 345 678", "characters", ["old 012345678 separators old-number-linked"]],
    ["08/03/1990", "characters", []],
    ["079203012345;", "characters", ["079203012345 separators"]],
    // look-alikes
    ["O79203O12345", "characters", ["079203012345 look-alikes"]],
    ["o792o3D1Q345", "characters", ["079203010345 look-alikes"]],
    ["0792030l2I4i", "characters", ["079203012141 look-alikes"]],
    ["079z030|2S4B", "characters", ["079203012548 look-alikes"]],
    ["O79 203 O12 345", "characters", ["079203012345 separators look-alikes"]],
    ["|079203012345|", "characters", ["079203012345 separators"]],
    ["O7920301234", "characters", []],
    // anything else
    ["CCCD 079203012345", "characters", []],
    ["079203012345-079203012346", "characters", []],
    ["xin cấp lại", "characters", []],
    ["?", "characters", []],
    ["0 79203012345", "characters", ["079203012345 separators"]],
    ["079203012345E999999999", "characters", []],
  ])("%j is %s %j", (text, finding, candidates) => {
    const reading = readCitizenId(text, rules);
    expect([reading.number, reading.finding, show(reading.candidates)]).toEqual([
      null,
      `citizen-id.${finding}`,
      candidates,
    ]);
  });

  it("never offers a placeholder number as a candidate", () => {
    expect(readCitizenId("OOOOOOOOOOOO", rules).candidates).toEqual([]);
    expect(readCitizenId("111111111111.0", rules).candidates).toEqual([]);
  });

  it("is total; a number is delivered or repaired, never both, and always digits", () => {
    const digitsAndDirt = fc.string({
      unit: fc.constantFrom(..."0123456789.,-' /;|OoDQlIZSBE+kx\u00a0\u200b９"),
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 30 }), digitsAndDirt), (text) => {
        const { number, finding, candidates } = readCitizenId(text, rules);
        expect(number === null).toBe(finding !== null);
        if (number !== null) expect([number, candidates]).toEqual([text, []]);
        for (const candidate of candidates) {
          expect(candidate.number).toMatch(candidate.kind === "citizen-id" ? /^\d{12}$/ : /^\d{8,9}$/);
          expect(candidate.repairs.length).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe("findCandidateNumbers(note)", () => {
  it.each<[string, string[]]>([
    ["079203012345;001190000123", ["079203012345", "001190000123"]],
    ["CCCD cũ 079203012345 hoặc 079203012345", ["079203012345"]],
    ["số 0792030123456 (13 chữ số), ĐT 0912345678", []],
    ["000000000000; 123456789012", []],
    ["Không có CCCD/Mã định danh", []],
  ])("%j holds %j", (note, numbers) => {
    expect(findCandidateNumbers(note)).toEqual(numbers);
  });
});

describe("describeDigits(number)", () => {
  it.each([
    ["079203012345", { placeCode: "079", sex: "M", birthYear: 2003 }],
    ["001190012345", { placeCode: "001", sex: "F", birthYear: 1990 }],
    ["001045012345", { placeCode: "001", sex: "M", birthYear: 1945 }],
    ["001321012345", { placeCode: "001", sex: "F", birthYear: 2021 }],
    ["001901012345", { placeCode: "001", sex: "F", birthYear: 2301 }],
  ])("%s", (number, expected) => {
    expect(describeDigits(number)).toEqual(expected);
  });
});

describe("isKnownPlace(number, places)", () => {
  it("accepts provinces, countries and 000", () => {
    const places = new Set(["079", "101"]);
    expect(
      ["079203012345", "101203012345", "000203012345", "099203012345"].map((n) => isKnownPlace(n, places)),
    ).toEqual([true, true, true, false]);
  });
});
