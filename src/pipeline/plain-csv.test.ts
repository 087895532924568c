import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitPlainCsv } from "./plain-csv.js";

describe("splitPlainCsv(text)", () => {
  it.each<[string, string[][] | null]>([
    [
      "ma,ten\r\n01,Hà Nội\r\n\r\n",
      [
        ["ma", "ten"],
        ["01", "Hà Nội"],
      ],
    ],
    [
      "a,b\n,\n c,\rd",
      [
        ["a", "b"],
        ["", ""],
        [" c", "\rd"],
      ],
    ],
    ["", []],
    ['a,b\n"c",d', null],
    ["a,b\nc", null],
  ])("reads %j", (text, records) => {
    expect(splitPlainCsv(text)).toEqual(records);
  });

  it("reads what it reads as a reader of CSV does", () => {
    const text = fc.string({
      unit: fc.constantFrom("a", "ộ", ",", " ", "\r", "\n", "\r\n", '"'),
      maxLength: 40,
    });
    fc.assert(
      fc.property(text, (text) => {
        const records = splitPlainCsv(text);
        fc.pre(records !== null);
        expect(records).toEqual(parse(text, { record_delimiter: ["\r\n", "\n"], skip_empty_lines: true }));
      }),
      { numRuns: 500 },
    );
  });
});
