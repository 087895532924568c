import { describe, expect, it } from "vitest";
import { findCode } from "./code-catalogue.js";
import { type FindingId, findingIds } from "./findings.js";
import { readSigns } from "./signs.js";

/** The signs, those that alone keep the record from being clean with a star. */
function signs(code: string, ...findings: FindingId[]): string[] {
  const verdict = { code: findCode(code) as NonNullable<ReturnType<typeof findCode>>, findings };
  return readSigns(verdict).map(({ bit, isHeld }) => `${findingIds[bit]}${isHeld ? "*" : ""}`);
}

describe("readSigns(verdict)", () => {
  it.each<[string, FindingId[], string[]]>([
    ["C1", ["lot.blank"], ["lot.blank"]],
    ["E23", ["vaccine.blank"], ["vaccine.blank*"]],
    ["E23", ["vaccine.blank", "dose-no.blank"], ["vaccine.blank", "dose-no.blank"]],
    ["X32", ["birth-date.different", "birth-date.day-month-swapped"], ["birth-date.day-month-swapped*"]],
    ["E36", ["birth-date.impossible", "birth-date.day-month-swapped"], ["birth-date.day-month-swapped*"]],
    ["X32", ["birth-date.first-of-january", "birth-date.different"], ["birth-date.first-of-january*"]],
    ["C1", ["birth-date.first-of-january"], ["birth-date.first-of-january"]],
    [
      "X34",
      ["birth-date.first-of-january", "name.different", "birth-date.different", "register.several-different"],
      ["birth-date.first-of-january", "register.several-different*"],
    ],
    ["E10", ["row.structure", "row.shifted"], ["row.shifted*"]],
    ["E22", ["citizen-id.characters", "sex.unreadable", "vaccine.blank", "row.shifted"], ["row.shifted*"]],
    [
      "E40",
      ["birth-date.different", "record.delivered-twice"],
      ["birth-date.different", "record.delivered-twice"],
    ],
  ])("%s %j", (code, findings, expected) => {
    expect(signs(code, ...findings)).toEqual(expected);
  });
});
