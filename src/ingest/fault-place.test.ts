import { describe, expect, it } from "vitest";
import { placeFault } from "./fault-place.js";
import { createBatch, RowFault, type ScanDialect, scanBatch } from "./scanner.js";

const dialect: ScanDialect = { delimiter: 0x2c, maxRecordBytes: 40, maxFieldLines: 2, lineUnit: "line" };

/** `line: fault column byte` of each row that cannot be read, of a file with three columns. */
function placeAll(text: string | Buffer, fileOffset = 0): string[] {
  const bytes = Buffer.from(text as string);
  const batch = createBatch(3, 100);
  scanBatch(batch, bytes, 0, bytes.length, true, dialect);
  batch.fileOffset = fileOffset;
  return Array.from({ length: batch.rows }, (_, row) => row)
    .filter((row) => batch.rowFault[row] !== RowFault.none)
    .map((row) => {
      const { fault, column, byte } = placeFault(batch, row, dialect.delimiter);
      return `${(batch.rowLine[row] as number) + 1}: ${fault} ${column} ${byte}`;
    });
}

describe("placeFault(batch, row, delimiter)", () => {
  it.each<[what: string, text: string, expected: string[]]>([
    ["a quote in a text", 'a,b"c,d\n', ["1: quote-in-text 2 3"]],
    ["a quote after a text", 'a,b",c\n', ["1: quote-in-text 2 3"]],
    ["text after a closing quote", '"a"b,c,d\n', ["1: text-after-quote 1 3"]],
    ["a space after a closing quote", 'a,"b" ,d\n', ["1: text-after-quote 2 5"]],
    ["a quote that is not closed", 'a,"b,c\nd,e,f\n', ["1: quote-not-closed 2 2"]],
    ["a quote that is not closed at the end of the file", 'a,b,"c', ["1: quote-not-closed 3 4"]],
    ["doubled quotes that close nothing", 'a,"b"",c\n', ["1: quote-not-closed 2 2"]],
    ["a field too few", "a,b\n", ["1: too-few-fields 3 3"]],
    ["two fields too few", "a\n", ["1: too-few-fields 2 1"]],
    ["a field too many", 'a,"b,b",c,d\n', ["1: too-many-fields 4 9"]],
    ["an empty field too many", "a,b,c,\n", ["1: too-many-fields 4 5"]],
    ["another delimiter", "a;b;c\n", ["1: too-few-fields 2 5"]],
    ["the first fault of several", 'a,b,c,"d\n', ["1: too-many-fields 4 5"]],
    ["a line too long", `a,${"b".repeat(50)},c\n`, ["1: line-too-long 2 40"]],
    [
      "a text over too many lines",
      'a,"1\n2\n3\n4",c\n',
      ["1: quote-not-closed 2 2", "2: too-few-fields 2 6", "3: too-few-fields 2 8", "4: quote-in-text 1 10"],
    ],
    ["nothing", 'a,b,c\n\n"a\nb",,""\n', []],
  ])("finds %s", (_what, text, expected) => {
    expect(placeAll(text)).toEqual(expected);
  });

  it.each<[what: string, hex: string, expected: string]>([
    ["a NUL", "2c62002c", "1: nul 2 2"],
    ["a byte that begins nothing", "c3a92c802c", "1: not-utf8 2 3"],
    ["a sequence cut short by the next field", "2ce1ba2c", "1: not-utf8 2 1"],
    ["a sequence cut short by the row's end", "2c2ce1ba", "1: not-utf8 3 2"],
    ["an overlong slash", "2cc0af2c", "1: not-utf8 2 1"],
    ["half a surrogate pair", "2ceda0802c", "1: not-utf8 2 1"],
    ["a code point beyond Unicode", "2c2cf4908080", "1: not-utf8 3 2"],
    ["the bad byte behind a good U+FFFD", "efbfbd2cff2c", "1: not-utf8 2 4"],
  ])("finds %s", (_what, hex, expected) => {
    expect(placeAll(Buffer.from(`${hex}0a`, "hex"))).toEqual([expected]);
  });

  it("counts bytes from the beginning of the file", () => {
    expect(placeAll("a,b\n", 1000)).toEqual(["1: too-few-fields 3 1003"]);
  });
});
