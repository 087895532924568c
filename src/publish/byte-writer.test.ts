import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteWriter, quoteField } from "./byte-writer.js";

const anyText = fc.string({ unit: "binary", maxLength: 20 });
const csvText = fc.string({ unit: fc.constantFrom(...'a,"\n\r;\t ắ'), maxLength: 8 });
const field = fc.oneof(anyText, csvText);

function textOf(writer: ByteWriter): string {
  return Buffer.from(writer.view()).toString("utf8");
}

/** Rows as a writer writes them. */
function writeRows(rows: readonly (readonly string[])[], capacity: number): string {
  const writer = new ByteWriter(capacity);
  for (const row of rows) {
    for (const [position, text] of row.entries()) {
      if (position > 0) writer.putByte(0x2c);
      writer.putField(text);
    }
    writer.putByte(0x0a);
  }
  return textOf(writer);
}

describe("ByteWriter.putField(text)", () => {
  it("is read back by csv-parse as it was, whatever the text", () => {
    const rows = fc.array(fc.tuple(field, field, field), { maxLength: 5 });
    fc.assert(
      fc.property(rows, fc.nat(40), (cells, capacity) => {
        const text = writeRows(cells, capacity + 1);
        expect(parse(text, { record_delimiter: "\n", relax_column_count: false })).toEqual(cells);
      }),
      { numRuns: 500 },
    );
  });

  it("writes the texts of people as csv-stringify does", () => {
    const rows = [["Lê Lan", "a,b", 'Lê "Na"', "x\ny", "x\r\ny", "", " a ", "=1+1", "'a"]];
    const options = { record_delimiter: "\n", quoted_match: /\r/ } as const;
    expect(writeRows(rows, 1)).toBe(stringify(rows, options));
  });

  it.each([
    ["", ""],
    ["a", "a"],
    [" a ", " a "],
    ["a,b", '"a,b"'],
    ['"', '""""'],
    ["a\nb", '"a\nb"'],
    ["a\rb", '"a\rb"'],
    ["a;b\tc", "a;b\tc"],
  ])("quotes %j as %j", (text, quoted) => {
    expect(quoteField(text)).toBe(quoted);
  });
});

describe("ByteWriter", () => {
  it("puts bytes, ASCII and fields one after the other, however small it began", () => {
    const long = Buffer.from("ắ".repeat(100));
    for (const capacity of [1, 2, 3, 31, 300, 1000]) {
      const writer = new ByteWriter(capacity);
      writer.putByte(0x41);
      writer.putBytes(long, 3, 9);
      writer.putBytes(long, 0, long.length);
      writer.putBytes(long, 5, 5);
      writer.putAscii("12,3");
      writer.putField("ắ,");
      const expected = `A${"ắ".repeat(102)}12,3"ắ,"`;
      expect(writer.length).toBe(Buffer.byteLength(expected));
      expect(textOf(writer)).toBe(expected);
    }
  });
});

describe("ByteWriter.view() and clear()", () => {
  it("show what was written since the last clear, and nothing of before", () => {
    const writer = new ByteWriter(1);
    expect([writer.view().length, writer.length]).toEqual([0, 0]);
    writer.putAscii("before, and longer");
    expect(textOf(writer)).toBe("before, and longer");
    expect(textOf(writer)).toBe("before, and longer");
    writer.clear();
    expect([writer.view().length, writer.length]).toEqual([0, 0]);
    writer.putField("a,b");
    expect(textOf(writer)).toBe('"a,b"');
  });
});

describe("ByteWriter.putDigits(value, width)", () => {
  it.each([
    [0, 1, "0"],
    [0, 4, "0000"],
    [7, 2, "07"],
    [2021, 4, "2021"],
    [42, 12, "000000000042"],
    [2 ** 32, 12, "004294967296"],
    [79_185_000_001, 12, "079185000001"],
    [999_999_999_999, 12, "999999999999"],
  ])("writes %i in %i digits as %s", (value, width, digits) => {
    const writer = new ByteWriter(1);
    writer.putByte(0x2c);
    writer.putDigits(value, width);
    writer.putByte(0x2c);
    expect(textOf(writer)).toBe(`,${digits},`);
  });

  it("writes any number of 12 digits as padStart does", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), (value) => {
        const writer = new ByteWriter(1);
        writer.putDigits(value, 12);
        expect(textOf(writer)).toBe(String(value).padStart(12, "0"));
      }),
    );
  });
});

describe("ByteWriter.putDeliveredField(bytes, start, end)", () => {
  it.each([
    ["a", "a"],
    ["a,b", '"a,b"'],
    [",", '","'],
    ['"a,b"', '"a,b"'],
    ['"a ""b"""', '"a ""b"""'],
    ['"x\ny"', '"x\ny"'],
    ["", ""],
  ])("writes %j as %j", (delivered, written) => {
    const bytes = Buffer.from(`;${delivered};`);
    const writer = new ByteWriter(1);
    writer.putDeliveredField(bytes, 1, bytes.length - 1);
    expect(textOf(writer)).toBe(written);
  });

  it("keeps the text of any cell of a semicolon-separated file", () => {
    fc.assert(
      fc.property(field, (text) => {
        const delivered = /[;"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
        const bytes = Buffer.from(`;${delivered};`);
        const writer = new ByteWriter(4);
        writer.putDeliveredField(bytes, 1, bytes.length - 1);
        writer.putAscii(",end");
        expect(parse(textOf(writer))).toEqual([[text, "end"]]);
      }),
      { numRuns: 500 },
    );
  });
});
