import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import iconv from "iconv-lite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type OpenSourceSettings, openSource, type SourceSetting } from "./open-source.js";
import { rowCells } from "./read-field.js";
import { planShards, readShard } from "./shards.js";
import type { Refusal, Source } from "./source.js";

const sex = { male: ["nam"], female: ["nữ"] };
const long: SourceSetting = { name: "long", sex };
const header = "full_name,citizen_id,vaccine";
const file = `${header}\nNguyễn Thị Hòa,001184012345,Vero Cell\n`;
const cells = ["Nguyễn Thị Hòa", "001184012345", "Vero Cell"];

let dir: string;
let settings: OpenSourceSettings;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "open-"));
  mkdirSync(path.join(dir, "work"));
  settings = {
    workDir: path.join(dir, "work"),
    sources: [long],
    aliases: {},
    limits: { maxExpandedBytes: 10_000_000, maxExpansionRatio: 200, maxRecordBytes: 10_000 },
  };
});
afterEach(() => rmSync(dir, { recursive: true }));

function open(
  name: string,
  bytes: string | Uint8Array,
  changes: Partial<OpenSourceSettings> = {},
): Promise<Source | Refusal> {
  writeFileSync(path.join(dir, name), bytes);
  return openSource({ name, path: path.join(dir, name) }, { ...settings, ...changes });
}

function accept(outcome: Source | Refusal): Source {
  if ("reason" in outcome) throw new Error(outcome.reason);
  return outcome;
}

function reasonOf(outcome: Source | Refusal): string {
  if (!("reason" in outcome)) throw new Error("the file was accepted");
  return outcome.reason;
}

interface SeenRow {
  readonly line: number;
  readonly fault: number;
  readonly cells: string[];
}

function readRows(source: Source): SeenRow[] {
  const rows: SeenRow[] = [];
  for (const shard of planShards(source, 1 << 20)) {
    const limits = { maxBatchRows: 100, maxRecordBytes: 10_000, maxFieldLines: 10 };
    readShard(source, shard, {
      ...limits,
      onBatch(batch) {
        for (let row = 0; row < batch.rows; row++) {
          const line = source.dataLine + batch.firstLine + (batch.rowLine[row] as number);
          rows.push({ line, fault: batch.rowFault[row] as number, cells: rowCells(batch, row) });
        }
      },
    });
  }
  return rows;
}

