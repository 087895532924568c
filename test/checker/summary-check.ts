import type { Conserved } from "./conservation.js";
import { type Groups, groupDimensions } from "./group-check.js";
import type { PublishedRecord } from "./published.js";

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
  files?: { name: string; records: number }[];
}
type Counts = Map<string, number>;

/** `report/summary.json` against the sets and the inputs: every count of doses, and the arithmetic of all the rest. */
export function checkSummary(
  summary: unknown,
  records: readonly PublishedRecord[],
  conserved: Conserved,
  groups: readonly Groups[],
): string[] {
  const { doses, people, dimensions = {}, files = [] } = summary as Summary;
  const problems: string[] = [];
  const where = "summary.json";
  if (doses === undefined || people === undefined) return [`${where}: doses or people are missing.`];
  problems.push(...checkTally(`${where}, doses`, doses), ...checkTally(`${where}, people`, people));
  problems.push(...compareCounts(`${where}, doses`, doses.byCode, countCodes(records)));
  if (Number(people.records) > Number(doses.records))
    problems.push(`${where}: there are more people than doses.`);

  for (const [dimension, rows] of Object.entries(dimensions)) {
    problems.push(...checkDimension(`${where}, ${dimension}`, rows, doses));
  }
  const byFile = groupBy(records, (record) => record.file);
  const names = new Set(files.map((file) => file.name));
  const missing = [...conserved.expectedByFile.keys()].filter((name) => !names.has(name)).length;
  if (missing > 0) problems.push(`${where}: ${missing} source files with records are not listed.`);
  for (const { name, records: count } of files) {
    if (count !== (byFile.get(name)?.length ?? 0))
      problems.push(`${where}, file ${name}: its records are not in the sets.`);
    if (count !== (conserved.expectedByFile.get(name) ?? 0)) {
      problems.push(`${where}, file ${name}: its records are not those of the input.`);
    }
  }
  for (const row of dimensions.file ?? []) {
    const counts = countCodes(byFile.get(row.key) ?? []);
    problems.push(...compareCounts(`${where}, file ${row.key}`, row.doses.byCode, counts));
  }
  for (const dimension of groupDimensions) {
    const rows = dimensions[dimension];
    if (rows === undefined) continue;
    const keys = groups.map((each) => each[dimension]);
    problems.push(...checkGroups(`${where}, ${dimension}`, rows, records, keys));
  }
  return [
    ...problems,
    ...checkProvinces(`${where}, province`, dimensions.province ?? [], records, conserved),
  ];
}

function checkTally(where: string, tally: Tally): string[] {
  const problems: string[] = [];
  const sum = (letter: string): number =>
    Object.entries(tally.byCode ?? {}).reduce(
      (total, [code, count]) => (code.startsWith(letter) ? total + count : total),
      0,
    );
  const [cleaned, errors, exceptions] = [sum("C"), sum("E"), sum("X")];
  if (tally.records !== cleaned + errors + exceptions) problems.push(`${where}: the codes do not add up.`);
  const counts: readonly (readonly [string, unknown, number])[] = [
    ["cleaned", tally.cleaned, cleaned],
    ["errors", tally.errors, errors],
    ["exceptions", tally.exceptions, exceptions],
  ];
  for (const [name, given, counted] of counts) {
    if (given !== counted) problems.push(`${where}: ${name} is not ${counted}.`);
  }
  const records = cleaned + errors + exceptions;
  return [
    ...problems,
    ...checkShare(`${where}, cleanliness`, tally.cleanliness, cleaned, records - exceptions),
    ...checkShare(`${where}, coverage`, tally.coverage, cleaned, records),
  ];
}

function checkShare(
  where: string,
  share: Share | undefined,
  numerator: number,
  denominator: number,
): string[] {
  if (share?.numerator !== numerator || share.denominator !== denominator) {
    return [`${where}: it is not ${numerator} ÷ ${denominator}.`];
  }
  if (denominator === 0) {
    return share.percent === null ? [] : [`${where}: the percent of nothing is not null.`];
  }
  const off = Math.abs(Number(share.percent ?? Number.NaN) - (100 * numerator) / denominator);
  return off < 0.0001 + 1e-9 ? [] : [`${where}: the percent is not that of its numerator and denominator.`];
}

