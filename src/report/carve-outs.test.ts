import { describe, expect, it } from "vitest";
import { codeCatalogue } from "../judge/code-catalogue.js";
import { countCarveOuts } from "./carve-outs.js";

describe("countCarveOuts({ doses, people })", () => {
  it("adds up the codes of each reason, and no error's", () => {
    const doses = { records: 110, byCode: { C1: 4, X10: 10, X13: 3, X24: 20, X30: 30, X34: 40, E30: 3 } };
    const people = { records: 10, byCode: { C1: 1, X10: 2, X31: 7 } };
    expect(
      countCarveOuts({ doses, people }).map((reason) => [reason.family, reason.doses, reason.people]),
    ).toEqual([
      ["X1", 13, 2],
      ["X2", 20, 0],
      ["X3", 70, 7],
    ]);
  });

  it("leaves out no code that is an exception", () => {
    const byCode = Object.fromEntries(
      codeCatalogue.filter(({ set }) => set === "exceptions").map(({ code }, at) => [code, 10 ** at]),
    );
    const all = Object.values(byCode).reduce((sum, count) => sum + count, 0);
    const tally = { records: all, byCode };
    const reasons = countCarveOuts({ doses: tally, people: tally });
    expect(reasons.reduce((sum, { doses }) => sum + doses, 0)).toBe(all);
    expect(reasons.reduce((sum, { people }) => sum + people, 0)).toBe(all);
  });
});