describe("openSource on CSV", () => {
  it("reads a UTF-8 file where it lies", async () => {
    const source = accept(await open("a.csv", file));
    expect(source).toMatchObject({
      ...{ name: "a.csv", path: path.join(dir, "a.csv"), bytesPath: path.join(dir, "a.csv"), format: "csv" },
      ...{ encoding: "utf-8", layout: "long", delimiter: ",", dataOffset: 29, dataLine: 2, lineUnit: "line" },
      ...{ byteLength: Buffer.byteLength(file), headers: header.split(","), doses: [] },
      coding: { name: "long", sex },
    });
    expect(source.columns).toMatchObject({ full_name: 0, citizen_id: 1, vaccine: 2, note: -1 });
    expect(readRows(source)).toEqual([{ line: 2, fault: 0, cells }]);
  });

  it("is plain data, the same after JSON", async () => {
    const source = accept(await open("a.csv", file));
    expect(JSON.parse(JSON.stringify(source))).toEqual(source);
  });

  it.each([
    ["a comma", ","],
    ["a semicolon", ";"],
    ["a tab", "\t"],
  ])("finds %s between the headers, and text in quotes is no delimiter", async (_what, delimiter) => {
    const text = ['"Số CCCD, Mã định danh(*) (8;9;12\tsố)"', "Họ tên", "Ngày tiêm"].join(delimiter);
    const source = accept(await open("a.csv", `${text}\n1${delimiter}2${delimiter}3\n`));
    expect(source.delimiter).toBe(delimiter);
    expect(readRows(source)[0]?.cells).toEqual(["1", "2", "3"]);
  });

  it("counts notes, blank lines and line breaks in headers among the lines above the data", async () => {
    const text = `BỘ "Y TẾ\r\n\r\n"note\r\nof two lines",x\r\n"full\r\nname",citizen_id,vaccine\r\n\r\n1,2,3\r\n`;
    const source = accept(await open("a.csv", text));
    expect([source.dataLine, source.headers[0]]).toEqual([7, "full\r\nname"]);
    expect(readRows(source)).toEqual([{ line: 8, fault: 0, cells: ["1", "2", "3"] }]);
  });

  it.each([
    ["header only", `${header}\n`, 29, 2],
    ["header only, without a line break", header, 28, 2],
  ])("reads no rows from a file of %s", async (_what, text, dataOffset, dataLine) => {
    const source = accept(await open("a.csv", text));
    expect(source).toMatchObject({ dataOffset, dataLine, byteLength: dataOffset });
    expect(readRows(source)).toEqual([]);
  });

  it("adds the pipeline's own header texts", async () => {
    const outcome = await open("a.csv", file.replace("full_name", "Người tiêm"), {
      aliases: { full_name: ["người  TIÊM"] },
    });
    expect(accept(outcome).columns.full_name).toBe(0);
  });

  it("names only expected columns when the header is missing, never the first citizen", async () => {
    const reason = reasonOf(await open("a.csv", "Nguyễn Văn A,001084012345,Vero Cell\nb,c,d\n"));
    expect(reason).toContain(
      "expected one that names full_name, citizen_id, and vaccine or vaccination_date",
    );
    expect(reason).not.toMatch(/Nguyễn|0010840|Vero/);
  });

  it("refuses a header that cannot be decoded", async () => {
    const bytes = Buffer.concat([Buffer.from("đơn vị"), Buffer.of(0xff), Buffer.from(`,${file}`)]);
    expect(reasonOf(await open("a.csv", bytes))).toContain("the header cannot be decoded");
  });

  it("takes headers that JavaScript knows for what they are: text", async () => {
    const source = accept(await open("a.csv", `__proto__,constructor,toString,${header}\n`));
    expect(source.headers.slice(0, 3)).toEqual(["__proto__", "constructor", "toString"]);
    expect(source.columns.full_name).toBe(3);
  });
});

