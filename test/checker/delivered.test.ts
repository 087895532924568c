import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import writeWorkbook from "write-excel-file/node";
import { readDelivered } from "./delivered.js";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "lamsach-delivered-"));
});
afterAll(() => rm(dir, { recursive: true }));

async function readBytes(bytes: Buffer): ReturnType<typeof readDelivered> {
  const path = join(dir, "file.csv");
  await writeFile(path, bytes);
  return readDelivered({ name: "file.csv", path });
}

const header = "full_name,birth_date,sex,citizen_id";

describe("readDelivered(input)", () => {
  const encodings: readonly (readonly [name: string, bytes: Buffer])[] = [
    ["UTF-8", Buffer.from(`${header}\nĐỗ Ân,1,2,3\n`)],
    ["UTF-8 with a BOM", Buffer.from(`\ufeff${header}\nĐỗ Ân,1,2,3\n`)],
    ["UTF-16LE", Buffer.from(`\ufeff${header}\nĐỗ Ân,1,2,3\n`, "utf16le")],
    ["UTF-16BE", Buffer.from(`\ufeff${header}\nĐỗ Ân,1,2,3\n`, "utf16le").swap16()],
    // Windows-1258: Đ is D0, the tilde a combining DE after ô (F4), Â is C2.
    [
      "windows-1258",
      Buffer.concat([Buffer.from(`${header}\n`), Buffer.from("d0f4de20c26e2c312c322c330a", "hex")]),
    ],
    ["semicolons", Buffer.from(`${header}\nĐỗ Ân,1,2,3\n`.replaceAll(",", ";"))],
    ["tabs and CR", Buffer.from(`${header}\nĐỗ Ân,1,2,3\n`.replaceAll(",", "\t").replaceAll("\n", "\r"))],
  ];
  it.each(encodings)("reads %s", async (_name, bytes) => {
    const { rows, columns } = await readBytes(bytes);
    expect(rows.map(({ line, unreadable, cells }) => ({ line, unreadable, cells }))).toEqual([
      { line: 2, unreadable: null, cells: ["Đỗ Ân", "1", "2", "3"] },
    ]);
    expect(columns.get("citizen_id")).toBe(3);
  });

  const faults: readonly (readonly [name: string, text: string | Buffer, rows: unknown[]])[] = [
    [
      "too few fields",
      "a,b,c\nd,e,f,g\n",
      [
        [2, "E10"],
        [3, null],
      ],
    ],
    ["too many fields", "a,b,c,d,e\n", [[2, "E10"]]],
    ["a quote inside a field", 'a,b"b,c,d\n', [[2, "E10"]]],
    [
      "an unclosed quote",
      'a,"b,c,d\ne,f,g,h\n',
      [
        [2, "E10"],
        [3, null],
      ],
    ],
    [
      "a quote over lines with a wrong count",
      'a,"b\nc",d\n',
      [
        [2, "E10"],
        [3, "E10"],
      ],
    ],
    ["a quoted field of 100 breaks", `a,"${"\n".repeat(100)}",c,d\n`, [[2, null]]],
    ["blank lines", "\n   \n,,,\n\n", [[4, null]]],
    ["bytes that are no UTF-8", Buffer.from("e1bba02cff2c2c0a", "hex"), [[2, "E11"]]],
    ["a NUL", "a,\0,c,d\n", [[2, "E11"]]],
    [
      "a line over a mebibyte",
      `a,${"b".repeat(1_048_576)},c,d\ne,f,g,h\n`,
      [
        [2, "E12"],
        [3, null],
      ],
    ],
  ];
  it.each(faults)("reads %s", async (_name, text, expected) => {
    const { rows } = await readBytes(
      Buffer.concat([Buffer.from(`${header}\n`), Buffer.from(text as string)]),
    );
    expect(rows.map(({ line, unreadable }) => [line, unreadable])).toEqual(expected);
  });

  it("reads the sheet of a workbook that holds the data, by its row numbers", async () => {
    const path = join(dir, "book.xlsx");
    await writeWorkbook([
      { sheet: "PL1", data: [[{ value: "only notes" }]] },
      {
        sheet: "Dữ liệu",
        data: [
          [{ value: "note" }],
          [],
          header.split(",").map((value) => ({ value })),
          ["  Đỗ Ân", "05/03/1990", "1", "001090000001"].map((value) => ({ value })),
          [],
          [{ value: "Lê Bê" }, { value: 45000 }, null, { value: "001090000002" }],
        ],
      },
    ]).toFile(path);
    const { rows } = await readDelivered({ name: "book.xlsx", path });
    expect(rows).toEqual([
      { line: 4, unreadable: null, text: "", cells: ["  Đỗ Ân", "05/03/1990", "1", "001090000001"] },
      { line: 6, unreadable: null, text: "", cells: ["Lê Bê", null, "", "001090000002"] },
    ]);
  });

  it("refuses a file without a header row", async () => {
    await expect(readBytes(Buffer.from("1,2,3\n4,5,6\n"))).rejects.toThrow("no header row");
  });
});
