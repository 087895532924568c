import { describe, expect, it } from "vitest";
import { readSex, sexFromCitizenId } from "./sex.js";

const template = { male: ["0", "nam"], female: ["1", "nữ"] };
const publicApi = { male: ["1"], female: ["2"] };

describe("readSex(text, coding)", () => {
  it.each([
    ["0", template, "M", null],
    ["1", template, "F", null],
    ["1", publicApi, "M", null],
    ["2", publicApi, "F", null],
    ["0", publicApi, null, "sex.unreadable"],
    ["NAM", template, "M", null],
    [" Nu\u031b\u0303 ", template, "F", null],
    ["nu", template, "F", null],
    ["Nam", publicApi, null, "sex.unreadable"],
    ["khác", template, null, "sex.unreadable"],
    ["", template, null, "sex.blank"],
    [" \u200b", template, null, "sex.blank"],
  ])("%j in %j", (text, coding, sex, finding) => {
    expect(readSex(text, coding)).toEqual({ sex, finding });
  });

  it("does not choose when a coding gives one text to both", () => {
    expect(readSex("1", { male: ["1"], female: ["1"] }).finding).toBe("sex.unreadable");
  });
});

describe("sexFromCitizenId(number)", () => {
  it.each([
    ["001090012345", "M"],
    ["001190012345", "F"],
    ["079203012345", "M"],
    ["079303012345", "F"],
  ])("%s: %s", (number, sex) => {
    expect(sexFromCitizenId(number)).toBe(sex);
  });
});
