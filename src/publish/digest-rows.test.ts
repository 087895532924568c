import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CanonicalColumn, canonicalColumns, type Source } from "../ingest/source.js";
import { digestWords } from "../reconcile/repeated-keys.js";
import { digestRows } from "./digest-rows.js";

const limits = { maxRecordBytes: 1 << 20, maxFieldLines: 100 };

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-digest-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Digests in hexadecimal. */
interface RowDigest {
  readonly id: string;
  readonly content: string;
}

interface Delivery {
  readonly headers: readonly string[];
  /** Rows as they are delivered, without the line break behind. */
  readonly rows: readonly string[];
  readonly delimiter?: string;
  readonly lineBreak?: string;
  /** Headers by the column they are for, where it is another's than their own name. */
  readonly aliases?: Readonly<Partial<Record<CanonicalColumn, string>>>;
}

/** Digests of every row of a file, the last one without a line break behind it. */
function digest({ headers, rows, delimiter = ",", lineBreak = "\n", aliases = {} }: Delivery): RowDigest[] {
  const head = headers.join(delimiter) + lineBreak;
  const bytes = Buffer.from(head + rows.join(lineBreak));
  const bytesPath = path.join(dir, "delivered.csv");
  writeFileSync(bytesPath, bytes);
  const source: Source = {
    name: "delivered.csv",
    path: bytesPath,
    format: "csv",
    encoding: "utf-8",
    bytesPath,
    byteLength: bytes.length,
    layout: "long",
    delimiter,
    headers,
    dataOffset: Buffer.byteLength(head),
    dataLine: 2,
    lineUnit: "line",
    columns: Object.fromEntries(
      canonicalColumns.map((name) => [name, headers.indexOf(aliases[name] ?? name)]),
    ) as Source["columns"],
    doses: [],
    coding: { name: "long-export", sex: { male: [], female: [] } },
  };
  let next = source.dataOffset;
  const offsets = rows.map((row) => {
    const offset = next;
    next += Buffer.byteLength(row + lineBreak);
    return offset;
  });
  const digests = Buffer.from(digestRows({ source, offsets: Float64Array.from(offsets), limits }).buffer);
  const partBytes = digestWords * 2;
  return rows.map((_, row) => {
    const id = digests.subarray(row * 2 * partBytes, (row * 2 + 1) * partBytes);
    const content = digests.subarray((row * 2 + 1) * partBytes, (row * 2 + 2) * partBytes);
    return { id: id.toString("hex"), content: content.toString("hex") };
  });
}

const headers = ["record_id", "full_name", "note"];

/** One row of these headers. */
function digestOne(row: string): RowDigest {
  return digest({ headers, rows: [row] })[0] as RowDigest;
}

