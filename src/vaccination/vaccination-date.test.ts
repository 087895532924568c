import { describe, expect, it } from "vitest";
import { dayNumber, isoDate } from "../identity/calendar.js";
import { checkVaccinationDay, readVaccinationDate } from "./vaccination-date.js";
import type { Vaccine } from "./vaccine.js";

describe("readVaccinationDate(text)", () => {
  it.each([
    ["15/08/2021", "2021-08-15", []],
    ["2021-08-15", "2021-08-15", []],
    ["20210815", "2021-08-15", []],
    ["44423", "2021-08-15", ["vaccination-date.excel-serial"]],
    ["15/08/21", "2021-08-15", ["vaccination-date.two-digit-year"]],
    ["", null, ["vaccination-date.blank"]],
    ["2021", null, ["vaccination-date.impossible"]],
    ["31/02/2021", null, ["vaccination-date.impossible"]],
    ["31/02/21", null, ["vaccination-date.impossible"]],
    ["08/15/2021", null, ["vaccination-date.impossible", "vaccination-date.day-month-swapped"]],
    ["2021-15-08", null, ["vaccination-date.impossible", "vaccination-date.day-month-swapped"]],
    ["02/30/2021", null, ["vaccination-date.impossible"]],
    ["đã tiêm", null, ["vaccination-date.impossible"]],
  ])("%j", (text, iso, findings) => {
    const reading = readVaccinationDate(text);
    expect([reading.day === null ? null : isoDate(reading.day), reading.findings]).toEqual([iso, findings]);
  });
});

describe("checkVaccinationDay(context)", () => {
  const vaccine: Vaccine = {
    key: "comirnaty",
    name: "Comirnaty",
    cvx: "208",
    approvalDay: dayNumber(2021, 6, 12),
    isApprovalConfirmed: true,
    minIntervalDays: 21,
    minAgeYears: 12,
    primaryDoses: 2,
    index: 0,
  };
  const usual = {
    day: dayNumber(2021, 8, 15),
    birthDay: dayNumber(1990, 3, 8),
    isBirthYearOnly: false,
    vaccine,
    programmeStartDay: dayNumber(2021, 3, 8),
    asOfDay: dayNumber(2021, 12, 31),
  };

  it.each([
    ["nothing is wrong", {}, []],
    ["the programme's first day", { day: dayNumber(2021, 3, 8), vaccine: null }, []],
    [
      "the day before it",
      { day: dayNumber(2021, 3, 7), vaccine: null },
      ["vaccination-date.before-programme"],
    ],
    ["the day of approval", { day: dayNumber(2021, 6, 12) }, []],
    ["the day before approval", { day: dayNumber(2021, 6, 11) }, ["vaccination-date.before-approval"]],
    [
      "before an unconfirmed approval",
      { day: dayNumber(2021, 6, 11), vaccine: { ...vaccine, isApprovalConfirmed: false } },
      ["vaccine.approval-unconfirmed"],
    ],
    ["after an unconfirmed approval", { vaccine: { ...vaccine, isApprovalConfirmed: false } }, []],
    [
      "no approval date known",
      { vaccine: { ...vaccine, approvalDay: null, isApprovalConfirmed: false } },
      [],
    ],
    ["the run's date", { day: dayNumber(2021, 12, 31) }, []],
    ["the day after it", { day: dayNumber(2022, 1, 1) }, ["vaccination-date.future"]],
    ["the day of birth", { birthDay: dayNumber(2021, 8, 15), vaccine: null }, []],
    ["the day before birth", { birthDay: dayNumber(2021, 8, 16) }, ["vaccination-date.before-birth"]],
    ["the 12th birthday", { birthDay: dayNumber(2009, 8, 15) }, []],
    ["the day before the 12th birthday", { birthDay: dayNumber(2009, 8, 16) }, ["vaccine.age"]],
    ["12 in this year, year only", { birthDay: dayNumber(2009, 1, 1), isBirthYearOnly: true }, []],
    [
      "11 in this year, year only",
      { birthDay: dayNumber(2010, 1, 1), isBirthYearOnly: true },
      ["vaccine.age"],
    ],
    [
      "born in this year, year only",
      { birthDay: dayNumber(2021, 1, 1), isBirthYearOnly: true, vaccine: null },
      [],
    ],
    ["birth date unknown", { birthDay: null }, []],
    [
      "everything at once",
      { day: dayNumber(2020, 1, 1), birthDay: dayNumber(2020, 5, 1), asOfDay: dayNumber(2019, 1, 1) },
      [
        "vaccination-date.before-programme",
        "vaccination-date.before-approval",
        "vaccination-date.future",
        "vaccination-date.before-birth",
      ],
    ],
  ])("%s", (_, change, findings) => {
    expect(checkVaccinationDay({ ...usual, ...change })).toEqual(findings);
  });
});
