import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteWriter } from "./byte-writer.js";

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

describe("ByteWriter.useMemory(memory)", () => {
  it("writes where it is told to, and into fresh memory once that is full or given away", () => {
    const writer = new ByteWriter();
    writer.putAscii("before");
    const memory = new ArrayBuffer(8);
    writer.useMemory(memory);
    writer.putAscii("12345678");
    expect(Buffer.from(memory).toString()).toBe("12345678");
    expect(writer.giveMemory()).toBe(memory);
    expect(writer.length).toBe(0);
    writer.putAscii("ab");
    expect(Buffer.from(memory).toString()).toBe("12345678");
    writer.useMemory(memory);
    writer.putAscii("123456789");
    expect(textOf(writer)).toBe("123456789");
    const grown = writer.giveMemory();
    expect(grown).not.toBe(memory);
    expect(Buffer.from(grown, 0, 9).toString()).toBe("123456789");
  });
});
