import type { AssessRules } from "../assess/rules.js";
import { dayNumber } from "../identity/calendar.js";
import type { Pipeline } from "../pipeline/pipeline.js";
import type { Tables } from "../pipeline/tables.js";
import { buildVaccineTable } from "../vaccination/vaccine.js";

/** A pipeline's rules with its tables, for a run as of `asOf` (yyyy-mm-dd). */
export function createAssessRules(pipeline: Pipeline, tables: Tables, asOf: string): AssessRules {
  const { maxAgeYears, maxDoseNumber, placeholders, programmeStart } = pipeline.rules;
  return {
    asOfDay: readIsoDay(asOf),
    programmeStartDay: readIsoDay(programmeStart),
    maxAgeYears,
    maxDoseNumber,
    placeholders,
    tables,
    vaccines: buildVaccineTable(tables.vaccines),
  };
}

function readIsoDay(text: string): number {
  const [year, month, day] = text.split("-").map(Number);
  return dayNumber(year as number, month as number, day as number);
}
