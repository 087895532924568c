import { findCode } from "../judge/code-catalogue.js";
import { reportDimensions } from "../pipeline/report-dimensions.js";
import type { Dimension, DimensionRow, Metrics, Tally } from "./metrics.js";

/** Sizes of the three sets; they add up to `records` when every code is known. */
export interface SetCounts {
  readonly records: number;
  readonly cleaned: number;
  readonly errors: number;
  readonly exceptions: number;
}

/** A share with what it was made from; `percent` has at most 4 decimals, rounded down, and is null when not applicable. */
export interface Percentage {
  readonly numerator: number;
  readonly denominator: number;
  readonly percent: number | null;
}

/** Counts a tally's records by set; a code that the catalogue does not hold is in no set (`checkBooks` reports it). */
export function countSets(tally: Tally): SetCounts {
  let counted = counts.get(tally);
  if (counted === undefined) {
    const sets = { cleaned: 0, errors: 0, exceptions: 0 };
    for (const code in tally.byCode) {
      const set = findCode(code)?.set;
      if (set !== undefined) sets[set] += tally.byCode[code] as number;
    }
    counted = { records: tally.records, ...sets };
    counts.set(tally, counted);
  }
  return counted;
}

/** A report asks for the sets of each ward's tally many times. */
const counts = new WeakMap<Tally, SetCounts>();

/** Cleaned ÷ (records − exceptions): the share of what Scheme 06 asks to be cleaned (Decision 2491/QĐ-BYT). */
export function cleanliness(tally: Tally): Percentage {
  const { records, cleaned, exceptions } = countSets(tally);
  return percentOf(cleaned, records - exceptions);
}

/** Cleaned ÷ records: the share of everything that was delivered. */
export function coverage(tally: Tally): Percentage {
  const { records, cleaned } = countSets(tally);
  return percentOf(cleaned, records);
}

/**
 * Share of a whole in percent, rounded down to 4 decimals so that 100 means all of it; null when the denominator is 0.
 * Exact up to 9,007,199,254 records (the product stays a safe integer).
 */
export function percentOf(numerator: number, denominator: number): Percentage {
  const percent = denominator > 0 ? Math.floor((numerator * 1_000_000) / denominator) / 10_000 : null;
  return { numerator, denominator, percent };
}

/** Records (or people) that are not in `cleaned`: errors and exceptions. */
export function countNotClean(tally: Tally): number {
  return tally.records - countSets(tally).cleaned;
}

/** Every way in which the counts contradict each other, as sentences; empty when the books balance. */
export function checkBooks(metrics: Metrics): string[] {
  const problems = [...checkTally("doses", metrics.doses), ...checkTally("people", metrics.people)];
  if (metrics.people.records > metrics.doses.records) {
    problems.push(
      `people: ${metrics.people.records} people have ${metrics.doses.records} records; expected at least one record each.`,
    );
  }
  for (const dimension of reportDimensions) {
    const rows = metrics.dimensions[dimension];
    if (rows !== undefined) problems.push(...checkDimension(dimension, rows, metrics));
  }
  return [...problems, ...checkFiles(metrics), ...checkFindings(metrics)];
}

function checkTally(where: string, tally: Tally): string[] {
  const problems: string[] = [];
  const counts = Object.entries(tally.byCode);
  for (const [code, count] of counts) {
    if (findCode(code) === undefined) {
      problems.push(`${where}: code ${code} is not in the catalogue; expected one of \`lamsach codes\`.`);
    }
    if (!isCount(count)) problems.push(`${where}: code ${code} counts ${count}; expected a whole number.`);
  }
  if (!isCount(tally.records)) problems.push(`${where}: ${tally.records} records; expected a whole number.`);
  const byCode = counts.reduce((sum, [, count]) => sum + count, 0);
  if (byCode !== tally.records) {
    problems.push(`${where}: the codes add up to ${byCode}; expected ${tally.records} records.`);
  }
  const { cleaned, errors, exceptions } = countSets(tally);
  const bySet = cleaned + errors + exceptions;
  if (bySet !== tally.records) {
    problems.push(
      `${where}: cleaned ${cleaned} + errors ${errors} + exceptions ${exceptions} = ${bySet}; expected ${tally.records} records.`,
    );
  }
  return problems;
}

function checkDimension(dimension: Dimension, rows: readonly DimensionRow[], metrics: Metrics): string[] {
  const problems: string[] = [];
  const keys = new Set<string>();
  rows.forEach((row, index) => {
    // Rows are named by position: a key may be a text that somebody delivered.
    const where = `${dimension} row ${index + 1}`;
    if (keys.has(row.key)) problems.push(`${where}: its key comes twice; expected one row per value.`);
    keys.add(row.key);
    problems.push(...checkTally(`${where}, doses`, row.doses), ...checkTally(`${where}, people`, row.people));
    if (row.people.records > row.doses.records) {
      problems.push(
        `${where}: ${row.people.records} people have ${row.doses.records} records; expected at least one record each.`,
      );
    }
    if (row.people.records > metrics.people.records) {
      problems.push(
        `${where}: ${row.people.records} people; expected no more than the ${metrics.people.records} of the run.`,
      );
    }
  });
  problems.push(...checkDoseSums(dimension, rows, metrics.doses));
  const people = rows.reduce((sum, row) => sum + row.people.records, 0);
  if (people < metrics.people.records) {
    problems.push(
      `${dimension}, people: the rows add up to ${people}; expected at least ${metrics.people.records}, since everyone counts somewhere.`,
    );
  }
  return problems;
}

function checkDoseSums(dimension: Dimension, rows: readonly DimensionRow[], total: Tally): string[] {
  const problems: string[] = [];
  const records = rows.reduce((sum, row) => sum + row.doses.records, 0);
  if (records !== total.records) {
    problems.push(
      `${dimension}, doses: the rows add up to ${records} records; expected ${total.records}, the total.`,
    );
  }
  const sums = new Map(Object.keys(total.byCode).map((code) => [code, 0]));
  for (const { doses } of rows) {
    for (const code in doses.byCode) sums.set(code, (sums.get(code) ?? 0) + (doses.byCode[code] as number));
  }
  for (const [code, sum] of [...sums].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const expected = total.byCode[code] ?? 0;
    if (sum !== expected) {
      problems.push(
        `${dimension}, doses, ${code}: the rows add up to ${sum}; expected ${expected}, the total.`,
      );
    }
  }
  return problems;
}

function checkFiles(metrics: Metrics): string[] {
  const problems: string[] = [];
  const records = metrics.files.reduce((sum, file) => sum + file.records, 0);
  if (records !== metrics.doses.records) {
    problems.push(`files: they hold ${records} records; expected ${metrics.doses.records}, the total.`);
  }
  const rows = metrics.dimensions.file;
  if (rows === undefined) return problems;
  const counted = new Map(rows.map((row) => [row.key, row.doses.records]));
  metrics.files.forEach((file, index) => {
    const sorted = counted.get(file.name) ?? 0;
    if (sorted !== file.records) {
      problems.push(
        `file ${index + 1} of ${metrics.files.length}: ${sorted} records are in the sets; expected ${file.records}, as read.`,
      );
    }
  });
  return problems;
}

function checkFindings(metrics: Metrics): string[] {
  return Object.entries(metrics.findings)
    .filter(([, count]) => !isCount(count) || count > metrics.doses.records)
    .map(
      ([finding, count]) =>
        `finding ${finding}: ${count} records; expected a whole number up to ${metrics.doses.records}.`,
    );
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