describe("digestRows({ source, offsets, limits })", () => {
  let expected: RowDigest;
  beforeAll(() => {
    expected = digestOne("A1,Lê Lan,x");
  });

  it.each<[what: string, delivery: Delivery]>([
    ["another column order", { headers: ["note", "record_id", "full_name"], rows: ["x,A1,Lê Lan"] }],
    ["another delimiter", { headers, rows: ["A1;Lê Lan;x"], delimiter: ";" }],
    ["tabs", { headers, rows: ["A1\tLê Lan\tx"], delimiter: "\t" }],
    ["quotes", { headers, rows: ['"A1","Lê Lan","x"'] }],
    ["spaces around", { headers, rows: [" A1 ,Lê Lan  ,  x"] }],
    ["a carriage return before the line feed", { headers, rows: ["A1,Lê Lan,x"], lineBreak: "\r\n" }],
    [
      "another header for a column that is known",
      { headers: ["record_id", "Họ tên", "note"], rows: ["A1,Lê Lan,x"], aliases: { full_name: "Họ tên" } },
    ],
    [
      "all of it",
      {
        headers: ["Họ tên", "note", "Mã"],
        rows: ['"Lê Lan";x;"A1"'],
        delimiter: ";",
        lineBreak: "\r\n",
        aliases: { record_id: "Mã", full_name: "Họ tên" },
      },
    ],
  ])("are equal for equal cells: %s", (_what, delivery) => {
    expect(digest(delivery)).toEqual([expected]);
  });

  it.each<[what: string, delivery: Delivery]>([
    ["another name", { headers, rows: ["A1,Lê Lam,x"] }],
    ["another case", { headers, rows: ["A1,LÊ LAN,x"] }],
    ["a cell that is blank", { headers, rows: ["A1,Lê Lan,"] }],
    ["the cells in one another's place", { headers, rows: ["A1,x,Lê Lan"] }],
    ["the boundary of two cells moved", { headers, rows: ["A1,Lê Lanx,"] }],
    [
      "another column of no meaning to us",
      { headers: ["record_id", "full_name", "Ghi"], rows: ["A1,Lê Lan,x"] },
    ],
    [
      "another column that stands in the same place",
      { headers: ["record_id", "full_name", "notes"], rows: ["A1,Lê Lan,x"] },
    ],
    ["a column more", { headers: [...headers, "more"], rows: ["A1,Lê Lan,x,"] }],
  ])("differ in the content alone for another content: %s", (_what, delivery) => {
    const [other] = digest(delivery);
    expect(other?.id).toBe(expected.id);
    expect(other?.content).not.toBe(expected.content);
  });

  it("differ for cells that look like one another's columns", () => {
    const one = digestOne("A1,xnote=y,z");
    expect(one.content).not.toBe(digestOne("A1,x,ynote=z").content);
  });

  it("differ in the id for another record_id", () => {
    const other = digestOne("A2,Lê Lan,x");
    expect(other.id).not.toBe(expected.id);
    expect(other.content).not.toBe(expected.content);
  });

  it("read a row longer than the first read whole, to its last cell", () => {
    for (const length of [8 << 10, 9000, 40_000, 600_000]) {
      const name = "ắ".repeat(length / 2);
      const [one, same, other, after] = digest({
        headers,
        rows: [`A1,${name},x`, `A1,"${name}","x"`, `A1,${name},y`, "A1,Lê Lan,x"],
      });
      expect(one).toEqual(same);
      expect(other?.content).not.toBe(one?.content);
      expect(after).toEqual(expected);
    }
  });

  it.each(["\n", "\r\n"])("read a row whole wherever it ends near the first read's end: %j", (lineBreak) => {
    const reads = [-4, -3, -2, -1, 0, 1, 2, 3, 4].map((more) => {
      const name = "a".repeat((8 << 10) - "A1,,x".length + more);
      const rows = [`A1,${name},x`, `A1,"${name.slice(2)}",x`, `A1,"${name.slice(2)}",y`, "A1,Lê Lan,x"];
      const [plain, quoted, other, after] = digest({ headers, rows, lineBreak });
      expect(plain).toEqual(digest({ headers, rows: [`A1,"${name}","x"`] })[0]);
      expect(quoted).toEqual(digest({ headers, rows: [`A1,${name.slice(2)},x`] })[0]);
      expect(other?.content).not.toBe(quoted?.content);
      expect(after).toEqual(expected);
      return plain?.content;
    });
    expect(new Set(reads).size).toBe(reads.length);
  });

  it("read a row with line breaks in quotes whole", () => {
    const lines = (last: string): string => `A1,"${"Lê\n".repeat(40)}\r\n${last}","x"`;
    const [one, other, cut, after] = digest({
      headers,
      rows: [lines("Lan"), lines("Na"), 'A1,"Lê","x"', "A1,Lê Lan,x"],
    });
    expect(new Set([one, other, cut].map((row) => row?.content)).size).toBe(3);
    expect(after).toEqual(expected);
    expect(digestOne(lines("Lan"))).toEqual(one);
  });

  it("come in the order of the offsets, for any rows", () => {
    const cell = fc.string({ unit: fc.constantFrom(...'a1,"\n ắ'), maxLength: 4 });
    const row = fc.tuple(cell, cell, cell).filter((cells) => cells.some((text) => text.trim() !== ""));
    const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (cells) => {
        const digests = digest({ headers, rows: cells.map((texts) => texts.map(quote).join(",")) });
        const contents = cells.map((texts) => JSON.stringify(texts.map((text) => text.trim())));
        for (const [a, content] of contents.entries()) {
          for (const [b, other] of contents.entries())
            expect(digests[a]?.content === digests[b]?.content).toBe(content === other);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("are none for no offsets", () => {
    expect(digest({ headers, rows: [] })).toEqual([]);
  });
});