describe("openSource on encodings", () => {
  const utf16be = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();
  const windows1258 = (text: string): Buffer =>
    iconv.encode(
      text
        .normalize("NFD")
        .replace(/([aeoAEO])\u0302|([ouOU])\u031b|([aA])\u0306/g, (letter) => letter.normalize("NFC")),
      "windows-1258",
    );
  const cases: readonly [what: string, bytes: Buffer, encoding: string][] = [
    ["UTF-8 with a byte order mark", Buffer.from(`\ufeff${file}`), "utf-8"],
    ["UTF-16LE with a byte order mark", Buffer.from(`\ufeff${file}`, "utf16le"), "utf-16le"],
    ["UTF-16BE with a byte order mark", utf16be(`\ufeff${file}`), "utf-16be"],
    ["UTF-16LE without", Buffer.from(file, "utf16le"), "utf-16le"],
    ["UTF-16BE without", utf16be(file), "utf-16be"],
    ["windows-1258", windows1258(file), "windows-1258"],
  ];
  it.each(cases)("reads %s", async (_what, bytes, encoding) => {
    const source = accept(await open("a.csv", bytes));
    expect(source.encoding).toBe(encoding);
    expect(readRows(source)).toEqual([{ line: 2, fault: 0, cells }]);
  });

  it.each(["tcvn", "viscii", "WINDOWS-1258"])("reads %s where the pipeline says so", async (encoding) => {
    const bytes = encoding === "WINDOWS-1258" ? windows1258(file) : iconv.encode(file, encoding);
    const source = accept(await open("a.csv", bytes, { sources: [{ ...long, encoding }] }));
    expect(readRows(source)).toEqual([{ line: 2, fault: 0, cells }]);
  });

  it("takes a UTF-8 file with a bad byte for UTF-8 and loses that row only", async () => {
    const bytes = Buffer.concat([
      Buffer.from(file),
      Buffer.from("61e12c622c630a", "hex"),
      Buffer.from("d,e,f\n"),
    ]);
    const source = accept(await open("a.csv", bytes));
    expect(source.encoding).toBe("utf-8");
    expect(readRows(source).map(({ fault }) => fault)).toEqual([0, 2, 0]);
  });

  it("takes ASCII with a byte that is no Vietnamese letter for UTF-8", async () => {
    const source = accept(
      await open("a.csv", Buffer.concat([Buffer.from(`${header}\na,b,`), Buffer.of(0xff)])),
    );
    expect(source.encoding).toBe("utf-8");
    expect(readRows(source).map(({ fault }) => fault)).toEqual([2]);
  });

  it("finds windows-1258 letters far inside a large file", async () => {
    const rows = `${"a,b,c\n".repeat(300_000)}`;
    const bytes = Buffer.concat([Buffer.from(`${header}\n${rows}`), windows1258(file.repeat(9000))]);
    expect(accept(await open("a.csv", bytes)).encoding).toBe("windows-1258");
  });

  it("loses only the row whose UTF-16 is broken", async () => {
    const text = `\ufeff${file}\ud83d,b,c\n😀,e,\ufffd\ng,h,\udc00`;
    const source = accept(
      await open("a.csv", Buffer.concat([Buffer.from(text, "utf16le"), Buffer.of(0x41)])),
    );
    expect(readRows(source).map((row) => [row.fault, row.cells[0]])).toEqual([
      [0, cells[0]],
      [2, "\ufffd"],
      [0, "😀"],
      [2, "g"],
    ]);
  });

  it.each(["fffe0000", "0000feff"])("refuses UTF-32 (%s)", async (mark) => {
    expect(reasonOf(await open("a.csv", Buffer.from(`${mark}41000000`, "hex")))).toContain("UTF-32");
  });

  it("calls an unknown encoding a mistake of the pipeline", async () => {
    const sources = [{ ...long, encoding: "klingon" }];
    await expect(open("a.csv", file, { sources })).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe("openSource on gzip", () => {
  it.each(["a.csv.gz", "a.csv"])("reads one member, or several, named %s", async (name) => {
    const bytes = Buffer.concat([gzipSync(file), gzipSync("d,e,f\n")]);
    const source = accept(await open(name, bytes));
    expect(source.format).toBe("csv.gz");
    expect(readRows(source).map((row) => row.cells)).toEqual([cells, ["d", "e", "f"]]);
  });

  it("reads what is not UTF-8 inside, and keeps one copy", async () => {
    const source = accept(await open("a.csv.gz", gzipSync(Buffer.from(file, "utf16le"))));
    expect(readRows(source)[0]?.cells).toEqual(cells);
    expect(existsSync(`${source.bytesPath}.expanded`)).toBe(false);
  });

  it("refuses it cut short at any byte", async () => {
    const whole = gzipSync(file);
    for (let length = 1; length < whole.length; length++) {
      expect(reasonOf(await open("a.csv.gz", whole.subarray(0, length)))).toMatch(/whole file/);
    }
  });

  it("refuses it with any byte of the data or the checksum changed", async () => {
    const whole = gzipSync(file);
    for (let at = 10; at < whole.length; at++) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] as number) ^ 0x55;
      expect(reasonOf(await open("a.csv.gz", bytes))).toContain("damaged");
    }
  });

  it("refuses what follows the last member", async () => {
    expect(reasonOf(await open("a.csv.gz", Buffer.concat([gzipSync(file), Buffer.from("x")])))).toContain(
      "damaged",
    );
  });

  it("refuses plain text named .gz", async () => {
    expect(reasonOf(await open("a.csv.gz", file))).toContain("the file is named .gz but is none");
  });

  it("refuses an archive inside", async () => {
    expect(reasonOf(await open("a.gz", gzipSync(gzipSync(file))))).toContain("holds an archive");
  });

  it("stops at the limits on size and ratio", async () => {
    const bomb = gzipSync(`${file}${"a".repeat(2_000_000)}`);
    const wide = { ...settings.limits, maxExpansionRatio: 10_000 };
    expect(reasonOf(await open("a.gz", bomb))).toContain("more than 200 times its size");
    expect(
      reasonOf(await open("a.gz", bomb, { limits: { ...wide, maxExpandedBytes: 1_000_000 } })),
    ).toContain("more than 1000000 bytes");
    expect(accept(await open("a.gz", bomb, { limits: wide })).format).toBe("csv.gz");
  });
});

describe("openSource on what is no file to read", () => {
  it("refuses it and says what it is", async () => {
    mkdirSync(path.join(dir, "folder.csv"));
    symlinkSync("loop.csv", path.join(dir, "loop.csv"));
    execFileSync("mkfifo", [path.join(dir, "fifo.csv")]);
    const reason = async (name: string): Promise<string> =>
      reasonOf(await openSource({ name, path: path.join(dir, name) }, settings));
    expect(await reason("folder.csv")).toContain("this is a folder");
    expect(await reason("fifo.csv")).toContain("this is no regular file");
    expect(await reason("loop.csv")).toContain("ELOOP");
    expect(await reason("missing.csv")).toContain("does not exist");
  });

  it("refuses an empty file", async () => {
    expect(await open("a.csv", "")).toEqual({
      name: "a.csv",
      path: path.join(dir, "a.csv"),
      reason: "the file is empty; expected at least a header. Deliver it again",
      reasonVi: "Tệp rỗng; ít nhất phải có dòng tiêu đề. Hãy gửi lại tệp.",
    });
    expect(reasonOf(await open("a.csv.gz", gzipSync("")))).toContain("empty");
  });

  it("refuses an old workbook by its content", async () => {
    expect(reasonOf(await open("a.xlsx", Buffer.from("d0cf11e0a1b11ae1", "hex")))).toContain("old .xls");
  });

  it("calls a work folder that is not there a fault of the machine", async () => {
    const workDir = path.join(dir, "nowhere");
    await expect(open("a.gz", gzipSync(file), { workDir })).rejects.toMatchObject({ exitCode: 4 });
  });
});

describe("openSource on the pipeline's sources", () => {
  const wideFile = `full_name,citizen_id,Mũi 1 / Tên vắc xin\n`;
  const template: SourceSetting = { name: "template", match: { layout: "wide" }, sex };
  const api: SourceSetting = { name: "api", match: { file: "*api*" }, sex };

  it.each([
    ["x.csv", wideFile, "template"],
    ["api.csv", wideFile, "template"],
    ["hn-api.csv", file, "api"],
    ["x.csv", file, "long"],
  ])("uses the first that fits: %s %j is %s", async (name, text, setting) => {
    expect(accept(await open(name, text, { sources: [template, api, long] })).coding.name).toBe(setting);
  });

  it("refuses a file that none fits", async () => {
    expect(reasonOf(await open("x.csv", file, { sources: [template, api] }))).toContain(
      "no source of the pipeline fits",
    );
  });

  it("reads with the delimiter, the encoding and the header row that are said", async () => {
    const text = `${header}\n${header.replaceAll(",", ";")}\nd;e,;f\n`;
    const sources = [{ ...long, delimiter: ";", headerRow: 2 }];
    const source = accept(await open("x.csv", text, { sources }));
    expect(readRows(source)).toEqual([{ line: 3, fault: 0, cells: ["d", "e,", "f"] }]);
  });

  it("does not mix up copies that two sources decode differently", async () => {
    const sources: SourceSetting[] = [
      { ...template, encoding: "viscii" },
      { ...long, encoding: "tcvn" },
    ];
    const source = accept(await open("x.csv", iconv.encode(file, "tcvn"), { sources }));
    expect(readRows(source)[0]?.cells).toEqual(cells);
    expect(readFileSync(source.bytesPath, "utf8")).toBe(file);
  });
});
