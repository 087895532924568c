import { dayNumber, isRealDate, yearOf, yearsBetween } from "../identity/calendar.js";
import { readDateText } from "../identity/date-text.js";
import type { Vaccine } from "./vaccine.js";

/** What the text of a vaccination date is. */
export type VaccinationDateTextFinding =
  | "vaccination-date.blank"
  | "vaccination-date.impossible"
  | "vaccination-date.excel-serial"
  | "vaccination-date.two-digit-year"
  | "vaccination-date.day-month-swapped";

/** What a day that was read cannot be, or is doubtful as. */
export type VaccinationDateFinding =
  | "vaccination-date.before-programme"
  | "vaccination-date.before-approval"
  | "vaccination-date.future"
  | "vaccination-date.before-birth"
  | "vaccine.age"
  | "vaccine.approval-unconfirmed";

/** A delivered vaccination date, read. */
export interface VaccinationDateReading {
  readonly day: number | null;
  readonly findings: readonly VaccinationDateTextFinding[];
  /** Of a date that is one only with day and month exchanged: that day. Nobody takes it for the day of the dose. */
  readonly swappedDay?: number;
}

/** Reads a vaccination date: a day, never a year alone; two-digit years are 20yy. Total. */
export function readVaccinationDate(text: string): VaccinationDateReading {
  const reading = readDateText(text);
  switch (reading.kind) {
    case "blank":
      return { day: null, findings: ["vaccination-date.blank"] };
    case "date":
      return { day: reading.day, findings: [] };
    case "serial":
      return { day: reading.day, findings: ["vaccination-date.excel-serial"] };
    case "two-digit-year": {
      const year = 2000 + reading.yearOfCentury;
      if (!isRealDate(year, reading.month, reading.dayOfMonth)) break;
      return {
        day: dayNumber(year, reading.month, reading.dayOfMonth),
        findings: ["vaccination-date.two-digit-year"],
      };
    }
    case "impossible":
      if (reading.swappedDay === null) break;
      return {
        day: null,
        findings: ["vaccination-date.impossible", "vaccination-date.day-month-swapped"],
        swappedDay: reading.swappedDay,
      };
  }
  return { day: null, findings: ["vaccination-date.impossible"] };
}

/**
 * What is wrong with a vaccination day beside the programme's start, the run's date, the person's birth and the
 * vaccine's approval and age. With a birth year only, the person is given the benefit of the doubt.
 */
export function checkVaccinationDay({
  day,
  birthDay,
  isBirthYearOnly,
  vaccine,
  programmeStartDay,
  asOfDay,
}: {
  readonly day: number;
  readonly birthDay: number | null;
  readonly isBirthYearOnly: boolean;
  readonly vaccine: Vaccine | null;
  readonly programmeStartDay: number;
  readonly asOfDay: number;
}): readonly VaccinationDateFinding[] {
  const findings: VaccinationDateFinding[] = [];
  if (day < programmeStartDay) findings.push("vaccination-date.before-programme");
  if (vaccine?.approvalDay != null && day < vaccine.approvalDay) {
    findings.push(
      vaccine.isApprovalConfirmed ? "vaccination-date.before-approval" : "vaccine.approval-unconfirmed",
    );
  }
  if (day > asOfDay) findings.push("vaccination-date.future");
  if (birthDay === null) return findings;
  if (day < birthDay) {
    findings.push("vaccination-date.before-birth");
  } else if (vaccine?.minAgeYears != null) {
    const age = isBirthYearOnly ? yearOf(day) - yearOf(birthDay) : yearsBetween(birthDay, day);
    if (age < vaccine.minAgeYears) findings.push("vaccine.age");
  }
  return findings;
}
