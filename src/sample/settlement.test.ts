import { describe, expect, it } from "vitest";
import type { Draft } from "./draft.js";
import { settleRecords } from "./settlement.js";

/** [file, day, dose number, code before] of each record, and the codes after. */
const cases: readonly [string, readonly (readonly [number, number, number, string])[], readonly string[]][] = [
  ["leaves doses in order alone", [[0, 10, 1, "C1"], [0, 50, 2, "C2"]], ["C1", "C2"]],
  ["keeps the first delivered of one day", [[1, 10, 1, "C1"], [0, 10, 1, "C1"]], ["E41", "C1"]],
  ["does not count what is no clean record", [[0, 10, 1, "X31"], [0, 10, 1, "C1"]], ["X31", "C1"]],
  ["blames both sides of a contradiction, not the third", [[0, 10, 2, "C1"], [0, 50, 1, "C1"], [0, 90, 3, "C1"]], ["E50", "E50", "C1"]],
  ["calls a number that comes twice a contradiction", [[0, 10, 1, "C1"], [0, 50, 1, "C3"]], ["E50", "E50"]],
  ["settles the day before the order", [[0, 10, 1, "C1"], [0, 10, 2, "C1"], [0, 60, 2, "C1"]], ["C1", "E41", "C1"]],
  ["sees no contradiction across a record in errors", [[0, 10, 2, "E42"], [0, 50, 1, "C1"]], ["E42", "C1"]],
]; // biome-ignore format: tables

describe("settleRecords(records)", () => {
  it.each(cases)("%s", (_name, records, expected) => {
    const drafts = records.map(([, day, doseNo, code]) => ({ day, doseNo, code }) as Draft);
    settleRecords(drafts.map((draft, position) => ({ draft, file: records[position]?.[0] ?? 0, position })));
    expect(drafts.map((draft) => draft.code)).toEqual(expected);
  });
});
