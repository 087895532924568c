import type { Conserved } from "./conservation.js";
import type { PublishedRecord } from "./published.js";
import type { FoundShare } from "./record-people.js";
import { dimensions as allDimensions, type Values } from "./record-values.js";
import { type Counts, countByKey, type Recount } from "./recount.js";

interface Share {
  numerator?: unknown;
  denominator?: unknown;
  percent?: unknown;
}
interface Tally {
  records?: unknown;
  byCode?: Record<string, number>;
  cleaned?: unknown;
  errors?: unknown;
  exceptions?: unknown;
  cleanliness?: Share;
  coverage?: Share;
}
interface Row {
  key: string;
  doses: Tally;
  people: Tally;
}
interface Summary {
  doses?: Tally;
  people?: Tally;
  dimensions?: Record<string, Row[]>;
  findings?: Record<string, number>;
  files?: { name: string; records: number }[];
  gates?: { name: string; value: number | null }[];
}

/** A run's records, with what the checker makes of each. */
export interface CheckedRecords {
  readonly records: readonly PublishedRecord[];
  readonly conserved: Conserved;
  readonly values: readonly Values[];
  /** Each record's person; null without a register to tell. */
  readonly people: readonly string[] | null;
  /** Null without a register. */
  readonly found: FoundShare | null;
}

const where = "summary.json";

/** `report/summary.json` against the sets: every count of doses and of people, and what is computed from them. */
export function checkSummary(summary: unknown, checked: CheckedRecords): string[] {
  const { doses, people, dimensions = {}, findings = {}, files = [], gates = [] } = summary as Summary;
  if (doses === undefined || people === undefined) return [`${where}: doses or people are missing.`];
  const { records, conserved, values } = checked;
  const total = [{ key: "", doses, people }];
  const problems = checkRows("total", total, checked, () => "");
  for (const [dimension, rows] of Object.entries(dimensions)) {
    const name = allDimensions.find((each) => each === dimension);
    if (name === undefined) problems.push(`${where}, ${dimension}: the checker does not know it.`);
    else problems.push(...checkRows(name, rows, checked, (record) => values[record]?.[name] ?? ""));
  }
  const counted = new Map<string, number>();
  for (const record of records) for (const id of record.findings) counted.set(id, (counted.get(id) ?? 0) + 1);
  return [
    ...problems,
    ...compareCounts(`${where}, findings`, findings, counted),
    ...checkFiles(files, records, conserved),
    ...checkGates(gates, checked),
  ];
}

function checkFiles(
  files: readonly { name: string; records: number }[],
  records: readonly PublishedRecord[],
  conserved: Conserved,
): string[] {
  const problems: string[] = [];
  const inSets = new Map<string, number>();
  for (const { file } of records) inSets.set(file, (inSets.get(file) ?? 0) + 1);
  const names = new Set(files.map((file) => file.name));
  const missing = [...conserved.expectedByFile.keys()].filter((name) => !names.has(name)).length;
  if (missing > 0) problems.push(`${where}: ${missing} source files with records are not listed.`);
  for (const { name, records: count } of files) {
    if (count !== (inSets.get(name) ?? 0))
      problems.push(`${where}, file ${name}: its records are not in the sets.`);
    if (count !== (conserved.expectedByFile.get(name) ?? 0))
      problems.push(`${where}, file ${name}: its records are not those of the input.`);
  }
  return problems;
}

/** The measures of gates that the sets and the register tell, without the history of runs. */
function checkGates(
  gates: NonNullable<Summary["gates"]>,
  { records, people, found }: CheckedRecords,
): string[] {
  const errors = records.filter(({ folder }) => folder === "errors").length;
  const measures = new Map<string, number | null | undefined>([
    ["maxErrorShare", records.length === 0 ? null : errors / records.length],
    ["minRecords", records.length],
    ["minFoundShare", people === null ? undefined : (found?.share ?? null)],
    ["minRegisterPeople", people === null ? undefined : (found?.people ?? null)],
  ]);
  return gates.flatMap(({ name, value }) => {
    const measure = measures.get(name);
    if (measure === undefined || value === measure) return [];
    const isNear = value !== null && measure !== null && Math.abs(value - measure) < 1e-6;
    return isNear ? [] : [`${where}, gate ${name}: it is ${value}, counted ${measure}.`];
  });
}

