import { describe, expect, it } from "vitest";
import { exitCodes, LamsachError } from "../errors.js";
import { readAnswers } from "./read-answers.js";
import { readVerdict } from "./verdict-text.js";

const name = "2023-06-13-0123456789ab/7/400";

function read(text: string | Uint8Array): ReturnType<typeof readAnswers> {
  return readAnswers(typeof text === "string" ? Buffer.from(text) : text, "sample.csv");
}

function refusalOf(text: string | Uint8Array): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof LamsachError && error.exitCode === exitCodes.input) return error.message;
    throw error;
  }
  return "";
}

describe("readAnswers(bytes, name)", () => {
  it.each([
    ["as it was written", `\ufeffsample,key,verdict,note\n${name},ra,right,\n${name},rb,sai,"a\nb"\n`],
    [
      "as a spreadsheet saves it",
      `\ufeffsample;key;verdict;note\r\n${name};ra;Đúng;\r\n${name};rb;SAI;x\r\n`,
    ],
    [
      "with tabs, other columns in another order, and blank rows",
      `x\tverdict\tkey\tsample\n1\tright\tra\t${name}\n\t\t\t\n2\twrong\trb\t${name}\n\n`,
    ],
    [
      "with decomposed letters",
      `sample,key,verdict\n${name},ra,${"đúng".normalize("NFD")}\n${name},rb,wrong\n`,
    ],
  ])("reads a sample %s", (_, text) => {
    const { sample, answers } = read(text);
    expect(sample).toEqual({ run: "2023-06-13-0123456789ab", seed: 7, size: 400 });
    expect(answers.map(({ key, verdict }) => `${key} ${verdict}`)).toEqual(["ra right", "rb wrong"]);
  });

  it.each([
    ["no text", "", "sample.csv:1: columns are missing"],
    ["another table", "a,b\n1,2\n", "sample.csv:1: columns are missing"],
    ["no rows", "sample,key,verdict\n", "sample.csv: there are no rows"],
    [
      "a sample that is none",
      "sample,key,verdict\nx/1/2,ra,right\n",
      "sample.csv, row 2: the column sample names none",
    ],
    [
      "another quoting",
      `sample,key,verdict\n${name},"ra"x,right\n`,
      "sample.csv:2: this is no well-formed CSV",
    ],
    ["another encoding", Buffer.from([0xff, 0xfe, 0x73, 0x00]), "sample.csv: this is not UTF-8"],
  ])("refuses %s", (_, text, message) => {
    expect(refusalOf(text)).toContain(message);
  });

  it("names every wrong row as a spreadsheet counts, and no cell", () => {
    const rows = ["ra,right", "rb,", "ra,wrong", "rc,Nguyễn Văn A 001090000001", "rd,right"].map(
      (row) => `${name},${row}`,
    );
    const text = `sample,key,verdict\n${rows.join("\n\n")}\n2023-06-13-0123456789ab/8/400,re,right\n`;
    const message = refusalOf(text);
    expect(message.split("\n").map((line) => line.replace(/;.*/, ""))).toEqual([
      "sample.csv, row 4: there is no verdict",
      "sample.csv, row 6: this row stands in row 2 too",
      "sample.csv, row 8: there is no verdict",
      "sample.csv, row 11: this is of another sample than the first",
    ]);
    expect(message).not.toMatch(/Nguyễn|0010/);
  });

  it("names 20 rows and counts the rest", () => {
    const rows = Array.from({ length: 50 }, (_, n) => `${name},r${n},`);
    const message = refusalOf(`sample,key,verdict\n${rows.join("\n")}\n`).split("\n");
    expect(message).toHaveLength(21);
    expect(message.at(-1)).toBe("… and 30 more");
  });
});

describe("readVerdict(text)", () => {
  it.each([
    ["right", "right"],
    [" Right ", "right"],
    ["đúng", "right"],
    ["ĐÚNG", "right"],
    ["dung", "right"],
    ["sai", "wrong"],
    ["wrong", "wrong"],
    ["không rõ", "unsure"],
    ["Không  rõ", "unsure"],
    ["unsure", "unsure"],
    ["", null],
    ["không", null],
    ["đúng sai", null],
    ["1", null],
    ["right?", null],
  ])("reads %j as %s", (text, verdict) => {
    expect(readVerdict(text)).toBe(verdict);
  });
});
