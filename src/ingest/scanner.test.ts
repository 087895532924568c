import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fieldText, rowCells, rowText } from "./read-field.js";
import { createBatch, RowFault, type ScanDialect, scanBatch } from "./scanner.js";

const dialect: ScanDialect = { delimiter: 44, maxRecordBytes: 1000, maxFieldLines: 10, lineUnit: "line" };

interface SeenRow {
  readonly line: number;
  readonly fault: number;
  readonly cells: string[];
  readonly text: string;
}

interface Seen {
  readonly rows: SeenRow[];
  readonly lines: number;
  readonly blankLines: number;
}

/** Scans a whole file in one buffer, `maxRows` rows at a time. */
function scanAll(
  input: string | Buffer,
  columns: number,
  options: Partial<ScanDialect> = {},
  maxRows = 100,
): Seen {
  const bytes = Buffer.from(input as string);
  const batch = createBatch(columns, maxRows);
  const rows: SeenRow[] = [];
  let lines = 0;
  let blankLines = 0;
  let outcome: string;
  do {
    outcome = scanBatch(batch, bytes, batch.end, bytes.length, true, { ...dialect, ...options });
    for (let row = 0; row < batch.rows; row++) {
      rows.push({
        line: lines + (batch.rowLine[row] as number),
        fault: batch.rowFault[row] as number,
        cells: rowCells(batch, row),
        text: rowText(batch, row),
      });
    }
    lines += batch.lines;
    blankLines += batch.blankLines;
  } while (outcome === "full");
  expect(outcome).toBe("done");
  return { rows, lines, blankLines };
}

function readWithCsvParse(text: string, delimiter = ","): string[][] {
  return parse(text, {
    bom: false,
    delimiter,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
  });
}

