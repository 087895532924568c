import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type FindingKind, findingCatalogue } from "./finding-catalogue.js";
import { type FindingId, findingIds } from "./findings.js";

function idsOf(kind: FindingKind): FindingId[] {
  return findingIds.filter((id) => findingCatalogue[id].kind === kind);
}

describe("findingCatalogue", () => {
  it("has the findings in the order of their bits", () => {
    expect(Object.keys(findingCatalogue)).toEqual([...findingIds]);
  });

  it("names what only normalises", () => {
    expect(idsOf("normalisation").map((id) => id.replace("name.", ""))).toEqual(
      "case unicode-form spaces punctuation tone-placement invisible-characters marks-lost birth-date.excel-serial birth-date.two-digit-year".split(
        " ",
      ),
    );
  });

  it("names the repairs", () => {
    expect(idsOf("repair").map((id) => id.replace("citizen-id.", ""))).toEqual(
      "separators float-suffix scientific leading-zeros look-alikes old-number-linked replaced name.digits name.tcvn3 name.vni name.mojibake sex.filled-from-id".split(
        " ",
      ),
    );
  });

  it("names the differences and the facts", () => {
    expect(idsOf("difference")).toEqual([
      "name.different",
      "birth-date.different",
      "sex.different",
      "register.several-different",
    ]);
    expect(idsOf("fact")).toEqual([
      "birth-date.year-only",
      "birth-date.first-of-january",
      "vaccination-date.excel-serial",
      "vaccination-date.two-digit-year",
      "row.shifted",
      "birth-date.day-month-swapped",
      "vaccination-date.day-month-swapped",
    ]);
  });

  it("numbers the warnings from W10, and nothing else", () => {
    const warnings = Object.entries(findingCatalogue).flatMap(([id, { warningCode }]) =>
      warningCode ? [[warningCode, id]] : [],
    );
    expect(warnings).toEqual([
      ["W10", "row.control-characters"],
      ["W11", "citizen-id.sex-digit"],
      ["W12", "citizen-id.year-digits"],
      ["W13", "citizen-id.guardian"],
      ["W14", "register.deceased"],
      ["W15", "vaccine.age"],
      ["W16", "vaccine.approval-unconfirmed"],
      ["W17", "facility.unknown-form"],
      ["W18", "lot.blank"],
      ["W19", "dose.interval-short"],
      ["W20", "dose.gap"],
      ["W21", "phone.malformed"],
      ["W22", "place.unknown-province"],
      ["W23", "place.unknown-ward"],
      ["W24", "priority-group.unknown"],
    ]);
    expect(idsOf("warning")).toEqual(warnings.map(([, id]) => id));
  });

  it("has a code in the default policy for every fault, and for nothing else", () => {
    const file = new URL("../../pipelines/policies/scheme-06.yaml", import.meta.url);
    const policy: { codes: Record<string, string> } = parse(readFileSync(file, "utf8"));
    expect(Object.keys(policy.codes).sort()).toEqual([...idsOf("fault")].sort());
  });

  it.each(findingIds.map((id) => [id, findingCatalogue[id]] as const))(
    "says %s in whole sentences",
    (_, entry) => {
      expect(entry.en).toMatch(/^\p{Lu}.*\.$/u);
      expect(entry.vi).toMatch(/^\p{Lu}.*\.$/u);
      expect(entry.vi).toBe(entry.vi.normalize("NFC"));
      expect(entry.vi).toMatch(/[\u1ea0-\u1ef9]/u);
      expect(entry.source).not.toBe("");
    },
  );
});
