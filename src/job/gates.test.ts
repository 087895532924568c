import { describe, expect, it } from "vitest";
import { createColumns } from "../assess/assessment.js";
import { addFinding, type FindingId, findingWords } from "../judge/findings.js";
import { measureGates } from "./gates.js";

const limits = { maxErrorShare: 0.5, minFoundShare: 0.2, minRegisterPeople: 10 };

type Found =
  | "found"
  | Extract<FindingId, "register.number-unknown" | "citizen-id.unknown-place" | "citizen-id.blank">;

/** `name: value passed` of each gate. */
function measure(
  byCode: Record<string, number>,
  numbers: readonly Found[],
  registerPeople: number | null,
): string[] {
  const columns = createColumns(numbers.length);
  for (const [record, number] of numbers.entries()) {
    columns.slot[record] = number === "found" ? 7 : -1;
    if (number !== "found") addFinding(columns.findings, record * findingWords, number);
  }
  const records = Object.values(byCode).reduce((sum, count) => sum + count, 0);
  const gates = measureGates(limits, {
    doses: { records, byCode },
    table: { records: numbers.length, columns, places: [], facilities: [], shards: [] },
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
    ["a register too small", { C1: 1 }, ["found"], 9, ["0 true", "1 true", "9 false"]],
  ])("%s", (_what, byCode, numbers, people, expected) => {
    expect(measure(byCode, numbers, people)).toEqual(expected);
  });
});
