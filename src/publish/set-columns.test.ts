import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalColumns, type Source } from "../ingest/source.js";
import { setFileNames, setHeader, setNames } from "./set-columns.js";

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
    expect(headerOf(source, "errors").at(-1)).toBe("raw_line");
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

  it.fails("names no two columns alike, though a delivered one is called like a renamed one", () => {
    const header = headerOf(makeSource(["code", "delivered_code"]), "errors");
    expect(new Set(header).size).toBe(header.length);
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

  it.fails.each([
    ["a whole name that is another's short one", ["a.csv", "a.csv.gz", "a.csv.csv"]],
    ["a folder that is spelt out in another's name", ["sub/a.csv", "sub__a.csv"]],
    ["whole names that differ by case alone", ["A.csv", "a.csv"]],
  ])("never gives one name twice, case aside: %s", (_what, names) => {
    const given = setFileNames(names).map((name) => name.toLowerCase());
    expect(new Set(given).size).toBe(names.length);
  });
});
