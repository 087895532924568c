import { describe, expect, it } from "vitest";
import { createColumns } from "../assess/assessment.js";
import { packComparison, personStates } from "../judge/comparison.js";
import { addFinding, type FindingId, findingWords } from "../judge/findings.js";
import { countFound } from "../reconcile/judge-partition.js";
import { measureAgainstLast, measureGates, type NightMeasures, takeMeasures } from "./gates.js";

const limits = { maxErrorShare: 0.5, minFoundShare: 0.2, minRegisterPeople: 10 };
const lastLimits = { minRecordsOfLast: 0.5, minRegisterOfLast: 0.9, maxFoundShareDrop: 0.2 };
const allLimits = { ...limits, ...lastLimits };

/** How the register knows a record's number: as delivered, by a repair alone, or by what is found of it. */
type Found =
  | "found"
  | "repaired"
  | "replaced"
  | Extract<
      FindingId,
      | "register.number-unknown"
      | "register.number-cancelled"
      | "citizen-id.unknown-place"
      | "citizen-id.old-number"
      | "citizen-id.blank"
    >;

/** `name: value passed` of each gate. */
function measure(
  byCode: Record<string, number>,
  numbers: readonly Found[],
  registerPeople: number | null,
): string[] {
  const columns = createColumns(numbers.length);
  for (const [record, number] of numbers.entries()) {
    const at = record * findingWords;
    const person =
      number === "found" ? "found" : ["repaired", "replaced"].includes(number) ? "repaired" : "none";
    columns.slot[record] = person === "none" ? -1 : 7;
    const agreed = Number(person !== "none");
    columns.comparison[record] = packComparison({
      name: agreed,
      birthDate: agreed,
      sex: agreed,
      person: personStates.indexOf(person),
    });
    if (number === "replaced") addFinding(columns.findings, at, "register.number-cancelled");
    else if (number !== "found" && number !== "repaired") addFinding(columns.findings, at, number);
  }
  const records = Object.values(byCode).reduce((sum, count) => sum + count, 0);
  const gates = measureGates(allLimits, {
    doses: { records, byCode },
    found: countFound({ columns, records: numbers.length }),
    registerPeople,
  });
  expect(gates.map(({ name, limit }) => [name, limit])).toEqual(Object.entries(limits));
  return gates.map(({ value, passed }) => `${value} ${passed}`);
}

describe("measureGates(limits, run)", () => {
  const unknown = "register.number-unknown";

  it.each<
    [
      what: string,
      byCode: Record<string, number>,
      numbers: Found[],
      people: number | null,
      expected: string[],
    ]
  >([
    ["nothing delivered", {}, [], 10, ["null true", "null true", "10 true"]],
    ["no register", { E61: 2 }, [unknown, unknown], null, ["1 false", "null true", "null true"]],
    [
      "just enough",
      { E20: 1, C1: 1 },
      ["found", unknown, unknown, unknown, unknown],
      10,
      ["0.5 true", "0.2 true", "10 true"],
    ],
    [
      "errors beyond the limit",
      { E20: 2, C1: 1, X10: 0 },
      ["found"],
      10,
      [`${2 / 3} false`, "1 true", "10 true"],
    ],
    ["exceptions are no errors", { X10: 9, C1: 1 }, ["found"], 10, ["0 true", "1 true", "10 true"]],
    [
      "too few found",
      { X30: 6 },
      ["found", unknown, unknown, unknown, unknown, "citizen-id.unknown-place"],
      10,
      ["0 true", `${1 / 6} false`, "10 true"],
    ],
    [
      "numbers that are none do not count",
      { X10: 2 },
      ["found", "citizen-id.blank", "citizen-id.blank"],
      10,
      ["0 true", "1 true", "10 true"],
    ],
    [
      "a number that is replaced or cancelled is one that the register holds",
      { C1: 1 },
      ["replaced", "register.number-cancelled", unknown],
      10,
      ["0 true", `${2 / 3} true`, "10 true"],
    ],
    [
      "people found by a repair or an old number do not count",
      { C3: 3 },
      ["repaired", "repaired", "citizen-id.old-number", unknown],
      10,
      ["0 true", "0 false", "10 true"],
    ],
    [
      "nobody delivered with 12 digits",
      { C3: 3 },
      ["repaired", "citizen-id.old-number"],
      10,
      ["0 true", "null false", "10 true"],
    ],
    [
      "no number to be had, and no register to look it up in",
      { X10: 2 },
      ["citizen-id.blank", "citizen-id.blank"],
      null,
      ["0 true", "null true", "null true"],
    ],
    ["no record that can be read", { E10: 2, E12: 1 }, [], 10, ["1 false", "null true", "10 true"]],
    [
      "one record that can be read, without a number",
      { E10: 1, X10: 1 },
      ["citizen-id.blank"],
      10,
      ["0.5 true", "null false", "10 true"],
    ],
    ["a register too small", { C1: 1 }, ["found"], 9, ["0 true", "1 true", "9 false"]],
  ])("%s", (_what, byCode, numbers, people, expected) => {
    expect(measure(byCode, numbers, people)).toEqual(expected);
  });
});

describe("measureGates(limits, run) with minRecords", () => {
  it.each<[records: number, passed: boolean]>([
    [6, true],
    [5, true],
    [4, false],
    [0, false],
  ])("%s records of at least 5: %s", (records, passed) => {
    const run = {
      doses: { records, byCode: { C1: records } },
      found: { held: 0, missing: 0 },
      registerPeople: 10,
    };
    const gate = measureGates({ ...allLimits, minRecords: 5 }, run).at(-1);
    expect(gate).toEqual({ name: "minRecords", limit: 5, value: records, passed });
  });
});

