import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDateText } from "../identity/date-text.js";
import { fieldText } from "../ingest/read-field.js";
import { type Batch, createBatch, scanBatch } from "../ingest/scanner.js";
import { Cell, isBlankText, readDigits, readPlainDate } from "./cell.js";

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

function cellOf(text: string): Cell {
  const cell = new Cell();
  const bytes = Buffer.from(`..${text}..`);
  cell.bytes = bytes;
  cell.start = 2;
  cell.end = bytes.length - 2;
  return cell;
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

describe("readDigits(bytes, start, length)", () => {
  it.each([
    ["000000", 0, 6, 0],
    ["012345", 0, 6, 12_345],
    ["999999999", 0, 9, 999_999_999],
    ["12a", 0, 3, -1],
    ["12a", 0, 2, 12],
    ["1/2", 0, 3, -1],
    ["1:2", 0, 3, -1],
  ])("%j from %i, %i digits: %i", (text, start, length, value) => {
    expect(readDigits(Buffer.from(text), start, length)).toBe(value);
  });
});

describe("readPlainDate(cell)", () => {
  it("agrees with readDateText on every day, possible or not, of 1900 to 2100", () => {
    const wrong: string[] = [];
    const pad = (part: number): string => String(part).padStart(2, "0");
    for (let year = 1900; year <= 2100; year++) {
      for (let month = 0; month <= 13; month++) {
        for (let day = 0; day <= 32; day++) {
          const dayFirst = `${pad(day)}/${pad(month)}/${year}`;
          const reading = readDateText(dayFirst);
          const expected = reading.kind === "date" ? reading.day : null;
          if (readPlainDate(cellOf(dayFirst)) !== expected) wrong.push(dayFirst);
          const yearFirst = `${year}-${pad(month)}-${pad(day)}`;
          if (readPlainDate(cellOf(yearFirst)) !== expected) wrong.push(yearFirst);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it("never contradicts readDateText, whatever ten characters it is given", () => {
    const text = fc.string({ unit: fc.constantFrom(..."0012/-39 ٣"), minLength: 9, maxLength: 11 });
    const dated = fc
      .tuple(fc.nat(40), fc.nat(14), fc.nat(9999))
      .map(
        ([day, month, year]) =>
          `${String(day).padStart(2, "0")}/${String(month).padStart(2, "0")}/${String(year).padStart(4, "0")}`,
      );
    fc.assert(
      fc.property(fc.oneof(text, dated), (date) => {
        const day = readPlainDate(cellOf(date));
        if (day !== null) expect(readDateText(date)).toEqual({ kind: "date", day });
      }),
      { numRuns: 2000 },
    );
  });

  it.each(["1/1/2000", "01-01-2000", "2000/01/01", "01/01/99", "0101200000", "31/12/1799", "01/01/2200", ""])(
    "leaves %j to the rule",
    (text) => {
      expect(readPlainDate(cellOf(text))).toBeNull();
    },
  );
});
