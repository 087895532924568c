import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fieldText } from "../ingest/read-field.js";
import { type Batch, createBatch, scanBatch } from "../ingest/scanner.js";
import { Cell, isBlankText } from "./cell.js";

function scan(text: string, columns: number): Batch {
  const bytes = Buffer.from(text);
  const batch = createBatch(columns, 100);
  scanBatch(batch, bytes, 0, bytes.length, true, {
    delimiter: 0x2c,
    maxRecordBytes: 1 << 20,
    maxFieldLines: 100,
    lineUnit: "line",
  });
  return batch;
}

describe("Cell", () => {
  it.each([
    ["a", "a", false, false],
    [" a ", "a", false, true],
    ['"a"', "a", false, false],
    ['" a"', "a", false, true],
    ['"a ""b"""', 'a "b"', true, false],
    ['""', "", false, false],
    ['""""', '"', true, false],
    ['"  "', "", false, true],
    ["", "", false, false],
    ['"x\ny"', "x\ny", false, false],
  ])("reads %j as %j", (delivered, text, isEscaped, isPadded) => {
    const batch = scan(`1,${delivered},2\n`, 3);
    const cell = new Cell();
    cell.moveTo(batch, 0, 1);
    expect([cell.text(), cell.isEscaped, cell.isPadded]).toEqual([text, isEscaped, isPadded]);
    expect(cell.isBlank).toBe(text === "");
  });

  it("is the field's text without its outer spaces, for any text", () => {
    const anyText = fc.string({ unit: "binary", maxLength: 12 }).map((text) => text.replaceAll("\0", ""));
    fc.assert(
      fc.property(anyText, (text) => {
        const batch = scan(`1,"${text.replaceAll('"', '""')}"\n`, 2);
        const cell = new Cell();
        cell.moveTo(batch, 0, 1);
        expect(cell.text()).toBe(fieldText(batch, 0, 1).replace(/^ +| +$/g, ""));
      }),
    );
  });

  it("is blank exactly when its text trims to nothing", () => {
    const points = Array.from({ length: 0x1_0000 }, (_, point) => point).filter(
      (point) => point > 0 && (point < 0xd800 || point > 0xdfff),
    );
    const blankAlone = points.filter((point) => {
      const bytes = Buffer.from(String.fromCharCode(point));
      return isBlankText(bytes, 0, bytes.length);
    });
    expect(blankAlone).toEqual(points.filter((point) => String.fromCharCode(point).trim() === ""));
    const text = fc.string({
      unit: fc.constantFrom(" ", "\t", "\n", "\u00a0", "\u2003", "\u3000", "\ufeff", "\u200b", "a", '"'),
      maxLength: 5,
    });
    fc.assert(
      fc.property(text, (delivered) => {
        const batch = scan(`1,"${delivered.replaceAll('"', '""')}"\n`, 2);
        const cell = new Cell();
        cell.moveTo(batch, 0, 1);
        expect(cell.isBlank).toBe(fieldText(batch, 0, 1).trim() === "");
      }),
    );
  });

  it("is empty for a column that the file does not have, whatever it was before", () => {
    const cell = new Cell();
    cell.moveTo(scan('" ""a"" "\n', 1), 0, 0);
    cell.moveTo(scan("a\n", 1), 0, -1);
    expect([cell.text(), cell.isBlank, cell.isEscaped, cell.isPadded]).toEqual(["", true, false, false]);
  });
});
