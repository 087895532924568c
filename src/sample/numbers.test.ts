import { describe, expect, it } from "vitest";
import { createNumberIssuer, mistypeDigit, swapDigits } from "./numbers.js";
import { createRandom } from "./random.js";

describe("createNumberIssuer(seed)", () => {
  it("gives a number once, by place, century with sex, and year", () => {
    const numbers = createNumberIssuer(1);
    const given = Array.from({ length: 50_000 }, () => numbers.issue(79, 1, 1990));
    expect(new Set(given).size).toBe(50_000);
    expect(given.every((number) => /^079190\d{6}$/.test(number))).toBe(true);
    expect(numbers.issue(233, 0, 2009)).toMatch(/^233209\d{6}$/);
  });

  it("never gives a withheld number, and knows one", () => {
    const numbers = createNumberIssuer(5);
    const withheld = new Set(Array.from({ length: 5000 }, () => numbers.withhold(1, 0, 1985)));
    for (let count = 0; count < 100_000; count++) {
      const number = numbers.issue(1, 0, 1985);
      if (withheld.has(number) || numbers.isWithheld(number)) expect.fail("an issued number is withheld");
    }
    expect([...withheld].every((number) => numbers.isWithheld(number))).toBe(true);
  });

  it("gives old numbers of nine digits once, apart from withheld ones", () => {
    const numbers = createNumberIssuer(9);
    const all = [
      ...Array.from({ length: 20_000 }, () => numbers.issueOld()),
      ...Array.from({ length: 20_000 }, () => numbers.withholdOld()),
    ];
    expect(new Set(all).size).toBe(40_000);
    expect(all.every((number) => /^\d{9}$/.test(number))).toBe(true);
  });
});

describe("mistypeDigit and swapDigits", () => {
  it("change the last six digits into a number nobody can have", () => {
    const numbers = createNumberIssuer(2);
    const random = createRandom(2);
    let found = 0;
    for (let count = 0; count < 500; count++) {
      const number = numbers.issue(27, 0, 1970);
      for (const typed of [mistypeDigit(number, numbers, random), swapDigits(number, numbers)]) {
        if (typed === null) continue;
        found++;
        expect(typed.slice(0, 6)).toBe("027070");
        expect(numbers.isWithheld(typed)).toBe(true);
        const changed = [...typed].filter((digit, at) => digit !== number[at]).length;
        expect(changed === 1 || changed === 2).toBe(true);
      }
    }
    expect(found).toBeGreaterThan(500);
  });
});
