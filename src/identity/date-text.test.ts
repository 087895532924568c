import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayNumber, isoDate, partsOf } from "./calendar.js";
import { readDateText } from "./date-text.js";

describe("readDateText(text)", () => {
  it.each([
    ["08/03/1990", "1990-03-08"],
    ["8/3/1990", "1990-03-08"],
    ["08-03-1990", "1990-03-08"],
    ["08.03.1990", "1990-03-08"],
    ["08 03 1990", "1990-03-08"],
    ["1990-03-08", "1990-03-08"],
    ["1990/03/08", "1990-03-08"],
    ["19900308", "1990-03-08"],
    [" \u200e08/03/1990\u00a0", "1990-03-08"],
    ["08/03/1990 00:00", "1990-03-08"],
    ["08/03/1990 0:00:00", "1990-03-08"],
    ["1990-03-08T00:00:00", "1990-03-08"],
    ["1990-03-08 00:00:00.000", "1990-03-08"],
    ["29/02/2024", "2024-02-29"],
    ["03/12/1990", "1990-12-03"],
    ["０８/０３/１９９０", "1990-03-08"],
  ])("%j is the day %s", (text, iso) => {
    const reading = readDateText(text);
    expect(reading.kind === "date" ? isoDate(reading.day) : reading.kind).toBe(iso);
  });

  it.each([
    ["33245", "1991-01-07"],
    ["45000", "2023-03-15"],
    ["10000", "1927-05-18"],
  ])("%j is the serial of %s", (text, iso) => {
    const reading = readDateText(text);
    expect(reading.kind === "serial" ? isoDate(reading.day) : reading.kind).toBe(iso);
  });

  it.each([
    ["", "blank"],
    [" \ufeff ", "blank"],
    ["1990", "year"],
    ["08/03/90", "two-digit-year"],
    ["31/02/1990", "impossible"],
    ["12/31/1990", "impossible"],
    ["1990-13-01", "impossible"],
    ["19901301", "impossible"],
    ["00/00/1990", "impossible"],
    ["01/01/0000", "impossible"],
    ["08/03/1990 14:30", "unreadable"],
    ["08/03-1990", "unreadable"],
    ["8 tháng 3 năm 1990", "unreadable"],
    ["1990 00:00", "unreadable"],
    ["01234", "unreadable"],
    ["33245.5", "unreadable"],
    ["-33245", "unreadable"],
    ["08/03/199", "unreadable"],
    ["không rõ", "unreadable"],
    [`08/03/1990${" 00:00".repeat(50)}`, "unreadable"],
  ])("%j is %s", (text, kind) => {
    expect(readDateText(text).kind).toBe(kind);
  });

  it("reads back every day in every form, and is total", () => {
    fc.assert(
      fc.property(fc.integer({ min: dayNumber(1000, 1, 1), max: dayNumber(9999, 12, 31) }), (day) => {
        const { year, month, day: dayOfMonth } = partsOf(day);
        for (const text of [isoDate(day), isoDate(day).replaceAll("-", ""), `${dayOfMonth}/${month}/${year}`])
          expect(readDateText(text)).toEqual({ kind: "date", day });
      }),
    );
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void readDateText(text)));
  });
});
