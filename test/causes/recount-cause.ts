import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { shippedPolicy } from "../support/sample.js";
import type { CsvRow } from "../support/set-rows.js";

/** What is counted of a cause, in the words of `summary.json`. */
export interface Recount {
  readonly records: number;
  readonly withFinding: number;
  readonly restRecords: number;
  readonly restWithFinding: number;
  readonly saved: number;
}

export interface CausePlace {
  readonly dimension: string;
  readonly key: string;
  readonly finding: string;
  readonly sinceDay: string | null;
  readonly sinceLine: number | null;
}

const columnOf: Readonly<Record<string, string>> = {
  province: "province_code",
  facility: "facility_code",
  file: "source_file",
};

const faults = new Set([
  ...Object.keys((parse(readFileSync(shippedPolicy, "utf8")) as { codes: object }).codes),
  ...["name.different", "birth-date.different", "sex.different", "register.several-different"],
]);

/** Counts a cause again from the published rows of all sets, with no code of the pipeline. */
export function recountCause(rows: readonly CsvRow[], cause: CausePlace): Recount {
  const own = rows.filter((row) => isOfCause(row, cause));
  const rest = rows.filter((row) => !isOfCause(row, cause));
  const count = (some: readonly CsvRow[], isCounted: (row: CsvRow, finding: string) => boolean): number =>
    some.filter((row) => isCounted(row, cause.finding)).length;
  const expected = rest.length === 0 ? 0 : Math.round((own.length * count(rest, isHeld)) / rest.length);
  return {
    records: own.length,
    withFinding: count(own, shows),
    restRecords: rest.length,
    restWithFinding: count(rest, shows),
    saved: count(own, isHeld) - expected,
  };
}

function isOfCause(row: CsvRow, { dimension, key, sinceDay, sinceLine }: CausePlace): boolean {
  if (row[columnOf[dimension] as string] !== key || (dimension !== "file" && isUnreadable(row))) return false;
  if (sinceLine !== null) return Number(row.source_line) >= sinceLine;
  return sinceDay === null || readIso(row.vaccination_date as string) >= sinceDay;
}

function isUnreadable(row: CsvRow): boolean {
  return (row.code as string).startsWith("E1");
}

function listFindings(row: CsvRow): string[] {
  return (row.findings as string).split(";").filter((finding) => finding !== "");
}

/** A shifted row shows that it is shifted, and nothing else. */
function shows(row: CsvRow, finding: string): boolean {
  const findings = listFindings(row);
  return findings.includes(finding) && (finding === "row.shifted" || !findings.includes("row.shifted"));
}

/** Not clean, and nothing but what the finding is about is wrong. */
function isHeld(row: CsvRow, finding: string): boolean {
  if (row.set === "cleaned" || !shows(row, finding)) return false;
  if (finding === "row.shifted") return true;
  const field = finding.split(".")[0] as string;
  return listFindings(row)
    .filter((other) => faults.has(other))
    .every((other) => other === finding || other.startsWith(`${field}.`));
}

/** Every way in which the sample writes a vaccination date; "" for what is none. */
function readIso(text: string): string {
  const dayFirst = /^(\d\d)\/(\d\d)\/(\d\d(?:\d\d)?)$/.exec(text);
  if (dayFirst) {
    const [, day, month, year = ""] = dayFirst;
    return Number(month) > 12 ? "" : `${year.padStart(4, "20")}-${month}-${day}`;
  }
  if (/^\d{5}$/.test(text)) return new Date((Number(text) - 25_569) * 86_400_000).toISOString().slice(0, 10);
  return /^\d{4}-\d\d-\d\d$/.test(text) ? text : "";
}