describe("measureGates(limits, run) without a lower bound of what is found", () => {
  it("lets records without a single number pass", () => {
    const run = {
      doses: { records: 2, byCode: { X10: 2 } },
      found: { held: 0, missing: 0 },
      registerPeople: 10,
    };
    expect(measureGates({ ...allLimits, minFoundShare: 0 }, run)[1]?.passed).toBe(true);
  });
});

describe("takeMeasures(metrics, found).heldShare", () => {
  function takeHeldShare(
    byCode: Record<string, number>,
    registerVersion: string | null,
    found: { held: number; missing: number } | null,
  ): number | null | undefined {
    const tally = { records: Object.values(byCode).reduce((sum, count) => sum + count, 0), byCode };
    const run = {
      ...{ id: "a", pipeline: "b", asOf: "2023-06-13", policy: "c", rulesVersion: "1" },
      ...{ registerVersion, registerPeople: 10 },
    };
    return takeMeasures({ run, doses: tally, people: tally, gates: [] }, found).heldShare;
  }

  it("is of all records that can be read", () => {
    const byCode = { E10: 1, E11: 1, E12: 1, E20: 2, X10: 4, C1: 4 };
    expect(takeHeldShare(byCode, "v", { held: 5, missing: 1 })).toBe(0.5);
  });

  it("is null without a register, and without records that can be read", () => {
    expect(takeHeldShare({ C1: 1 }, null, { held: 0, missing: 0 })).toBeNull();
    expect(takeHeldShare({ E10: 3 }, "v", { held: 0, missing: 0 })).toBeNull();
  });

  it("is not there when a summary is all that is left of a run", () => {
    expect(takeHeldShare({ C1: 1 }, "v", null)).toBeUndefined();
  });
});

describe("measureAgainstLast(limits, now, last)", () => {
  const last: NightMeasures = { records: 1000, registerPeople: 100, foundShare: 0.9, heldShare: 0.8 };
  const older: NightMeasures = { records: 1000, registerPeople: 100, foundShare: 0.9 };

  it.each<[what: string, now: NightMeasures, last: Partial<NightMeasures>, expected: string[]]>([
    ["the first night", last, {}, ["null true", "null true", "null true"]],
    ["the same again", last, last, ["1 true", "1 true", "0 true"]],
    [
      "just enough of everything",
      { records: 500, registerPeople: 90, foundShare: 0.7, heldShare: 0.6 },
      last,
      ["0.5 true", "0.9 true", "0.2 true"],
    ],
    [
      "one beyond each limit",
      { records: 499, registerPeople: 89, foundShare: 0.699999, heldShare: 0.8 },
      last,
      ["0.499 false", "0.89 false", "0.200001 false"],
    ],
    [
      "more than last time",
      { records: 5000, registerPeople: 300, foundShare: 1, heldShare: 0.9 },
      last,
      ["5 true", "3 true", "0 true"],
    ],
    [
      "no register this time",
      { records: 1000, registerPeople: null, foundShare: null, heldShare: null },
      last,
      ["1 true", "null true", "null true"],
    ],
    [
      "no records this time",
      { records: 0, registerPeople: 100, foundShare: null, heldShare: null },
      last,
      ["0 false", "1 true", "null true"],
    ],
    [
      "nobody with a number this time",
      { records: 1000, registerPeople: 100, foundShare: null, heldShare: 0 },
      last,
      ["1 true", "1 true", "1 false"],
    ],
    [
      "nothing that can be read this time",
      { records: 1000, registerPeople: 100, foundShare: null, heldShare: null },
      last,
      ["1 true", "1 true", "1 false"],
    ],
    [
      "a column that moved: the numbers that are left are found, but they are few",
      { records: 1000, registerPeople: 100, foundShare: 1, heldShare: 0.599999 },
      last,
      ["1 true", "1 true", "0.200001 false"],
    ],
    [
      "a last night of an older lamsach, which had only the share of the numbers",
      { records: 1000, registerPeople: 100, foundShare: 0.7, heldShare: 0.1 },
      older,
      ["1 true", "1 true", "0.2 true"],
    ],
    [
      "nobody with a number after a night of an older lamsach",
      { records: 1000, registerPeople: 100, foundShare: null, heldShare: 0 },
      older,
      ["1 true", "1 true", "1 false"],
    ],
    [
      "a last night of nothing",
      last,
      { records: 0, registerPeople: null, foundShare: null, heldShare: null },
      ["null true", "null true", "null true"],
    ],
  ])("%s", (_what, now, before, expected) => {
    const gates = measureAgainstLast(allLimits, now, before);
    expect(gates.map(({ name, limit }) => [name, limit])).toEqual(Object.entries(lastLimits));
    expect(gates.map(({ value, passed }) => `${value} ${passed}`)).toEqual(expected);
  });

  it("asks for no found share where a drop of all of it is allowed", () => {
    const now = { records: 1000, registerPeople: 100, foundShare: null, heldShare: null };
    const gates = measureAgainstLast({ ...allLimits, maxFoundShareDrop: 1 }, now, last);
    expect(gates.every(({ passed }) => passed)).toBe(true);
  });
});
