import { findCode } from "../judge/code-catalogue.js";
import { reportDimensions } from "../pipeline/report-dimensions.js";
import { type DimensionTable, tabulate, tallyAt, type Unit } from "./dimension-table.js";
import type { Dimension, Metrics, Tally } from "./metrics.js";
import { countSets } from "./percentages.js";

/** Every way in which the counts contradict each other, as sentences; empty when the books balance. */
export function checkBooks(metrics: Metrics): string[] {
  const problems = [...checkTally("doses", metrics.doses), ...checkTally("people", metrics.people)];
  if (metrics.people.records > metrics.doses.records) {
    problems.push(
      `people: ${metrics.people.records} people have ${metrics.doses.records} records; expected at least one record each.`,
    );
  }
  for (const dimension of reportDimensions) {
    const table = tabulate(metrics.dimensions, dimension);
    if (table !== null) problems.push(...checkDimension(dimension, table, metrics));
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

function checkDimension(dimension: Dimension, table: DimensionTable, metrics: Metrics): string[] {
  const problems: string[] = [];
  const keys = new Set<string>();
  const isSound = { doses: rowChecker(table, "doses"), people: rowChecker(table, "people") };
  const { doses, people } = table;
  for (const [row, key] of table.keys.entries()) {
    // Rows are named by position: a key may be a text that somebody delivered.
    const where = `${dimension} row ${row + 1}`;
    if (keys.has(key)) problems.push(`${where}: its key comes twice; expected one row per value.`);
    keys.add(key);
    for (const unit of units) {
      if (!isSound[unit](row)) problems.push(...checkTally(`${where}, ${unit}`, tallyAt(table, unit, row)));
    }
    const [records, persons] = [doses.records[row] as number, people.records[row] as number];
    if (persons > records) {
      problems.push(
        `${where}: ${persons} people have ${records} records; expected at least one record each.`,
      );
    }
    if (persons > metrics.people.records) {
      problems.push(
        `${where}: ${persons} people; expected no more than the ${metrics.people.records} of the run.`,
      );
    }
  }
  problems.push(...checkDoseSums(dimension, table, metrics.doses));
  const sum = addUp(people.records);
  if (sum < metrics.people.records) {
    problems.push(
      `${dimension}, people: the rows add up to ${sum}; expected at least ${metrics.people.records}, since everyone counts somewhere.`,
    );
  }
  return problems;
}

const units = ["doses", "people"] as const;

/** Whether `checkTally` would find nothing wrong with a row: in most runs it has nothing to look for. */
function rowChecker(table: DimensionTable, unit: Unit): (row: number) => boolean {
  const { records, starts, codes, counts } = table[unit];
  const isKnown = table.codes.map((code) => findCode(code) !== undefined);
  return (row) => {
    const end = starts[row + 1] as number;
    let sum = 0;
    for (let entry = starts[row] as number; entry < end; entry++) {
      const count = counts[entry] as number;
      if (!isKnown[codes[entry] as number] || !isCount(count)) return false;
      sum += count;
    }
    return sum === records[row] && isCount(sum);
  };
}

function checkDoseSums(dimension: Dimension, { codes, doses }: DimensionTable, total: Tally): string[] {
  const problems: string[] = [];
  const records = addUp(doses.records);
  if (records !== total.records) {
    problems.push(
      `${dimension}, doses: the rows add up to ${records} records; expected ${total.records}, the total.`,
    );
  }
  const byCode = new Float64Array(codes.length);
  for (let entry = 0; entry < doses.codes.length; entry++) {
    const code = doses.codes[entry] as number;
    byCode[code] = (byCode[code] as number) + (doses.counts[entry] as number);
  }
  const sums = new Map([
    ...Object.keys(total.byCode).map((code) => [code, 0] as const),
    ...codes.map((code, position) => [code, byCode[position] as number] as const),
  ]);
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

function addUp(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
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
