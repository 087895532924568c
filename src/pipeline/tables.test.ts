import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodes, LamsachError } from "../errors.js";
import { loadPipeline } from "./pipeline.js";
import { loadTables } from "./tables.js";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-tables-"));
  cpSync("pipelines", dir, { recursive: true });
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function tablesAfter(edits: Readonly<Record<string, (text: string) => string>>): readonly string[] {
  for (const [name, edit] of Object.entries(edits)) {
    const file = path.join(dir, "tables", name);
    writeFileSync(file, edit(readFileSync(file, "utf8")));
  }
  try {
    loadTables(loadPipeline(path.join(dir, "covid19-vaccination.yaml")));
    return [];
  } catch (error) {
    if (!(error instanceof LamsachError)) throw error;
    expect(error.exitCode).toBe(exitCodes.usage);
    return error.message.split("\n");
  }
}

describe("loadTables(pipeline)", () => {
  it("reads the shipped tables", () => {
    const tables = loadTables(loadPipeline("pipelines/covid19-vaccination.yaml"));
    expect(tables.provinces).toHaveLength(63);
    expect(tables.countries).toHaveLength(195);
    expect(tables.wards.size).toBe(10_035);
    expect(tables.provinces[0]).toEqual({
      idCode: "001",
      gsoCode: "01",
      name: "Hà Nội",
      fullName: "Thành phố Hà Nội",
    });
    expect(tables.wards.get("00001")).toEqual({
      ward: "Phường Phúc Xá",
      districtCode: "001",
      district: "Quận Ba Đình",
      provinceCode: "01",
      province: "Thành phố Hà Nội",
    });
    expect(tables.vaccines.find(({ key }) => key === "spikevax")?.variants).toContain("Mordena");
    expect(tables.priorityGroups.get("3")).toBe("Lực lượng Quân đội");
  });

  it("takes a citizen ID from a province, a country or Việt Nam itself, and from nowhere else", () => {
    const { placeCodes } = loadTables(loadPipeline("pipelines/covid19-vaccination.yaml"));
    expect(["001", "096", "101", "295", "000"].filter((code) => !placeCodes.has(code))).toEqual([]);
    expect(["003", "097", "300", "999"].filter((code) => placeCodes.has(code))).toEqual([]);
    expect(placeCodes.size).toBe(63 + 195 + 1);
  });

  it("knows every ward's province", () => {
    const { wards, provinces } = loadTables(loadPipeline("pipelines/covid19-vaccination.yaml"));
    const known = new Set(provinces.map(({ gsoCode }) => gsoCode));
    expect([...wards.values()].filter(({ provinceCode }) => !known.has(provinceCode))).toEqual([]);
  });

  it("changes its fingerprint with any byte of any table", () => {
    const load = () => loadTables(loadPipeline(path.join(dir, "covid19-vaccination.yaml"))).fingerprint;
    const before = load();
    expect(load()).toBe(before);
    expect(
      tablesAfter({ "wards_legacy.csv": (text) => text.replace("Phường Phúc Xá", "Phường Phúc Xà") }),
    ).toEqual([]);
    expect(load()).not.toBe(before);
  });

  it("tells what is wrong with every table at once, by paths that open", () => {
    const problems = tablesAfter({
      "province_codes.csv": (text) => text.replace("\n002,", "\n2,"),
      "country_codes.csv": (text) => text.replace("id_code", "code"),
      "priority_groups.csv": (text) => `${text}1,again,\n`,
      "vaccines.csv": (text) => `${text}"open`,
    });
    for (const problem of problems) expect(existsSync(problem.replace(/:.*/, ""))).toBe(true);
    const texts = problems.map((problem) => problem.replace(`${dir}/`, "").replace(/;.*/, ""));
    expect(texts).toEqual([
      "tables/country_codes.csv:1: columns are missing",
      expect.stringMatching(/^tables\/vaccines\.csv:\d+: the table is no well-formed UTF-8 CSV$/),
      "tables/priority_groups.csv:18: the code stands in an earlier row too",
      "tables/province_codes.csv:3: the id_code has another form",
    ]);
  });

  it.each([
    ["a row without a key", (text: string) => text.replace("\nastrazeneca,", "\n,"), 2, "the key is empty"],
    [
      "a name of two vaccines",
      (text: string) => text.replace("Sputnhik", "Covishield"),
      3,
      "a text of this row names the vaccine of an earlier row too",
    ],
  ])("tells of vaccines that cannot be told apart before a night begins: %s", (_what, edit, line, what) => {
    expect(tablesAfter({ "vaccines.csv": edit })).toEqual([
      expect.stringContaining(`${dir}/tables/vaccines.csv:${line}: ${what}; expected `),
    ]);
  });

  it("says which table is missing", () => {
    rmSync(path.join(dir, "tables", "vaccines.csv"));
    expect(tablesAfter({})).toEqual([
      expect.stringContaining(`${dir}/tables/vaccines.csv: the table cannot be read (ENOENT)`),
    ]);
  });
});
