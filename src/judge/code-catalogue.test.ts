import { describe, expect, it } from "vitest";
import { codeCatalogue, codeFamily, findCode } from "./code-catalogue.js";

describe("codeCatalogue", () => {
  it("holds every code once, in the order of the design", () => {
    expect(codeCatalogue.map(({ code }) => code).join(" ")).toBe(
      "C1 C2 C3 X10 X11 X12 X13 X20 X21 X22 X23 X24 X30 X31 X32 X33 X34 " +
        "E10 E11 E12 E20 E21 E22 E23 E24 E25 E30 E31 E32 E33 E34 E35 E36 E40 E41 E42 E50 E60 E61",
    );
  });

  it("puts C in cleaned, X in exceptions, E in errors", () => {
    const sets = { C: "cleaned", X: "exceptions", E: "errors" } as Record<string, string>;
    for (const { code, set } of codeCatalogue) expect([code, set]).toEqual([code, sets[code.charAt(0)]]);
  });

  it.each(codeCatalogue.map((entry) => [entry.code, entry] as const))(
    "says %s in whole sentences",
    (_, entry) => {
      for (const text of [entry.vi, entry.en, entry.todoVi, entry.todoEn])
        expect(text).toMatch(/^\p{Lu}.*\.$/u);
      for (const text of [entry.vi, entry.todoVi]) {
        expect(text).toBe(text.normalize("NFC"));
        expect(text).toMatch(/[\u1ea0-\u1ef9]/u);
      }
      expect(entry.source).not.toBe("");
    },
  );

  it("gives every reason once", () => {
    for (const key of ["vi", "en"] as const)
      expect(new Set(codeCatalogue.map((entry) => entry[key])).size).toBe(codeCatalogue.length);
  });
});

describe("findCode(code)", () => {
  it("finds a code and nothing else", () => {
    expect(findCode("X31")?.field).toBe("full_name");
    expect(findCode("X99")).toBeUndefined();
    expect(findCode("__proto__")).toBeUndefined();
  });
});

describe("codeFamily(code)", () => {
  it.each([
    ["C1", "C"],
    ["X31", "X3"],
    ["E30", "E3"],
  ])("%s is of %s", (code, family) => {
    expect(codeFamily(code)).toBe(family);
  });
});
