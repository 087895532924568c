import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LamsachError } from "../errors.js";
import { findInputs } from "./find-inputs.js";
import { matchesGlob } from "./glob.js";

describe("findInputs(globs, baseDir)", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "inputs-"));
    for (const file of [
      "b.csv",
      "a.csv",
      "Z.csv",
      "x.txt",
      ".hidden.csv",
      "~$lock.xlsx",
      "a.xlsx",
      "hn/a.csv",
      "hn/q/c.csv",
      "hcm/a.csv",
    ]) {
      mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
      writeFileSync(path.join(dir, file), "x");
    }
    mkdirSync(path.join(dir, "folder.csv"));
    symlinkSync(dir, path.join(dir, "hn/loop"));
    symlinkSync("nowhere", path.join(dir, "hn/gone"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const found = (...globs: string[]): string[] => findInputs(globs, dir).map(({ name }) => name);

  it.each<[string[], string[]]>([
    [["*.csv"], ["Z.csv", "a.csv", "b.csv"]],
    [
      ["?.csv", "a.*", "./a.csv"],
      ["Z.csv", "a.csv", "a.xlsx", "b.csv"],
    ],
    [["*.xlsx"], ["a.xlsx"]],
    [["hn/**"], ["a.csv", "c.csv", "gone"]],
    [["h*/*.csv"], ["hcm/a.csv", "hn/a.csv"]],
    [["**/c.csv"], ["c.csv"]],
    [["**/*.csv"], ["Z.csv", "a.csv", "b.csv", "c.csv", "hcm/a.csv", "hn/a.csv"]],
    [["hn/../[ab].csv"], ["a.csv", "b.csv"]],
    [["folder.csv"], ["folder.csv"]],
  ])("expands %j", (globs, names) => {
    expect(found(...globs)).toEqual(names);
  });

  it("gives absolute paths", () => {
    expect(findInputs(["hn/q/*"], dir)).toEqual([{ name: "c.csv", path: path.join(dir, "hn/q/c.csv") }]);
    expect(findInputs([path.join(dir, "a.csv")], "/")).toEqual([
      { name: "a.csv", path: path.join(dir, "a.csv") },
    ]);
    expect(findInputs([path.join(dir, "?.xlsx")], "/")).toEqual([
      { name: "a.xlsx", path: path.join(dir, "a.xlsx") },
    ]);
  });

  it.each(["none*.csv", "missing.csv", "nowhere/*.csv", "b.csv/*"])(
    "refuses %j, which names nothing",
    (glob) => {
      expect(() => found("a.csv", glob)).toThrow(
        expect.objectContaining({ exitCode: 3, message: expect.stringContaining(`no file fits "${glob}"`) }),
      );
      expect(() => found(glob)).toThrow(LamsachError);
    },
  );

  it("lets patterns name nothing when any one of them is enough", () => {
    expect(findInputs(["none*.csv", "a.csv", "*.xls"], dir, "any").map(({ name }) => name)).toEqual([
      "a.csv",
    ]);
    expect(findInputs([], dir, "any")).toEqual([]);
  });

  it("refuses patterns of which none names anything, and lists them", () => {
    expect(() => findInputs(["none*.csv", "*.xls"], dir, "any")).toThrow(
      expect.objectContaining({
        exitCode: 3,
        message: expect.stringContaining('no file fits any of "none*.csv", "*.xls"'),
      }),
    );
  });
});

describe("matchesGlob(name, pattern)", () => {
  it.each([
    ["hn-api-1.csv", "*api*", true],
    ["api", "*api*", true],
    ["a.csv", "a?csv", true],
    ["acsv", "a.csv", false],
    ["a+b(1).csv", "a+b(1).csv", true],
    ["hn-api-1.csv", "hn-api-*", true],
    ["hn_api_1.csv", "hn-api-*", false],
    ["x.csv", "[!x].csv", false],
    ["b.csv", "[a-c].csv", true],
    [".a", "*", false],
    ["Hà Nội.csv".normalize("NFD"), "Hà*".normalize("NFC"), true],
    ["a\nb", "a*", true],
  ])("%j fits %j: %s", (name, pattern, fits) => {
    expect(matchesGlob(name, pattern)).toBe(fits);
  });
});
