import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashName } from "../identity/name-hash.js";
import { readName } from "../identity/person-name.js";
import type { RegisterRow } from "./register-csv.js";
import { createEncodedRow, createNameHasher, createRowReader, defaultSexCoding } from "./register-row.js";

const placeCodes = new Set(["001", "079"]);
const row: RegisterRow = {
  citizen_id: "001085000001",
  full_name: "NGUYỄN VĂN HÙNG",
  birth_date: "1985-02-28",
  sex: "M",
  legacy_id: "",
  status: "active",
  replaced_by: "",
  province_code: "01",
  district_code: "",
  ward_code: "",
};

function read(change: Partial<RegisterRow>, sexCoding = defaultSexCoding) {
  const encoded = createEncodedRow();
  const defect = createRowReader({ placeCodes, sexCoding })({ ...row, ...change }, encoded);
  return defect ?? encoded;
}

describe("createRowReader({ placeCodes, sexCoding })", () => {
  it.each<[string, Partial<RegisterRow>, string]>([
    ["11 digits", { citizen_id: "00108500001" }, "citizen-id"],
    ["13 digits", { citizen_id: "0010850000011" }, "citizen-id"],
    ["a letter in the number", { citizen_id: "00108500000O" }, "citizen-id"],
    ["full-width digits", { citizen_id: "００１０８５０００００１" }, "citizen-id"],
    ["an unknown place", { citizen_id: "099085000001" }, "place"],
    ["no name", { full_name: "  " }, "name"],
    ["only punctuation", { full_name: " -. " }, "name"],
    ["a line break in the name", { full_name: "NGUYỄN\nVĂN" }, "text"],
    ["undecodable bytes", { full_name: "NGUY\ufffdN" }, "text"],
    ["30 February", { birth_date: "1985-02-30" }, "birth-date"],
    ["29 February of a common year", { birth_date: "1900-02-29" }, "birth-date"],
    ["day 0", { birth_date: "19850200" }, "birth-date"],
    ["dd/mm/yyyy", { birth_date: "28/02/1985" }, "birth-date"],
    ["before 1850", { birth_date: "1849-12-31" }, "birth-date"],
    ["after 2199", { birth_date: "2200" }, "birth-date"],
    ["no birth date", { birth_date: "" }, "birth-date"],
    ["a sex that is not declared", { sex: "1" }, "sex"],
    ["an unknown status", { status: "moved" }, "status"],
    ["replaced by nobody", { status: "replaced" }, "replaced-by"],
    ["replaced by 9 digits", { status: "replaced", replaced_by: "012345678" }, "replaced-by"],
  ])("refuses %s", (_name, change, defect) => {
    expect(read(change)).toBe(defect);
  });

  it.each([
    ["1850-01-01", 0, 0, "1850-01-01"],
    ["19850228", 49366, 0, "1985-02-28"],
    ["2000-02-29", 54845, 0, "2000-02-29"],
    [" 1985 ", 49308, 1, "1985"],
  ])("reads the birth date %s", (birth_date, birthDay, yearOnly, birthDate) => {
    expect(read({ birth_date })).toMatchObject({ birthDay, yearOnly, birthDate });
  });

  it.each([
    ["M", 0],
    ["f", 1],
    ["NAM", 0],
    ["Nữ", 1],
    ["nu\u031b\u0303", 1],
  ])("reads the sex %s", (sex, expected) => {
    expect(read({ sex })).toMatchObject({ sex: expected });
  });

  it("reads digits for sex only as the coding declares them", () => {
    expect(read({ sex: "1" }, { male: ["1"], female: ["0"] })).toMatchObject({ sex: 0 });
    expect(read({ sex: "0" }, { male: ["1"], female: ["0"] })).toMatchObject({ sex: 1 });
    expect(read({ sex: "M" }, { male: ["1"], female: ["0"] })).toBe("sex");
  });
});

describe("createNameHasher()", () => {
  const letters = fc.constantFrom(
    ..."aăâeêioôơuưyđAĂÂÔĐhnHNàáảãạoòÒỳÝqQ '-.`1\u0300\u0301\u0302\u0306\u031b\u0323\u00a0\u200béüÇ¨",
  );

  it("gives the hashes of the standard form, whichever way the name is written", () => {
    const hash = createNameHasher();
    fc.assert(
      fc.property(fc.string({ unit: letters, maxLength: 16 }), (fullName) => {
        const { standard } = readName(fullName);
        const made = { fullName, markedHash: 0, foldedHash: 0 };
        expect(hash(made)).toBe(standard !== "");
        if (standard === "") return;
        const bytes = Buffer.from(standard);
        const expected = { marked: 0, folded: 0, flags: 0 };
        hashName(bytes, 0, bytes.length, expected);
        expect([made.markedHash, made.foldedHash]).toEqual([expected.marked | 0, expected.folded | 0]);
      }),
      { numRuns: 20_000 },
    );
  });
});
