import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import type { PublishedRecord } from "./published.js";

/**
 * Codes against those that the generator meant. truth.csv has `code` (or `expected_code`) and either `record_id` or
 * `source_file` and `source_line`; a record_id that comes twice is compared as a group.
 */
export async function checkTruth(
  path: string,
  records: readonly PublishedRecord[],
): Promise<{ problems: string[]; compared: number; different: number }> {
  const rows = parse(await readFile(path), { bom: true, columns: true }) as Record<string, string>[];
  const hasId = rows[0]?.record_id !== undefined;
  const hasPlace = rows[0]?.source_file !== undefined && rows[0]?.source_line !== undefined;
  if (rows.length > 0 && !hasId && !hasPlace) {
    return { problems: ["truth: it names no records."], compared: 0, different: 0 };
  }
  const given = new Map<string, string[]>();
  for (const record of records) {
    const key = hasId ? record.recordId : `${record.file}:${record.line}`;
    given.set(key, [...(given.get(key) ?? []), record.code].sort());
  }
  const meant = new Map<string, { codes: string[]; row: number }>();
  rows.forEach((row, index) => {
    const key = hasId ? (row.record_id as string) : `${row.source_file}:${row.source_line}`;
    const codes = [...(meant.get(key)?.codes ?? []), row.code ?? row.expected_code ?? ""].sort();
    meant.set(key, { codes, row: index + 1 });
  });
  const problems = [...meant].flatMap(([key, { codes, row }]) => {
    const published = given.get(key) ?? [];
    if (published.join() === codes.join()) return [];
    return [`truth row ${row}: expected ${codes.join("+")}, published ${published.join("+") || "nothing"}.`];
  });
  return { problems, compared: meant.size, different: problems.length };
}
