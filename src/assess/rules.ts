import type { Tables } from "../pipeline/tables.js";
import type { VaccineTable } from "../vaccination/vaccine.js";

/** What the rules of a pipeline need to know, beside the record itself. */
export interface AssessRules {
  readonly asOfDay: number;
  readonly programmeStartDay: number;
  readonly maxAgeYears: number;
  readonly maxDoseNumber: number;
  readonly placeholders: readonly string[];
  readonly tables: Tables;
  readonly vaccines: VaccineTable;
}
