import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";

export type CsvRow = Readonly<Record<string, string>>;

const sets = ["cleaned", "errors", "exceptions"] as const;

/** The rows of a CSV file by their headers; every value is text. */
export function readCsv(file: string): CsvRow[] {
  return parse(readFileSync(file), {
    bom: true,
    columns: true,
    record_delimiter: ["\r\n", "\n"],
  }) as CsvRow[];
}

/** The rows of every set of a run, in input order: by source file, line, dose. */
export function readSetRows(runDir: string): CsvRow[] {
  const rows = sets.flatMap((set) => {
    const folder = path.join(runDir, set);
    if (!existsSync(folder)) return [];
    return readdirSync(folder).flatMap((file) => readCsv(path.join(folder, file)));
  });
  return rows.sort(
    (a, b) =>
      compareTexts(a.source_file as string, b.source_file as string) ||
      Number(a.source_line) - Number(b.source_line) ||
      compareTexts(a.record_id as string, b.record_id as string),
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