describe("scanBatch on well-formed files", () => {
  const cases: readonly [name: string, text: string, columns: number][] = [
    ["a plain file", "a,b,c\n1,2,3\n", 3],
    ["a last line without a break", "a,b\n1,2", 2],
    ["a last line that ends with an empty field", "a,b\n1,", 2],
    ["empty fields", ",,\n,,\n", 3],
    ["CRLF", "a,b\r\n1,2\r\n", 2],
    ["lone CR", "a,b\r1,2\r", 2],
    ["mixed line breaks", "a,b\r\n1,2\n3,4\r5,6", 2],
    ["a comma in quotes", 'a,b\n"x, y",z\n', 2],
    ["escaped quotes", 'a,b\n1,"ha ""ha"" ha"\n', 2],
    ["only an escaped quote", 'a,b\n"""",""\n', 2],
    ["empty quoted fields", '"",""\n"",""', 2],
    ["a quoted field that ends the file", 'a,b\n1,"2"', 2],
    ["a quoted empty field that ends the file", 'a,b\n1,""', 2],
    ["line breaks in quotes", 'a,b\n"1\n2","3\n\n4"\n5,6\n', 2],
    ["CRLF in quotes", 'a,b\r\n"1\r\n2",3\r\n', 2],
    ["lone CR in quotes", 'a,b\r"1\r2",3\r', 2],
    ["quotes, line breaks and commas together", '"a ""x"",\n","b\r\n"",""",c\n1,2,3\n', 3],
    ["JSON in a field", 'key,val\n1,"{""type"": ""Point"", ""c"": [1, 2]}"\n', 2],
    ["spaces around fields", " a , b \n", 2],
    ["Vietnamese in both Unicode forms", "Nguyễn Thị Hòa,Nguyễn\n", 2],
    ["separators of Unicode that break no line", "a\u2028b,c\u0085d\u000be\n", 2],
    ["many columns", `${"x,".repeat(999)}x\n`, 1000],
  ];
  it.each(cases)("reads %s as csv-parse does", (_name, text, columns) => {
    const seen = scanAll(text, columns, { maxRecordBytes: 5000 });
    expect(seen.rows.map((row) => row.cells)).toEqual(readWithCsvParse(text));
    expect(seen.rows.every((row) => row.fault === RowFault.none)).toBe(true);
  });

  it.each([";", "\t"])("reads files with delimiter %j", (delimiter) => {
    const text = `a${delimiter}"b,${delimiter}c"${delimiter}1:2\n`;
    const seen = scanAll(text, 3, { delimiter: delimiter.charCodeAt(0) });
    expect(seen.rows.map((row) => row.cells)).toEqual(readWithCsvParse(text, delimiter));
  });

  it("agrees with csv-parse on any table however it is quoted and broken into lines", () => {
    const cell = fc.array(fc.constantFrom("a", "đ", " ", '"', ",", ";", "\t", "\n", "\r", "\r\n", "1"), {
      maxLength: 6,
    });
    const table = fc.integer({ min: 2, max: 4 }).chain((columns) =>
      fc.array(
        fc.record({
          cells: fc.array(fc.record({ parts: cell, isQuoted: fc.boolean() }), {
            minLength: columns,
            maxLength: columns,
          }),
          end: fc.constantFrom("\n", "\r\n", "\r"),
        }),
        { minLength: 1, maxLength: 8 },
      ),
    );
    fc.assert(
      fc.property(
        table,
        fc.constantFrom(",", ";", "\t"),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        (rows, delimiter, endsWithBreak, maxRows) => {
          let text = "";
          for (const { cells, end } of rows) {
            const written = cells.map(({ parts, isQuoted }) => {
              const value = parts.join("");
              const needsQuotes = isQuoted || /["\n\r]/.test(value) || value.includes(delimiter);
              return needsQuotes ? `"${value.replaceAll('"', '""')}"` : value;
            });
            text += written.join(delimiter) + end;
          }
          if (!endsWithBreak) text = text.replace(/(\r\n|\r|\n)$/, "");
          const columns = rows[0]?.cells.length as number;
          const seen = scanAll(
            text,
            columns,
            { delimiter: delimiter.charCodeAt(0), maxFieldLines: 50 },
            maxRows,
          );
          expect(seen.rows.map((row) => row.cells)).toEqual(readWithCsvParse(text, delimiter));
          expect(seen.rows.every((row) => row.fault === RowFault.none)).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("scanBatch on lines", () => {
  it("counts blank lines and never makes rows of them", () => {
    const seen = scanAll("\na,b\n\r\n   \r1,2\n,\n\n", 2);
    expect(seen.rows.map(({ line, cells }) => [line, ...cells])).toEqual([
      [1, "a", "b"],
      [4, "1", "2"],
      [5, "", ""],
    ]);
    expect(seen).toMatchObject({ lines: 7, blankLines: 4 });
  });

  it("gives each row the physical line it starts on", () => {
    const seen = scanAll('1,"a\r\nb\rc\nd"\n2,x\n3,"\n"\n4,y', 2);
    expect(seen.rows.map(({ line }) => line)).toEqual([0, 4, 5, 7]);
    expect(seen.lines).toBe(8);
  });

  it("counts records where the unit is the record, however many breaks a field holds", () => {
    const seen = scanAll(`1,"a\nb"\n\n2,"${"\n".repeat(30)}"\n3,c\n`, 2, { lineUnit: "record" });
    expect(seen.rows.map(({ line, fault }) => [line, fault])).toEqual([
      [0, 0],
      [2, 0],
      [3, 0],
    ]);
    expect(seen).toMatchObject({ lines: 4, blankLines: 1 });
  });

  it("reads nothing from an empty file", () => {
    expect(scanAll("", 2)).toEqual({ rows: [], lines: 0, blankLines: 0 });
  });
});

describe("scanBatch on malformed files", () => {
  const good = [RowFault.none, "g,h"];
  const cases: readonly [name: string, text: string, rows: unknown[]][] = [
    ["a quote inside an unquoted field", 'a"b,c\ng,h\n', [[RowFault.structure, 'a"b,c'], good]],
    ["text after a closing quote", '"a"b,c\ng,h\n', [[RowFault.structure, '"a"b,c'], good]],
    ["a space after a closing quote", '"a" ,c\ng,h\n', [[RowFault.structure, '"a" ,c'], good]],
    ["too few fields", "a\ng,h\n", [[RowFault.structure, "a"], good]],
    ["too many fields", "a,b,c\r\ng,h\r\n", [[RowFault.structure, "a,b,c"], good]],
    ["too many fields in quotes", '"a","b","c\nx\ng,h\n', [[1, '"a","b","c'], [1, "x"], good]],
    ["an unclosed quote before the end of the file", 'g,h\n"a,b\ng,h\n', [good, [1, '"a,b'], good]],
    ["an unclosed quote in the last line", 'g,h\ng,"b', [good, [1, 'g,"b']]],
    ["a lone quote at the end of the file", 'g,h\ng,"', [good, [1, 'g,"']]],
    ["an odd escaped quote at the end", 'g,h\ng,"""', [good, [1, 'g,"""']]],
    [
      "an unclosed quote that meets the next quote",
      '"a,b\n"c",d\ng,h\n',
      [[RowFault.structure, '"a,b'], [RowFault.none, '"c",d'], good],
    ],
    [
      "a record of several lines with a wrong count",
      '"a\nb",c,d\ng,h\n',
      [[RowFault.structure, '"a'], [RowFault.structure, 'b",c,d'], good],
    ],
    [
      "a quoted field over too many lines",
      `a,"${"\n".repeat(10)}"\nb,"${"\n".repeat(11)}"\ng,h\n`,
      [
        [RowFault.none, `a,"${"\n".repeat(10)}"`],
        [RowFault.structure, 'b,"'],
        [RowFault.structure, '"'],
        good,
      ],
    ],
    ["a NUL", "a\0,b\ng,h\n", [[RowFault.undecodable, "a\0,b"], good]],
  ];
  it.each(cases)("loses one line to %s", (_name, text, rows) => {
    expect(scanAll(text, 2).rows.map((row) => [row.fault, row.text])).toEqual(rows);
  });

  const bytes: readonly [name: string, hex: string][] = [
    ["a lone continuation byte", "80"],
    ["a truncated sequence", "e1bb"],
    ["an overlong sequence", "c0af"],
    ["a surrogate", "eda080"],
    ["a byte that UTF-8 never has", "ff"],
  ];
  it.each(bytes)("marks only the row that holds %s", (_name, hex) => {
    const file = Buffer.concat([
      Buffer.from("g,h\na,"),
      Buffer.from(hex, "hex"),
      Buffer.from("\nđ,\ufffd\n"),
    ]);
    expect(scanAll(file, 2).rows.map((row) => row.fault)).toEqual([0, RowFault.undecodable, 0]);
  });

  it("tells of each row whether it holds a control character other than tab and line breaks", () => {
    const wrong: string[] = [];
    for (let value = 0; value < 256; value++) {
      const isControl = value < 0x20 && ![0x09, 0x0a, 0x0d].includes(value);
      const byte = String.fromCharCode(value === 0x22 || value === 0x2c || value > 0x7f ? 0x61 : value);
      const quoted = `"b${byte}"`;
      for (const cells of [`${byte}b,c`, `b,c${byte}c`, `${quoted},c`, `b,${quoted}`]) {
        if (!cells.includes('"') && /[\r\n]/.test(byte)) continue;
        const batch = createBatch(2, 3);
        const bytes = Buffer.from(`a,\ta\n${cells}\nd,"\r\n\t"\n`);
        scanBatch(batch, bytes, 0, bytes.length, true, dialect);
        const found = [...batch.rowControls.subarray(0, batch.rows)];
        if (found.join() !== `0,${Number(isControl)},0`) wrong.push(`${value} in ${JSON.stringify(cells)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("marks each row that is no UTF-8 or holds a NUL, among any others", () => {
    const cell = fc.constantFrom("a", "đ", "\0", "\u0001", "bad");
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, fc.boolean()), { maxLength: 40 }), (rows) => {
        const encode = (text: string): Buffer =>
          text === "bad" ? Buffer.from("c3", "hex") : Buffer.from(text);
        const lines = rows.map(([a, b, isShort]) =>
          Buffer.concat([encode(a), Buffer.from(isShort ? "" : ","), encode(b), Buffer.from("\n")]),
        );
        const wanted = rows.map(([a, b, isShort]) => {
          if (isShort) return RowFault.structure;
          return [a, b].some((text) => text === "bad" || text === "\0")
            ? RowFault.undecodable
            : RowFault.none;
        });
        expect(scanAll(Buffer.concat(lines), 2).rows.map(({ fault }) => fault)).toEqual(wanted);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps the fields of an undecodable row", () => {
    const file = Buffer.from("3131312cff2c610a", "hex");
    expect(scanAll(file, 3).rows[0]?.cells).toEqual(["111", "\ufffd", "a"]);
  });

  it("clips a line over the limit, quoted or not", () => {
    const options = { maxRecordBytes: 8 };
    const seen = scanAll('aaaa,bbb\naaaa,bbbb\n"aaaaaaaaa,b\naaa"aaaaaaaa\ng,h\n', 2, options);
    expect(seen.rows.map((row) => [row.fault, row.text, row.line])).toEqual([
      [RowFault.none, "aaaa,bbb", 0],
      [RowFault.tooLarge, "aaaa,bbb", 1],
      [RowFault.tooLarge, '"aaaaaaa', 2],
      [RowFault.tooLarge, 'aaa"aaaa', 3],
      [RowFault.none, "g,h", 4],
    ]);
  });

  it("reads a record of exactly the limit, over several lines too", () => {
    const seen = scanAll('a,"b\nc""d"\na,"b\nc""dd"\n', 2, { maxRecordBytes: 10 });
    expect(seen.rows.map((row) => [row.fault, row.text])).toEqual([
      [RowFault.none, 'a,"b\nc""d"'],
      [RowFault.structure, 'a,"b'],
      [RowFault.structure, 'c""dd"'],
    ]);
  });

  it("takes a quoted field that runs over the limit for an unclosed quote", () => {
    const seen = scanAll('a,"b\nc,d\ne,f"\ng,h\n', 2, { maxRecordBytes: 8 });
    expect(seen.rows.map((row) => [row.fault, row.text])).toEqual([
      [RowFault.structure, 'a,"b'],
      [RowFault.none, "c,d"],
      [RowFault.structure, 'e,f"'],
      [RowFault.none, "g,h"],
    ]);
  });
});

describe("scanBatch in parts", () => {
  it("stops at records that start at or after `to`, and finishes one that starts before", () => {
    const bytes = Buffer.from("a,b\nc,d\ne,f\n");
    const batch = createBatch(2, 9);
    expect(scanBatch(batch, bytes, 0, 5, false, dialect)).toBe("done");
    expect([batch.rows, batch.end]).toEqual([2, 8]);
    expect(scanBatch(batch, bytes, 8, 8, false, dialect)).toBe("done");
    expect([batch.rows, batch.end]).toEqual([0, 8]);
  });

  it.each(["a,b", "a,b\r", 'a,"b', 'a,"b"', 'a,"b\n'])("wants more after %j, and gives no row", (text) => {
    const batch = createBatch(2, 9);
    const bytes = Buffer.from(text);
    expect(scanBatch(batch, bytes, 0, bytes.length, false, dialect)).toBe("needs-more");
    expect([batch.rows, batch.end, batch.lines]).toEqual([0, 0, 0]);
  });

  it("reports a line over the limit before its end is there, and then skips the rest of it", () => {
    const options = { ...dialect, maxRecordBytes: 4 };
    const batch = createBatch(2, 9);
    expect(scanBatch(batch, Buffer.from("aaaaaaaaaa"), 0, 99, false, options)).toBe("needs-more");
    expect([batch.rows, batch.rowFault[0], batch.rowEnd[0], batch.end, batch.lines]).toEqual([
      1, 3, 4, 10, 1,
    ]);
    expect(scanBatch(batch, Buffer.from('aa"a\r'), 0, 99, false, options)).toBe("needs-more");
    expect([batch.rows, batch.end]).toEqual([0, 4]);
    expect(scanBatch(batch, Buffer.from("\r\nb,c\n"), 0, 99, true, options)).toBe("done");
    expect([batch.rows, batch.lines, fieldText(batch, 0, 1)]).toEqual([1, 1, "c"]);
  });
});

describe("fieldText(batch, row, column)", () => {
  it("is empty for a column that the file does not have and for a row that cannot be read", () => {
    const batch = createBatch(2, 9);
    scanBatch(batch, new TextEncoder().encode("a,b\nc\n"), 0, 6, true, dialect);
    expect([fieldText(batch, 0, -1), fieldText(batch, 0, 2), fieldText(batch, 1, 0)]).toEqual(["", "", ""]);
    expect([fieldText(batch, 0, 0), rowCells(batch, 1), rowText(batch, 1)]).toEqual(["a", [], "c"]);
  });
});
