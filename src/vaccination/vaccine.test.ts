import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { isoDate } from "../identity/calendar.js";
import { buildVaccineTable, findVaccine } from "./vaccine.js";

const file = new URL("../../pipelines/tables/vaccines.csv", import.meta.url);
const rows: Record<string, string>[] = parse(readFileSync(file, "utf8"), { columns: true });
const table = buildVaccineTable(rows);

describe("buildVaccineTable(rows)", () => {
  it.each([
    ["astrazeneca", "210", "2021-02-01", true, 28, 18, 2],
    ["comirnaty", "208", "2021-06-12", true, 21, 5, 2],
    ["spikevax", "207", "2021-06-28", true, 28, 6, 2],
    ["janssen", "212", "2021-07-15", true, null, 18, 1],
    ["hayat_vax", "510", "2021-09-10", false, 21, 18, 2],
    ["abdala", "", "2021-09-17", false, 14, 19, 3],
    ["covaxin", "502", "2021-11-10", false, 28, 18, 2],
    ["sputnik_light", "504", null, false, null, 18, 1],
  ] as const)(
    "reads %s",
    (key, cvx, approval, isApprovalConfirmed, minIntervalDays, minAgeYears, primaryDoses) => {
      const index = rows.findIndex((row) => row.key === key);
      const vaccine = table.vaccines[index];
      expect(vaccine).toMatchObject({
        key,
        cvx,
        isApprovalConfirmed,
        minIntervalDays,
        minAgeYears,
        primaryDoses,
        index,
      });
      expect(vaccine?.approvalDay == null ? null : isoDate(vaccine.approvalDay)).toBe(approval);
    },
  );

  it("refuses an alias that names two vaccines", () => {
    const first = { key: "one", canonical_name_platform: "One", variants: "Both" };
    const second = { key: "two", canonical_name_platform: "Two", variants: "BOTH!" };
    expect(() => buildVaccineTable([first, second])).toThrow('"both" names one and two');
  });

  it("refuses a row without a key", () => {
    expect(() => buildVaccineTable([{ key: " ", variants: "A" }])).toThrow("row 1 has no key");
  });
});

describe("findVaccine(table, text)", () => {
  it.each([
    ["astrazeneca", "astrazeneca"],
    ["ASTRA ZENECA", "astrazeneca"],
    ["covid-19 vaccine astrazeneca", "astrazeneca"],
    ["AZ", "astrazeneca"],
    ["VEROCELL", "vero_cell"],
    ["SPUTNIK-V", "sputnik_v"],
    ["Sputnik Light", "sputnik_light"],
    ["fifzer", "comirnaty"],
    ["Pfizer tre em", "comirnaty"],
    ["BNT162b2", "comirnaty"],
    ["COVID-19 Vaccine Jansen(Johnson & Johnson", "janssen"],
    ["J&J", "janssen"],
    [" Moderna. ", "spikevax"],
  ])("%j is %s", (text, key) => {
    expect(findVaccine(table, text)?.key).toBe(key);
  });

  it.each(["", " ", "-", "Vắc xin X", "Pfizer Moderna", "__proto__", "constructor"])("%j is none", (text) => {
    expect(findVaccine(table, text)).toBeNull();
  });

  it("finds every name and variant of the table in its own row", () => {
    for (const [index, row] of rows.entries()) {
      for (const text of [row.key, row.canonical_name_platform, ...(row.variants ?? "").split("|")])
        expect(findVaccine(table, text as string)?.index, text).toBe(index);
    }
  });
});
