import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import readExcelFile from "read-excel-file/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { doseDirtNames } from "./dose-dirt.js";
import { generateSample, type SampleOptions, type SampleSummary } from "./generate-sample.js";
import { identityDirtNames } from "./identity-dirt.js";
import { rowFaultNames } from "./long-writer.js";
import { birthMistakeName, eventNames } from "./person-records.js";
import { emptyRowName } from "./template-writer.js";

const tables = {
  tablesDir: join(import.meta.dirname, "../../pipelines/tables"),
  namesDir: join(import.meta.dirname, "../../sample-data/names"),
};

type TruthRow = Record<
  | "record_id"
  | "source_file"
  | "source_line"
  | "dose_no"
  | "dirt"
  | "expected_set"
  | "expected_family"
  | "expected_code"
  | "true_citizen_id",
  string
>;

let root: string;
let dirs = 0;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "sample-"));
});
afterAll(() => rmSync(root, { recursive: true }));

async function generate(options: Partial<SampleOptions>): Promise<{ out: string; summary: SampleSummary }> {
  const out = join(root, String(dirs++));
  const summary = await generateSample({ people: 500, seed: 1, mix: "real", out, ...tables, ...options });
  return { out, summary };
}

function readTruth(out: string): TruthRow[] {
  return parse(readFileSync(join(out, "truth.csv")), { columns: true });
}

function readRegister(out: string): Record<string, string>[] {
  return parse(readFileSync(join(out, "population.csv")), { columns: true });
}

function hashFiles({ out, summary }: { out: string; summary: SampleSummary }): Record<string, string> {
  return Object.fromEntries(
    summary.files.map((file) => [
      file,
      createHash("sha256")
        .update(readFileSync(join(out, file)))
        .digest("hex"),
    ]),
  );
}

/** Text of a delivered CSV, by the encoding its name promises. */
function readText(out: string, file: string): string {
  const bytes = readFileSync(join(out, "exports", file));
  if (file.endsWith(".gz")) return gunzipSync(bytes).toString("utf8");
  if (file.includes("utf16")) return new TextDecoder("utf-16le").decode(bytes);
  if (file.includes("1258"))
    return new TextDecoder("windows-1258", { fatal: true }).decode(bytes).normalize("NFC");
  return bytes.toString("utf8");
}

const longFiles = [
  "city-api-2022.csv",
  "national-2023.csv",
  "platform-2022.csv.gz",
  "province-utf16.csv",
  "station-1258.csv",
];

describe("generateSample(options)", () => {
  it.each(["real", "clean", "worst"] as const)(
    "gives the same bytes for the same seed, mix %s",
    async (mix) => {
      const first = await generate({ mix, seed: 7 });
      const second = await generate({ mix, seed: 7 });
      expect(hashFiles(second)).toEqual(hashFiles(first));
      expect(readdirSync(first.out).sort()).toEqual(["exports", "population.csv", "truth.csv"]);
    },
  );

  it("does not ask the machine where or when it runs", async () => {
    const zone = process.env.TZ;
    const here = hashFiles(await generate({ seed: 3 }));
    process.env.TZ = "Pacific/Kiritimati";
    const there = hashFiles(await generate({ seed: 3 }));
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
    expect(there).toEqual(here);
  });

  it("gives other bytes for another seed", async () => {
    const [one, two] = [hashFiles(await generate({ seed: 1 })), hashFiles(await generate({ seed: 2 }))];
    for (const file of Object.keys(one)) expect(two[file]).not.toBe(one[file]);
  });

  it("expects C1 for every record of the clean mix, with the register's own fields", async () => {
    const { out } = await generate({ mix: "clean", people: 2000, shapes: "long" });
    const truth = readTruth(out);
    expect(new Set(truth.map((row) => `${row.dirt} ${row.expected_code}`))).toEqual(new Set(["none C1"]));
    const register = new Map(readRegister(out).map((row) => [row.citizen_id, row]));
    const rows: Record<string, string>[] = parse(readText(out, "national-2023.csv"), { columns: true });
    expect(rows.map((row) => row.record_id)).toEqual(truth.map((row) => row.record_id));
    for (const row of rows) {
      const person = register.get(row.citizen_id);
      expect(person?.full_name).toBe(row.full_name?.toUpperCase());
      const [day, month, year] = (row.birth_date as string).split("/");
      expect([`${year}-${month}-${day}`, year]).toContain(person?.birth_date);
      expect(row.sex).toBe(person?.sex === "M" ? "Nam" : "Nữ");
    }
  });

  it("leaves no record of the worst mix as it should be, and a third of them cleanable", async () => {
    const { out } = await generate({ mix: "worst", people: 4000 });
    const truth = readTruth(out);
    expect(truth.filter((row) => row.dirt === "none")).toEqual([]);
    expect(
      truth.filter((row) => row.expected_code === "C1" && !row.dirt.includes("same-day")).length /
        truth.length,
    ).toBeLessThan(0.1);
    const cleaned = truth.filter((row) => row.expected_set === "cleaned").length / truth.length;
    expect(cleaned).toBeGreaterThan(0.25);
    expect(cleaned).toBeLessThan(0.45);
  });

  it.each([
    [1000, 1000],
    [1000, 2250],
    [1000, 3000],
  ])("makes of %i people about %i records", async (people, rows) => {
    const { summary } = await generate({ people, rows, shapes: "long" });
    expect(summary.people).toBe(people);
    expect(summary.records).toBeGreaterThan(rows * 0.85);
    expect(summary.records).toBeLessThan(rows * 1.15);
    expect(summary.files).toEqual(["exports/national-2023.csv", "population.csv", "truth.csv"]);
  });
});

