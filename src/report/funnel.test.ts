import { describe, expect, it } from "vitest";
import { codeCatalogue } from "../judge/code-catalogue.js";
import { buildFunnel } from "./funnel.js";
import type { Metrics, Tally } from "./metrics.js";

function follow(doses: Tally, people: Tally = doses): ReturnType<typeof buildFunnel> {
  return buildFunnel({ doses, people } as Metrics);
}

describe("buildFunnel(metrics)", () => {
  it("takes each code out at its step, in doses and in people", () => {
    const doses = {
      records: 100,
      byCode: {
        C1: 30,
        C2: 10,
        C3: 2,
        E10: 1,
        E12: 2,
        E40: 3,
        E42: 4,
        X10: 5,
        X13: 6,
        X24: 7,
        E20: 8,
        X31: 9,
        E61: 10,
        E30: 3,
      },
    };
    const people = {
      records: 50,
      byCode: {
        C1: 15,
        C2: 5,
        C3: 1,
        E10: 1,
        E12: 2,
        E40: 1,
        E42: 2,
        X10: 2,
        X13: 3,
        X24: 3,
        E20: 4,
        X31: 4,
        E61: 5,
        E30: 2,
      },
    };
    const { steps, cleaned } = follow(doses, people);
    expect(
      steps.map(({ id, left, remaining }) => [
        id,
        left.map(({ code }) => code).join(" "),
        remaining.doses,
        remaining.people,
      ]),
    ).toEqual([
      ["delivered", "", 100, 50],
      ["readable", "E10 E12", 97, 47],
      ["unique", "E40 E42", 90, 44],
      ["with-id", "X10 X13", 79, 39],
      ["right-format", "X24", 72, 36],
      ["mandatory-fields", "E20", 64, 32],
      ["authenticated", "E61 X31", 45, 23],
      ["cleaned", "E30", 42, 21],
    ]);
    expect(cleaned).toEqual([
      { code: "C1", doses: 30, people: 15 },
      { code: "C2", doses: 10, people: 5 },
      { code: "C3", doses: 2, people: 1 },
    ]);
  });

  it("ends with what is cleaned, whatever codes there are", () => {
    const byCode = Object.fromEntries(codeCatalogue.map(({ code }, index) => [code, index + 1]));
    const records = Object.values(byCode).reduce((sum, count) => sum + count, 0);
    const { steps, cleaned } = follow({ records, byCode });
    const sum = cleaned.reduce((total, { doses }) => total + doses, 0);
    expect(steps.at(-1)?.remaining).toEqual({ doses: sum, people: sum });
    expect(sum).toBeGreaterThan(0);
    const taken = steps.flatMap(({ left }) => left.map(({ code }) => code));
    const expected = codeCatalogue.filter(({ set }) => set !== "cleaned").map(({ code }) => code);
    expect([...taken].sort()).toEqual([...expected].sort());
  });

  it("keeps a dose error of the last step apart from what could not be authenticated", () => {
    const { steps } = follow({ records: 4, byCode: { E36: 1, E60: 1, E41: 1, E50: 1 } });
    expect(steps.slice(-2).map(({ left }) => left.map(({ code }) => code))).toEqual([
      ["E36", "E60"],
      ["E41", "E50"],
    ]);
  });

  it("stays at 0 for an empty run", () => {
    const { steps, cleaned } = follow({ records: 0, byCode: {} });
    expect(steps.every(({ remaining }) => remaining.doses === 0 && remaining.people === 0)).toBe(true);
    expect(cleaned).toEqual([]);
  });
});
