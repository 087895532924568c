import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFacility } from "./facility.js";

const hospital = "Bệnh viện Quân Y 354";

describe("readFacility(code, name)", () => {
  it.each<[string, string, string | null, string | null, string | null]>([
    ["01015", "", "01015", null, null],
    ["01015", hospital, "01015", hospital, null],
    ["79_d123", "", "79_D123", null, null],
    ["01A1b", "", "01A1B", null, null],
    ["01015-Bệnh viện Quân Y 354", "", "01015", hospital, null],
    ["01015 – Bệnh viện  Quân Y 354", "", "01015", hospital, null],
    ["01015-Bệnh viện Quân Y 354", "BV 354", "01015", "BV 354", null],
    ["79_D123-Trạm y tế", "", "79_D123", "Trạm y tế", null],
    ["", "01015-Bệnh viện Quân Y 354", "01015", hospital, null],
    [hospital, "", null, hospital, null],
    [hospital, "BV 354", null, "BV 354", null],
    ["", hospital, null, hospital, null],
    ["", "12345", null, "12345", null],
    ["１０1015", "", "101015", null, "facility.unknown-form"],
    ["1015", "", "1015", null, "facility.unknown-form"],
    ["01015-", "", "01015-", null, "facility.unknown-form"],
    ["79D123", "", "79D123", null, "facility.unknown-form"],
    ["BVQY", hospital, "BVQY", hospital, "facility.unknown-form"],
    ["-", "", "-", null, "facility.unknown-form"],
    ["", " \u200b", null, null, "facility.blank"],
  ])("%j and %j", (codeCell, nameCell, code, name, finding) => {
    expect(readFacility(codeCell, nameCell)).toEqual({ code, name, finding });
  });

  it("is total, and blank exactly when nothing was found", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (codeCell, nameCell) => {
        const { code, name, finding } = readFacility(codeCell, nameCell);
        expect(code === null && name === null).toBe(finding === "facility.blank");
      }),
    );
  });
});
