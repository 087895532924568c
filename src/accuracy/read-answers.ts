import { CsvError, parse } from "csv-parse/sync";
import { exitCodes, LamsachError } from "../errors.js";
import { readVerdict, type Verdict } from "./verdict-text.js";

/** A sample as its rows name it: of which run, by which seed and how large; the same three draw it again. */
export interface SampleName {
  readonly run: string;
  readonly seed: number;
  readonly size: number;
}

/** A row of a filled sample. */
export interface Answer {
  /** As a spreadsheet counts: the header is row 1. */
  readonly row: number;
  readonly key: string;
  readonly verdict: Verdict;
}

export interface Answers {
  readonly sample: SampleName;
  readonly answers: readonly Answer[];
}

/** A sample's name as text. */
export function formatSampleName({ run, seed, size }: SampleName): string {
  return `${run}/${seed}/${size}`;
}

/**
 * Reads a sample that people have filled in: UTF-8 CSV with comma, semicolon or tab, as a spreadsheet saves it, with the
 * columns sample, key and verdict among others. Throws `LamsachError` (exit 3) that names every row without a verdict,
 * of another sample, or with a key that comes twice, and no cell.
 */
export function readAnswers(bytes: Uint8Array, name: string): Answers {
  const rows = readTable(bytes, name);
  const header = (rows.shift()?.record ?? []).map((text) => text.trim());
  const columns = ["sample", "key", "verdict"].map((column) => header.indexOf(column));
  const [sampleColumn = -1, keyColumn = -1, verdictColumn = -1] = columns;
  if (columns.includes(-1)) {
    throw input(
      `${name}:1: columns are missing; expected sample, key and verdict in the first row. Fill in the file of \`lamsach audit-sample\`, and keep its columns.`,
    );
  }
  const first = rows[0];
  if (first === undefined) {
    throw input(
      `${name}: there are no rows; expected those of a sample. Fill in the file of \`lamsach audit-sample\`.`,
    );
  }
  const named = first.record[sampleColumn]?.trim() ?? "";
  const sample = parseSampleName(named);
  if (sample === null) {
    throw input(
      `${name}, row ${first.row}: the column sample names none; expected it as \`lamsach audit-sample\` wrote it. Take it from the file that was made.`,
    );
  }

  const problems: string[] = [];
  const answers: Answer[] = [];
  const rowOfKey = new Map<string, number>();
  for (const { record, row } of rows) {
    const key = record[keyColumn]?.trim() ?? "";
    const verdict = readVerdict(record[verdictColumn] ?? "");
    const before = rowOfKey.get(key);
    if (record[sampleColumn]?.trim() !== named) {
      problems.push(
        `${name}, row ${row}: this is of another sample than the first; expected rows of one sample.`,
      );
    } else if (before !== undefined) {
      problems.push(`${name}, row ${row}: this row stands in row ${before} too; expected each row once.`);
    } else if (verdict === null) {
      problems.push(
        `${name}, row ${row}: there is no verdict; expected right, wrong or unsure (đúng, sai, không rõ). Write unsure where nobody can say.`,
      );
    } else {
      answers.push({ row, key, verdict });
    }
    rowOfKey.set(key, before ?? row);
  }
  refuseProblems(problems);
  return { sample, answers };
}

/** Throws `LamsachError` (exit 3) with the first 20 problems, a line each, when there are any. */
export function refuseProblems(problems: readonly string[]): void {
  if (problems.length === 0) return;
  const more = problems.length - shownProblems;
  throw input([...problems.slice(0, shownProblems), ...(more > 0 ? [`… and ${more} more`] : [])].join("\n"));
}

const shownProblems = 20;

function readTable(bytes: Uint8Array, name: string): { record: string[]; row: number }[] {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw input(`${name}: this is not UTF-8; expected the CSV file of a sample. Save it as "CSV UTF-8".`);
  }
  const firstLine = /^[^\r\n]*/.exec(text)?.[0] ?? "";
  const delimiter = [",", ";", "\t"].sort((a, b) => firstLine.split(b).length - firstLine.split(a).length)[0];
  try {
    const rows = parse(text, {
      ...{ bom: true, relax_column_count: true },
      delimiter: delimiter ?? ",",
    }) as string[][];
    return rows
      .map((record, at) => ({ record, row: at + 1 }))
      .filter(({ record }) => record.some((cell) => cell.trim() !== ""));
  } catch (error) {
    const line = error instanceof CsvError ? `:${String(error.lines ?? 1)}` : "";
    throw input(
      `${name}${line}: this is no well-formed CSV; expected RFC 4180 quoting. Save it as CSV again.`,
    );
  }
}

function parseSampleName(text: string): SampleName | null {
  const [, run, seed, size] = /^(\d{4}-\d{2}-\d{2}-[0-9a-f]{12})\/(\d{1,10})\/(\d{1,12})$/.exec(text) ?? [];
  return run === undefined ? null : { run, seed: Number(seed), size: Number(size) };
}

function input(message: string): LamsachError {
  return new LamsachError(exitCodes.input, message);
}