const nobody: Recount = { doses: new Map(), people: new Map() };

/** The rows of a dimension, each with its doses and people. Rows are named by position: a key may be a delivered text. */
function checkRows(
  dimension: string,
  rows: readonly Row[],
  { records, people }: CheckedRecords,
  keyOf: (record: number) => string,
): string[] {
  const counted = countByKey(records, people ?? records.map((_, at) => String(at)), keyOf);
  const problems = rows.flatMap((row, at) => {
    const place = dimension === "total" ? where : `${where}, ${dimension} row ${at + 1}`;
    const recount = counted.get(row.key) ?? nobody;
    return [
      ...checkTally(`${place}, doses`, row.doses),
      ...checkTally(`${place}, people`, row.people),
      ...compareCounts(`${place}, doses`, row.doses.byCode, recount.doses),
      ...(people === null ? [] : compareCounts(`${place}, people`, row.people.byCode, recount.people)),
    ];
  });
  const keys = new Set(rows.map((row) => row.key));
  if (keys.size !== rows.length) problems.push(`${where}, ${dimension}: a key comes twice.`);
  const missing = [...counted.keys()].filter((key) => !keys.has(key)).length;
  // The totals of a run without records are there all the same.
  if (missing > 0) problems.push(`${where}, ${dimension}: ${missing} values with records have no row.`);
  return problems;
}

function checkTally(place: string, tally: Tally): string[] {
  const problems: string[] = [];
  const sum = (letter: string): number =>
    Object.entries(tally.byCode ?? {}).reduce(
      (total, [code, count]) => (code.startsWith(letter) ? total + count : total),
      0,
    );
  const [cleaned, errors, exceptions] = [sum("C"), sum("E"), sum("X")];
  if (tally.records !== cleaned + errors + exceptions) problems.push(`${place}: the codes do not add up.`);
  const counts: readonly (readonly [string, unknown, number])[] = [
    ["cleaned", tally.cleaned, cleaned],
    ["errors", tally.errors, errors],
    ["exceptions", tally.exceptions, exceptions],
  ];
  for (const [name, given, counted] of counts) {
    if (given !== counted) problems.push(`${place}: ${name} is not ${counted}.`);
  }
  const records = cleaned + errors + exceptions;
  return [
    ...problems,
    ...checkShare(`${place}, cleanliness`, tally.cleanliness, cleaned, records - exceptions),
    ...checkShare(`${place}, coverage`, tally.coverage, cleaned, records),
  ];
}

function checkShare(
  place: string,
  share: Share | undefined,
  numerator: number,
  denominator: number,
): string[] {
  if (share?.numerator !== numerator || share.denominator !== denominator) {
    return [`${place}: it is not ${numerator} ÷ ${denominator}.`];
  }
  if (denominator === 0) {
    return share.percent === null ? [] : [`${place}: the percent of nothing is not null.`];
  }
  const off = Math.abs(Number(share.percent ?? Number.NaN) - (100 * numerator) / denominator);
  return off < 0.0001 + 1e-9 ? [] : [`${place}: the percent is not that of its numerator and denominator.`];
}

function compareCounts(place: string, given: Record<string, number> = {}, counted: Counts): string[] {
  const codes = [...new Set([...Object.keys(given), ...counted.keys()])].sort();
  return codes
    .filter((code) => (given[code] ?? 0) !== (counted.get(code) ?? 0))
    .map((code) => `${place}: ${code} is ${given[code] ?? 0}, counted ${counted.get(code) ?? 0}.`);
}
