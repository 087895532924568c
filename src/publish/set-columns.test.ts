import path from "node:path";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalColumns, type Source } from "../ingest/source.js";
import { ownIdColumn, setFileNames, setHeader, setNames } from "./set-columns.js";

/** A source with these headers; `record_id` is its column of that number. */
function makeSource(headers: readonly string[], recordId = -1): Source {
  return {
    name: "a.csv",
    path: "a.csv",
    format: "csv",
    encoding: "utf-8",
    bytesPath: "a.csv",
    byteLength: 0,
    layout: "long",
    delimiter: ",",
    headers,
    dataOffset: 0,
    dataLine: 2,
    lineUnit: "line",
    columns: {
      ...(Object.fromEntries(canonicalColumns.map((name) => [name, -1])) as Source["columns"]),
      record_id: recordId,
    },
    doses: [],
    coding: { name: "long-export", sex: { male: ["nam"], female: ["nữ"] } },
  };
}

const headerOf = (source: Source, set: (typeof setNames)[number]): string[] =>
  (parse(setHeader(source, set)) as string[][])[0] as string[];

describe("setHeader(source, set)", () => {
  it("puts our columns around the delivered ones, and the source's own record_id first", () => {
    const source = makeSource(["full_name", "Mã bản ghi", "Ghi chú, khác"], 1);
    expect(headerOf(source, "exceptions")).toEqual([
      ...["record_id", "source_file", "source_line"],
      ...["full_name", "Ghi chú, khác"],
      ...["set", "code", "findings", "reason_vi", "reason_en"],
    ]);
    expect(headerOf(source, "errors").slice(-4)).toEqual(["fault", "fault_column", "fault_byte", "raw_line"]);
    expect(headerOf(source, "cleaned").slice(-9)).toEqual([
      "std_citizen_id",
      "std_full_name",
      "std_birth_date",
      "std_sex",
      "std_dose_no",
      "std_vaccine",
      "std_vaccine_cvx",
      "std_vaccination_date",
      "std_facility_code",
    ]);
  });

  it("renames a delivered column that is called like one of ours", () => {
    const source = makeSource(["code", "source_file", "std_sex", "raw_line", "reason_vi", "Code"]);
    for (const set of setNames) {
      expect(headerOf(source, set).slice(3, 9)).toEqual([
        "delivered_code",
        "delivered_source_file",
        "delivered_std_sex",
        "delivered_raw_line",
        "delivered_reason_vi",
        "Code",
      ]);
    }
  });

  it.each<[what: string, headers: string[], expected: string[]]>([
    [
      "one delivered under the other's new name",
      ["code", "delivered_code"],
      ["delivered_code_2", "delivered_code"],
    ],
    [
      "whatever their order",
      ["delivered_code", "delivered_code_2", "code"],
      ["delivered_code", "delivered_code_2", "delivered_code_3"],
    ],
    ["ours, twice", ["set", "set"], ["delivered_set", "delivered_set_2"]],
    [
      "delivered twice",
      ["Ghi chú", "Ghi chú", "Ghi chú_2", "Ghi chú"],
      ["Ghi chú", "Ghi chú_3", "Ghi chú_2", "Ghi chú_4"],
    ],
  ])("names no two columns alike: %s", (_what, headers, expected) => {
    for (const set of setNames) {
      const header = headerOf(makeSource(headers), set);
      expect(header.slice(3, 3 + headers.length)).toEqual(expected);
      expect(new Set(header).size).toBe(header.length);
    }
  });

  it("names no two columns alike, whatever the headers", () => {
    const text = fc.constantFrom(
      "code",
      "delivered_code",
      "delivered_code_2",
      "a",
      "a_2",
      "a_3",
      "set",
      "record_id",
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), fc.integer({ min: -1, max: 3 }), (headers, id) => {
        for (const set of setNames) {
          const header = headerOf(makeSource(headers, Math.min(id, headers.length - 1)), set);
          expect(new Set(header).size).toBe(header.length);
        }
      }),
    );
  });

  it("keeps a template's record_id among the delivered columns", () => {
    const wide: Source = { ...makeSource(["record_id", "full_name"], 0), layout: "wide" };
    expect(headerOf(wide, "exceptions").slice(0, 5)).toEqual([
      ...["record_id", "source_file", "source_line"],
      ...["delivered_record_id", "full_name"],
    ]);
  });

  it("is one line that csv-parse reads, whatever the headers", () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab,"\n đ'), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.uniqueArray(text, { minLength: 1, maxLength: 5 }), (headers) => {
        expect(headerOf(makeSource(headers), "exceptions").slice(3, -5)).toEqual(headers);
      }),
    );
  });
});

