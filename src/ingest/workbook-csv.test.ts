import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import writeXlsxFile from "write-excel-file/node";
import { openSource } from "./open-source.js";
import { rowCells } from "./read-field.js";
import { planShards, readShard } from "./shards.js";
import type { Refusal, Source } from "./source.js";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "workbook-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const limits = { maxExpandedBytes: 10_000_000, maxExpansionRatio: 200, maxRecordBytes: 400 };

function open(bytes: Buffer, changes: Partial<typeof limits> = {}): Promise<Source | Refusal> {
  writeFileSync(path.join(dir, "a.xlsx"), bytes);
  return openSource(
    { name: "a.xlsx", path: path.join(dir, "a.xlsx") },
    {
      workDir: dir,
      sources: [{ name: "any", sex: { male: ["0"], female: ["1"] } }],
      aliases: {},
      limits: { ...limits, ...changes },
    },
  );
}

async function accept(bytes: Buffer): Promise<Source> {
  const outcome = await open(bytes);
  if ("reason" in outcome) throw new Error(outcome.reason);
  return outcome;
}

async function reasonOf(bytes: Buffer, changes: Partial<typeof limits> = {}): Promise<string> {
  const outcome = await open(bytes, changes);
  if (!("reason" in outcome)) throw new Error("the workbook was accepted");
  return outcome.reason;
}

/** [row of the sheet, fault, ...cells] */
function readRows(source: Source): unknown[][] {
  const rows: unknown[][] = [];
  for (const shard of planShards(source, 1 << 20)) {
    readShard(source, shard, {
      ...{ maxBatchRows: 100, maxRecordBytes: limits.maxRecordBytes, maxFieldLines: 3 },
      onBatch(batch) {
        for (let row = 0; row < batch.rows; row++) {
          const line = source.dataLine + batch.firstLine + (batch.rowLine[row] as number);
          rows.push([line, batch.rowFault[row], ...rowCells(batch, row)]);
        }
      },
    });
  }
  return rows;
}

/** A ZIP archive with these parts, deflated. */
function zip(parts: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(parts)) {
    const data = Buffer.from(text);
    const packed = deflateRawSync(data);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(crc32(data), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(data.length, 18);
    facts.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), facts, Buffer.from(name), packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\0"), facts, place, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(centrals.length, 4);
  end.writeUInt16LE(centrals.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, central, Buffer.from("PK\x05\x06"), end]);
}

/** A workbook of raw sheet XML (the rows). */
function workbook(sheets: readonly string[], parts: Readonly<Record<string, string>> = {}): Buffer {
  const ids = sheets.map((_, i) => i + 1);
  const list = ids.map((id) => `<sheet name="s${id}" sheetId="${id}" r:id="rId${id}"/>`).join("");
  const relations = ids
    .map((id) => `<Relationship Id="rId${id}" Target="worksheets/sheet${id}.xml"/>`)
    .join("");
  return zip({
    "xl/workbook.xml": `<workbook><workbookPr/><sheets>${list}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships>${relations}</Relationships>`,
    ...Object.fromEntries(
      sheets.map((rows, i) => [
        `xl/worksheets/sheet${i + 1}.xml`,
        `<?xml version="1.0"?><worksheet><sheetData>${rows}</sheetData></worksheet>`,
      ]),
    ),
    ...parts,
  });
}

function row(number: number, ...cells: string[]): string {
  const texts = cells.map((text) => (text === "" ? "" : `<is><t xml:space="preserve">${text}</t></is>`));
  const tags = texts.map(
    (text, i) => `<c r="${String.fromCharCode(65 + i)}${number}" t="inlineStr">${text}</c>`,
  );
  return `<row r="${number}">${tags.join("")}</row>`;
}

const header = ["full_name", "citizen_id", "vaccine"];