function checkDimension(where: string, rows: readonly Row[], total: Tally): string[] {
  const sums: Counts = new Map();
  for (const row of rows) {
    for (const [code, count] of Object.entries(row.doses.byCode ?? {}))
      sums.set(code, (sums.get(code) ?? 0) + count);
  }
  const isUnique = new Set(rows.map((row) => row.key)).size === rows.length;
  return [
    ...(isUnique ? [] : [`${where}: a key comes twice.`]),
    ...rows.flatMap((row, index) => [
      ...checkTally(`${where} row ${index + 1}, doses`, row.doses),
      ...checkTally(`${where} row ${index + 1}, people`, row.people),
    ]),
    ...compareCounts(`${where}, sum of the rows`, total.byCode, sums),
  ];
}

/**
 * A record with a province code counts at that code. One without may count anywhere (its province's
 * name may tell), so a row may hold more than the codes say, by no more than there are such records.
 */
function checkProvinces(
  where: string,
  rows: readonly Row[],
  records: readonly PublishedRecord[],
  conserved: Conserved,
): string[] {
  if (rows.length === 0) return [];
  const keys = new Set(rows.map((row) => row.key));
  const byKey = groupBy(records, (record) => {
    // A row that cannot be read has no province, whatever stands in its bytes.
    if (/^E1\d$/.test(record.code)) return "";
    const code = conserved.deliveredValue(record, "province_code").trim();
    return [code, code.padStart(2, "0")].find((key) => keys.has(key)) ?? "";
  });
  const unplaced = countCodes(byKey.get("") ?? []);
  return rows
    .filter((row) => row.key !== "")
    .flatMap((row, index) => {
      const counted = countCodes(byKey.get(row.key) ?? []);
      const codes = new Set([...counted.keys(), ...Object.keys(row.doses.byCode ?? {})]);
      return [...codes]
        .filter((code) => {
          const more = (row.doses.byCode?.[code] ?? 0) - (counted.get(code) ?? 0);
          return more < 0 || more > (unplaced.get(code) ?? 0);
        })
        .map((code) => `${where} row ${index + 1}: its ${code} are not those of the sets.`);
    });
}

/**
 * A record whose group the checker is sure of counts there. The others may count anywhere, so a row may hold more, by no
 * more than there are such records.
 */
function checkGroups(
  where: string,
  rows: readonly Row[],
  records: readonly PublishedRecord[],
  keys: readonly (string | null)[],
): string[] {
  const countOf = (wanted: string | null): Counts =>
    countCodes(records.filter((_, record) => keys[record] === wanted));
  const unsure = countOf(null);
  const rowByKey = new Map(rows.map((row) => [row.key, row]));
  const all = [...new Set([...rowByKey.keys(), ...keys.filter((key) => key !== null)])];
  return all.flatMap((key, index) => {
    const given = rowByKey.get(key)?.doses.byCode ?? {};
    const counted = countOf(key);
    return [...new Set([...counted.keys(), ...Object.keys(given)])]
      .filter((code) => {
        const more = (given[code] ?? 0) - (counted.get(code) ?? 0);
        return more < 0 || more > (unsure.get(code) ?? 0);
      })
      .map((code) => `${where} row ${index + 1}: its ${code} are not those of the sets.`);
  });
}

function compareCounts(where: string, given: Record<string, number> = {}, counted: Counts): string[] {
  const codes = [...new Set([...Object.keys(given), ...counted.keys()])].sort();
  return codes
    .filter((code) => (given[code] ?? 0) !== (counted.get(code) ?? 0))
    .map((code) => `${where}: ${code} is ${given[code] ?? 0}, counted ${counted.get(code) ?? 0}.`);
}

function countCodes(records: readonly PublishedRecord[]): Counts {
  const counts: Counts = new Map();
  for (const { code } of records) counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
}

function groupBy(
  records: readonly PublishedRecord[],
  keyOf: (record: PublishedRecord) => string,
): Map<string, PublishedRecord[]> {
  const groups = new Map<string, PublishedRecord[]>();
  for (const record of records) {
    const group = groups.get(keyOf(record));
    if (group === undefined) groups.set(keyOf(record), [record]);
    else group.push(record);
  }
  return groups;
}