describe("setFileNames(sourceNames)", () => {
  it.each<[what: string, names: string[], expected: string[]]>([
    [
      "a file of each kind",
      ["a.csv", "b.csv.gz", "c.xlsx", "d.txt", "e", "F.CSV.GZ"],
      ["a.csv", "b.csv", "c.csv", "d.csv", "e.csv", "F.csv"],
    ],
    ["dots in a name", ["ha.noi.2021.csv", "v1.2"], ["ha.noi.2021.csv", "v1.2.csv"]],
    ["below a folder", ["sub/a.csv", "a.csv"], ["sub__a.csv", "a.csv"]],
    ["two that would meet", ["a.csv", "a.csv.gz", "b.csv"], ["a.csv.csv", "a.csv.gz.csv", "b.csv"]],
    ["two that differ by case alone", ["a.csv", "A.csv.gz"], ["a.csv.csv", "A.csv.gz.csv"]],
    ["two folders", ["x/a.csv", "y/a.csv"], ["x__a.csv", "y__a.csv"]],
    ["none", [], []],
  ])("%s", (_what, names, expected) => {
    expect(setFileNames(names)).toEqual(expected);
  });

  it.each<[what: string, names: string[], expected: string[]]>([
    [
      "a whole name that is another's short one",
      ["a.csv", "a.csv.gz", "a.csv.csv"],
      ["a.csv.csv", "a.csv.gz.csv", "a.csv.csv-2.csv"],
    ],
    [
      "a folder that is spelt out in another's name",
      ["sub/a.csv", "sub__a.csv"],
      ["sub__a.csv.csv", "sub__a.csv-2.csv"],
    ],
    ["whole names that differ by case alone", ["A.csv", "a.csv"], ["A.csv.csv", "a.csv-2.csv"]],
    [
      "names that differ by Unicode form alone",
      ["hà.csv".normalize("NFC"), "hà.csv".normalize("NFD")],
      [`${"hà.csv".normalize("NFC")}-2.csv`, `${"hà.csv".normalize("NFD")}.csv`],
    ],
    [
      "a number that is another's name",
      ["A.csv", "a.csv", "a.csv-2"],
      ["A.csv.csv", "a.csv-3.csv", "a.csv-2.csv"],
    ],
  ])("never gives one name twice, case aside: %s", (_what, names, expected) => {
    expect(setFileNames(names)).toEqual(expected);
  });

  it("gives names of one folder, whatever a source is called", () => {
    const part = fc.constantFrom("..", ".", "/", "a", "~", "%2e%2e", "C:", "\0", "\n", ".csv", ".gz");
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.array(part, { minLength: 1 }).map((parts) => parts.join("")),
          { minLength: 1 },
        ),
        (names) => {
          for (const name of setFileNames(names)) {
            expect(path.basename(path.join("/root/cleaned", name))).toBe(name);
            expect(path.dirname(path.join("/root/cleaned", name))).toBe("/root/cleaned");
          }
        },
      ),
    );
  });

  it("gives each source one name of its own, the same in any order", () => {
    const name = fc
      .tuple(
        fc.constantFrom("", "", "x/", "x__"),
        fc.constantFrom("a", "A", "b"),
        fc.array(fc.constantFrom(".csv", ".gz", ".CSV", "-2", ".xlsx"), { maxLength: 3 }),
      )
      .map(([folder, base, ends]) => folder + base + ends.join(""));
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 8 }), (names) => {
        const given = setFileNames(names);
        expect(new Set(given.map((file) => file.toLowerCase())).size).toBe(names.length);
        const reversed = setFileNames([...names].reverse());
        expect(reversed.reverse()).toEqual(given);
      }),
      { numRuns: 500 },
    );
  });
});

describe("ownIdColumn(source)", () => {
  it.each([
    ["long", 2, 2],
    ["long", -1, -1],
    ["wide", 2, -1],
    ["wide", -1, -1],
  ] as const)("%s, column %i: %i", (layout, column, expected) => {
    expect(ownIdColumn({ layout, columns: { record_id: column } })).toBe(expected);
  });
});