describe("openSource on a workbook", () => {
  it("reads one that write-excel-file wrote: numbers, dates, texts, line breaks, blank rows", async () => {
    const day = new Date(Date.UTC(2021, 5, 4));
    const bytes = await writeXlsxFile([
      [{ value: "Họ và tên" }, { value: "CCCD" }, { value: "Ngày tiêm" }, { value: "Ghi chú" }],
      [
        { value: "Nguyễn Thị Hòa" },
        { value: 79203012345, type: Number },
        { value: day, type: Date, format: "dd/mm/yyyy" },
        { value: 'a "b"\nc, d' },
      ],
      [],
      [
        { value: "Lê A" },
        { value: "001084012345", type: String },
        { value: "04/06/2021" },
        { value: 1.5, type: Number },
      ],
    ]).toBuffer();
    const source = await accept(bytes);
    expect(source).toMatchObject({
      ...{ format: "xlsx", encoding: "utf-8", delimiter: ",", lineUnit: "record", dataLine: 2 },
      headers: ["Họ và tên", "CCCD", "Ngày tiêm", "Ghi chú"],
    });
    expect(readRows(source)).toEqual([
      [2, 0, "Nguyễn Thị Hòa", "79203012345", "2021-06-04", 'a "b"\nc, d'],
      [4, 0, "Lê A", "001084012345", "04/06/2021", "1.5"],
    ]);
  });

  it("gives every row its number in the sheet: rows left out, line breaks, rows too large", async () => {
    const breaks = "x\n".repeat(50);
    const source = await accept(
      workbook([
        `${row(3, ...header)}${row(5, "a", breaks, "c")}${row(6)}${row(7, "a", `${"x\n".repeat(300)}`, "c")}${row(9, "d", "e", "f")}`,
      ]),
    );
    expect(source.dataLine).toBe(4);
    expect(readRows(source)).toEqual([
      [5, 0, "a", breaks, "c"],
      [7, 3],
      [9, 0, "d", "e", "f"],
    ]);
  });

  it("makes all rows as wide as the widest", async () => {
    const source = await accept(
      workbook([`${row(1, ...header)}${row(2, "a", "b")}${row(3, "a", "b", "c", "", "note")}`]),
    );
    expect(source.headers).toEqual([...header, "column_4", "column_5"]);
    expect(readRows(source)).toEqual([
      [2, 0, "a", "b", "", "", ""],
      [3, 0, "a", "b", "c", "", "note"],
    ]);
  });

  it("does not widen every row for a stray cell at the far right, but sets that row apart", async () => {
    const stray = row(3, "a", "b", "c").replace("</row>", '<c r="XFD3"><v>1</v></c></row>');
    const source = await accept(workbook([`${row(1, ...header)}${row(2, "a", "b", "c")}${stray}`]));
    expect(source.headers).toHaveLength(67);
    expect(readRows(source).map(([line, fault]) => [line, fault])).toEqual([
      [2, 0],
      [3, 3],
    ]);
  });

  it("reads shared and rich texts, formulas, booleans, errors, and padded numbers", async () => {
    const cells = [
      '<c t="s"><v>0</v></c><c s="1"><v>1084012345</v></c><c t="s"><v>1</v></c>',
      '<c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="str"><f>A1</f><v>f_x0041_</v></c>',
      '<c t="d"><v>2021-06-04T00:00:00</v></c><c s="2"><v>44351</v></c>',
    ].join("");
    const bytes = workbook([`${row(1, ...header, "a", "b", "c", "d", "e")}<row>${cells}</row>`], {
      "xl/sharedStrings.xml":
        "<sst><si><t>L&#xEA; A</t></si><si><r><t>Vero </t></r><r><t>Cell</t></r><rPh><t>x</t></rPh></si></sst>",
      "xl/styles.xml":
        '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="000000000000"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    });
    expect(readRows(await accept(bytes))).toEqual([
      [2, 0, "Lê A", "001084012345", "Vero Cell", "TRUE", "#N/A", "fA", "2021-06-04", "2021-06-04"],
    ]);
  });

  it("leaves out how an inline text is read aloud", async () => {
    const spoken = row(2, "Lê", "b", "c").replace("</is>", "<rPh><t>x</t></rPh></is>");
    expect(readRows(await accept(workbook([row(1, ...header) + spoken])))).toEqual([[2, 0, "Lê", "b", "c"]]);
  });

  it("loses only the row that holds a cell without its text", async () => {
    const bad = '<row r="2"><c r="A2" t="s"><v>9</v></c><c r="B2"><v>1</v></c></row>';
    const source = await accept(workbook([`${row(1, ...header)}${bad}${row(3, "a", "b", "c")}`]));
    expect(readRows(source).map(([line, fault]) => [line, fault])).toEqual([
      [2, 2],
      [3, 0],
    ]);
  });

  it("reads days of the 1904 system", async () => {
    const bytes = workbook([`${row(1, ...header)}<row r="2"><c r="C2" s="0"><v>42889</v></c></row>`], {
      "xl/styles.xml": '<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>',
      "xl/workbook.xml":
        '<x:workbook><x:workbookPr date1904="1"/><x:sheets><x:sheet name="a" r:id="rId1"/></x:sheets></x:workbook>',
    });
    expect(readRows(await accept(bytes))).toEqual([[2, 0, "", "", "2021-06-04"]]);
  });

  it("finds the one sheet with a header among code lists", async () => {
    const list = row(1, "Mã", "Tên") + row(2, "1", "x");
    const source = await accept(workbook([list, row(2, ...header) + row(3, "a", "b", "c"), list]));
    expect(readRows(source)).toEqual([[3, 0, "a", "b", "c"]]);
  });

  it("takes the sheet with records when another holds only the header", async () => {
    const source = await accept(workbook([row(1, ...header), row(1, ...header) + row(2, "a", "b", "c")]));
    expect(readRows(source)).toEqual([[2, 0, "a", "b", "c"]]);
  });

  it("refuses two sheets of records rather than overlook one", async () => {
    const data = row(1, ...header) + row(60, "a", "b", "c");
    expect(await reasonOf(workbook([data, data]))).toContain("2 sheets of the workbook hold records");
  });

  it("writes the copy once more, the same, when asked again", async () => {
    const bytes = workbook([row(1, ...header) + row(2, "a", "b", "c")]);
    const first = readFileSync((await accept(bytes)).bytesPath, "utf8");
    expect(first).toBe("full_name,citizen_id,vaccine\na,b,c\n");
    expect(readFileSync((await accept(bytes)).bytesPath, "utf8")).toBe(first);
  });
});

describe("openSource on what is no good workbook", () => {
  const good = workbook([row(1, ...header) + row(2, "a", "b", "c")]);

  it("refuses it cut short at any byte", async () => {
    for (let length = 4; length < good.length; length += 7) {
      expect(await reasonOf(good.subarray(0, length))).toContain("damaged");
    }
  });

  it("refuses a part whose checksum is wrong", async () => {
    const bytes = Buffer.from(good);
    const at = bytes.lastIndexOf("PK\x01\x02");
    bytes[at + 16] = (bytes[at + 16] as number) ^ 1;
    expect(await reasonOf(bytes)).toContain("damaged");
  });

  it.each([
    ["XML cut short", "<row"],
    ["rows out of order", row(2, ...header) + row(1, "a")],
    ["a row number beyond the last", row(9_999_999, "a")],
    ["cells out of order", '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>'],
  ])("refuses %s", async (_what, rows) => {
    expect(await reasonOf(workbook([rows]))).toContain("the workbook is damaged");
  });

  it("refuses declared entities, which could expand without end", async () => {
    const bytes = workbook([row(1, ...header)], {
      "xl/workbook.xml": '<!DOCTYPE x [<!ENTITY a "b">]><workbook/>',
    });
    expect(await reasonOf(bytes)).toContain("the workbook is damaged");
  });

  it.each(["../../evil.csv", "/evil.csv", "xl/../../evil.csv"])(
    "writes no part of an archive under its own name: %s",
    async (part) => {
      const bytes = workbook([row(1, ...header), row(2, "Lê Na", "001084012345", "AZ")], { [part]: "evil" });
      await open(bytes);
      const written = readdirSync(path.dirname(dir)).concat(readdirSync(dir), readdirSync("/"));
      expect(written.filter((name) => name.includes("evil"))).toEqual([]);
      expect(readdirSync(dir).filter((name) => !/^(a\.xlsx|[0-9a-f]{24}\.csv)$/.test(name))).toEqual([]);
    },
  );

  it("refuses an archive that is no workbook, and a workbook without a header", async () => {
    expect(await reasonOf(zip({ "a.csv": "x" }))).toContain("the archive holds no workbook");
    expect(await reasonOf(workbook([row(1, "Nguyễn Văn A", "001084012345")]))).toMatch(
      /^no header was found/,
    );
    expect(await reasonOf(workbook([]))).toContain("has no sheet");
  });

  it("stops at the limits on size and ratio before it expands anything", async () => {
    const bytes = workbook([row(1, ...header) + row(2, "a", " ".repeat(1_000_000), "c")]);
    expect(await reasonOf(bytes)).toContain("more than 200 times its size");
    const wide = { maxExpansionRatio: 100_000, maxExpandedBytes: 900_000 };
    expect(await reasonOf(bytes, wide)).toContain("more than 900000 bytes");
  });
});
