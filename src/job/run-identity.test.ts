import { describe, expect, it } from "vitest";
import { nameChanges, type RunIdentity } from "./run-identity.js";

const before: RunIdentity = {
  pipeline: "p1",
  policy: "o1",
  tables: "t1",
  rules: "1.0.0",
  register: "r1",
  asOf: "2023-06-13",
  inputs: [
    { name: "a.csv", sha256: "a1" },
    { name: "b.csv", sha256: "b1" },
  ],
};

describe("nameChanges(before, now)", () => {
  const cases: readonly (readonly [change: Partial<RunIdentity>, named: readonly string[]])[] = [
    [{}, []],
    [{ pipeline: "p2" }, ["the pipeline file has changed"]],
    [{ policy: "o2" }, ["the policy has changed"]],
    [{ tables: "t2" }, ["the code tables have changed"]],
    [{ rules: "1.1.0" }, ["the rules version was 1.0.0 and is 1.1.0"]],
    [{ register: "r2" }, ["the register has changed"]],
    [{ register: null }, ["the register has changed"]],
    [{ asOf: "2023-06-14" }, ["the day (--as-of) was 2023-06-13 and is 2023-06-14"]],
    [{ inputs: before.inputs.slice(1) }, ["input a.csv is missing"]],
    [{ inputs: [...before.inputs, { name: "c.csv", sha256: "c1" }] }, ["input c.csv was added"]],
    [
      { inputs: [before.inputs[0] as { name: string; sha256: string }, { name: "b.csv", sha256: "b2" }] },
      ["input b.csv has changed"],
    ],
  ];
  it.each<[what: string, before: Partial<RunIdentity>, now: Partial<RunIdentity>, named: string[]]>([
    [
      "a control file that says something else",
      { inputs: [{ name: "a.csv", sha256: "a1", control: "k1" }] },
      { inputs: [{ name: "a.csv", sha256: "a1", control: "k2" }] },
      ["the control file of input a.csv has changed"],
    ],
    [
      "a control file that came later",
      { inputs: [{ name: "a.csv", sha256: "a1" }] },
      { inputs: [{ name: "a.csv", sha256: "a1", control: "k1" }] },
      ["the control file of input a.csv has changed"],
    ],
    [
      "a file that can be read now",
      { inputs: [], unreadable: ["a.csv"] },
      { inputs: [{ name: "a.csv", sha256: "a1" }] },
      ["input a.csv has changed"],
    ],
    [
      "a file that is gone",
      { inputs: [], unreadable: ["a.csv"] },
      { inputs: [] },
      ["input a.csv is missing"],
    ],
    ["the same", { unreadable: ["c.csv"] }, { unreadable: ["c.csv"] }, []],
  ])("names %s", (_what, then, now, named) => {
    expect(nameChanges({ ...before, ...then }, { ...before, ...now })).toEqual(named);
  });

  it.each(cases)("%j", (change, named) => {
    expect(nameChanges(before, { ...before, ...change })).toEqual(named);
  });

  it("names everything at once", () => {
    expect(nameChanges(before, { ...before, policy: "o2", inputs: [] })).toEqual([
      "the policy has changed",
      "input a.csv is missing",
      "input b.csv is missing",
    ]);
  });
});