describe("the real mix of 20,000 people", () => {
  let out: string;
  let summary: SampleSummary;
  let truth: TruthRow[];
  beforeAll(async () => {
    ({ out, summary } = await generate({ people: 20_000, seed: 2491 }));
    truth = readTruth(out);
  });

  it("fits into 15 MB", () => {
    const bytes = summary.files.reduce((sum, file) => sum + statSync(join(out, file)).size, 0);
    expect(bytes).toBeLessThan(15_000_000);
  });

  it("holds every kind of dirt", () => {
    const seen = new Set(truth.flatMap((row) => row.dirt.split(";")));
    const kinds = [
      ...identityDirtNames,
      ...doseDirtNames,
      ...eventNames,
      ...rowFaultNames,
      emptyRowName,
      birthMistakeName,
    ];
    expect([...seen].sort()).toEqual([...new Set([...kinds, "none"])].sort());
  });

  it("resembles the published state: two thirds right, a quarter wrong, one in twenty without a usable number", () => {
    const share = (families: readonly string[]): number =>
      truth.filter((row) => families.includes(row.expected_family)).length / truth.length;
    expect(share(["C"])).toBeGreaterThan(0.64);
    expect(share(["C"])).toBeLessThan(0.7);
    expect(share(["X3"])).toBeGreaterThan(0.22);
    expect(share(["X3"])).toBeLessThan(0.28);
    expect(share(["X1", "X2"])).toBeGreaterThan(0.035);
    expect(share(["X1", "X2"])).toBeLessThan(0.065);
    expect(share(["E1", "E2", "E3", "E4", "E5", "E6"])).toBeGreaterThan(0.02);
    expect(share(["E1", "E2", "E3", "E4", "E5", "E6"])).toBeLessThan(0.045);
  });

  it("expects every code that a delivery can earn", () => {
    const codes = new Set(truth.map((row) => row.expected_code));
    const wanted =
      "C1 C2 C3 X10 X11 X12 X13 X20 X21 X22 X23 X24 X30 X31 X32 X33 X34 E10 E11 E20 E21 E22 E23 E24 E25 E30 E31 E32 E33 E34 E35 E36 E40 E41 E42 E50 E60";
    expect([...codes].sort()).toEqual(wanted.split(" ").sort());
  });

  it("writes the truth in input order, each place once", () => {
    expect(summary.records).toBe(truth.length);
    const keys = truth.map(
      (row) => `${row.source_file}\u0000${row.source_line.padStart(9, "0")}\u0000${row.dose_no}`,
    );
    expect(new Set(keys).size).toBe(keys.length);
    const places = truth.map((row) => `${row.source_file}\u0000${row.source_line.padStart(9, "0")}`);
    expect(places).toEqual([...places].sort());
  });

  it.each(longFiles)("accounts for every line of %s", (file) => {
    const lines = readText(out, file).split(/\r?\n/);
    expect(lines.pop()).toBe("");
    const rows = truth.filter((row) => row.source_file === file);
    const taken = new Set([1]);
    for (const row of rows) {
      const line = Number(row.source_line);
      taken.add(line);
      const text = lines[line - 1] as string;
      if (row.dirt.includes("row-line-break")) taken.add(line + 1);
      if (row.record_id === `${file}:${line}`) expect(row.dirt).toMatch(/row-|record-id-blank/);
      else expect(text.split(/[,;\t]/).slice(0, 2)).toContain(row.record_id);
    }
    const blank = lines.flatMap((text, index) => (text === "" ? [index + 1] : []));
    for (const line of blank) taken.add(line);
    expect(taken.size).toBe(lines.length);
  });

  it.each([
    ["template-a.xlsx", 0],
    ["template-b.xlsx", 1],
  ] as const)("accounts for every filled dose of %s", async (file, shift) => {
    const sheets = await readExcelFile(join(out, "exports", file));
    expect(sheets.map((sheet) => sheet.sheet)).toEqual(["PL1", "PL2", "PL3", "PL4", "PL5", "PL6"]);
    const rows = sheets[0]?.data ?? [];
    expect(rows[6]?.[shift + 1]).toBe("Họ và tên (*)");
    expect(rows[7]?.[shift + 16]).toBe("Tên vắc xin (*) (Tham khảo PL5)");
    expect(
      rows
        .slice(8)
        .every((cells) => [0, 1, "?", "khác", "không rõ", null].includes(cells[shift + 3] as number)),
    ).toBe(true);
    expect(listFilledDoses(rows.slice(8), shift, file)).toEqual(listRecords(file));
  });

  it("accounts for every filled dose of template-wide.csv", () => {
    const rows: string[][] = parse(readText(out, "template-wide.csv"), { bom: true });
    expect(rows[6]?.[1]).toBe("Họ và tên (*)");
    expect(listFilledDoses(rows.slice(8), 0, "template-wide.csv")).toEqual(listRecords("template-wide.csv"));
  });

  function listRecords(file: string): string[] {
    return truth.filter((row) => row.source_file === file).map((row) => row.record_id);
  }

  function listFilledDoses(rows: readonly (readonly unknown[])[], shift: number, file: string): string[] {
    return rows.flatMap((cells, index) => {
      const filled = [1, 2, 3, 4].filter((dose) =>
        cells
          .slice(shift + 12 + dose * 4, shift + 16 + dose * 4)
          .some((cell) => cell !== null && cell !== ""),
      );
      return (filled.length === 0 ? [1] : filled).map((dose) => `${file}:${9 + index}:${dose}`);
    });
  }

  it("writes each file the way its source would", () => {
    const start = (file: string, bytes: number): string =>
      readFileSync(join(out, "exports", file))
        .subarray(0, bytes)
        .toString("hex");
    expect(start("platform-2022.csv.gz", 10)).toBe("1f8b08000000000000ff");
    expect(start("province-utf16.csv", 2)).toBe("fffe");
    expect(start("template-a.xlsx", 4)).toBe("504b0304");
    expect(readText(out, "platform-2022.csv.gz")).toMatch(
      /^\ufeffNgười nhập liệu;Mã mũi tiêm;Họ và tên \(\*\);/,
    );
    expect(readText(out, "city-api-2022.csv")).toMatch(/\n[^,]+,[^,]+,\d{4}-\d\d-\d\d,[12],\d{12},/);
    expect(readText(out, "station-1258.csv")).toContain("Nguyễn");
    expect(() =>
      new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(join(out, "exports/station-1258.csv"))),
    ).toThrow();
  });

  it("gives every number of the register once, by the layout of the decree", () => {
    const rows = readRegister(out);
    expect(new Set(rows.map((row) => row.citizen_id)).size).toBe(rows.length);
    for (const row of rows) {
      const { citizen_id: id = "", birth_date: birth = "", sex = "", full_name: name = "" } = row;
      const century = (Number(birth.slice(0, 2)) - 19) * 2 + (sex === "M" ? 0 : 1);
      expect(id).toMatch(new RegExp(`^\\d{3}${century}${birth.slice(2, 4)}\\d{6}$`));
      expect(name).toBe(name.normalize("NFC").toUpperCase());
    }
    const ids = new Set(rows.map((row) => row.citizen_id));
    for (const row of rows) expect(row.replaced_by === "" || ids.has(row.replaced_by)).toBe(true);
    expect(new Set(rows.map((row) => row.status))).toEqual(
      new Set(["active", "replaced", "cancelled", "deceased"]),
    );
    for (const row of truth) expect(row.true_citizen_id === "" || ids.has(row.true_citizen_id)).toBe(true);
  });

  it("names numbers unknown to the register only where it does not hold them", () => {
    const ids = new Set(readRegister(out).map((row) => row.citizen_id));
    const rows: Record<string, string>[] = parse(readText(out, "city-api-2022.csv"), {
      columns: true,
      relax_column_count: true,
      skip_records_with_error: true,
    });
    const delivered = new Map(rows.map((row) => [row.record_id, row.citizen_id]));
    const unknown = truth.filter(
      (row) =>
        row.source_file === "city-api-2022.csv" &&
        /id-one-digit|id-digits-swapped|id-unknown$/.test(row.dirt),
    );
    expect(unknown.length).toBeGreaterThan(10);
    for (const row of unknown) expect(ids.has(delivered.get(row.record_id) ?? "")).toBe(false);
  });
});
