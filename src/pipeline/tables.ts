import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { CsvError, parse } from "csv-parse/sync";
import { exitCodes, LamsachError } from "../errors.js";
import { buildVaccineTable } from "../vaccination/vaccine.js";
import { type Pipeline, resolvePipelinePath } from "./pipeline.js";
import { splitPlainCsv } from "./plain-csv.js";

/** A province of the 63, by the code in a citizen ID and by the statistics code that files use. */
export interface ProvinceRow {
  /** Three digits. */
  readonly idCode: string;
  /** Two digits; wards and exports use this one. */
  readonly gsoCode: string;
  readonly name: string;
  /** With its unit: `Thành phố Hà Nội`. */
  readonly fullName: string;
}

/** A country by its code in a citizen ID. */
export interface CountryRow {
  /** Three digits. */
  readonly idCode: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2; empty when unknown. */
  readonly iso2: string;
  readonly officialName: string;
}

/** A vaccine as its table has it: texts by column; `buildVaccineTable` reads them. */
export type VaccineRow = Readonly<Record<(typeof vaccineColumns)[number], string>>;

/** Names around a ward. */
export interface WardRow {
  readonly ward: string;
  readonly districtCode: string;
  readonly district: string;
  /** GSO code. */
  readonly provinceCode: string;
  readonly province: string;
}

/** The small code tables that a pipeline names. */
export interface Tables {
  readonly provinces: readonly ProvinceRow[];
  readonly countries: readonly CountryRow[];
  /** Every three digits that can begin a citizen ID: provinces, countries and 000. */
  readonly placeCodes: ReadonlySet<string>;
  readonly vaccines: readonly VaccineRow[];
  /** By ward code of five digits. */
  readonly wards: ReadonlyMap<string, WardRow>;
  /** Name by code. */
  readonly priorityGroups: ReadonlyMap<string, string>;
  /** SHA-256 over the bytes of the five files. */
  readonly fingerprint: string;
}

/**
 * Reads the code tables of a pipeline. A file that cannot be read, has other columns, repeats a key or holds a code of
 * another form is a `LamsachError` (exit 2); every table's problems are told at once.
 */
export function loadTables(pipeline: Pick<Pipeline, "file" | "rules">): Tables {
  const problems: string[] = [];
  const hash = createHash("sha256");
  const read = <Column extends string>(
    named: string,
    key: Column,
    columns: readonly Column[],
  ): TableRows<Column> => {
    const file = resolvePipelinePath(pipeline, named);
    try {
      const bytes = readTableFile(file);
      hash.update(`${bytes.length}\n`).update(bytes);
      return readRows(bytes, file, key, columns);
    } catch (error) {
      if (!(error instanceof LamsachError)) throw error;
      problems.push(error.message);
      return { file, rows: [], lineOf: () => 0 };
    }
  };

  const named = pipeline.rules.tables;
  const provinces = read(named.provinces, "id_code", ["id_code", "gso_code", "name", "full_name"]);
  const countries = read(named.countries, "id_code", ["id_code", "name_vi", "iso2", "official_name_en"]);
  const vaccines = read(named.vaccines, "key", vaccineColumns);
  const wards = read(named.wards, "ward_code", wardColumns);
  const groups = read(named.priorityGroups, "code", ["code", "name_vi"]);
  problems.push(...codeFormProblems(provinces, "id_code", /^\d{3}$/));
  problems.push(...codeFormProblems(provinces, "gso_code", /^\d{2}$/));
  problems.push(...codeFormProblems(countries, "id_code", /^\d{3}$/));
  problems.push(...codeFormProblems(wards, "ward_code", /^(\d{5})?$/));
  problems.push(...vaccineProblems(vaccines));
  if (problems.length > 0) throw new LamsachError(exitCodes.usage, problems.join("\n"));

  return {
    provinces: provinces.rows.map((row) => ({
      idCode: row.id_code,
      gsoCode: row.gso_code,
      name: row.name,
      fullName: row.full_name,
    })),
    countries: countries.rows.map((row) => ({
      idCode: row.id_code,
      name: row.name_vi,
      iso2: row.iso2,
      officialName: row.official_name_en,
    })),
    placeCodes: new Set(["000", ...[...provinces.rows, ...countries.rows].map((row) => row.id_code)]),
    vaccines: vaccines.rows,
    wards: toWards(wards.rows),
    priorityGroups: new Map(groups.rows.map((row) => [row.code, row.name_vi])),
    fingerprint: hash.digest("hex"),
  };
}

const vaccineColumns = [
  "key",
  "canonical_name_platform",
  "product",
  "variants",
  "vn_approval_date",
  "primary_doses",
  "interval_min_days_vn",
  "age_vn",
  "cvx",
  "confirmed",
] as const;
const wardColumns = ["province_code", "province", "district_code", "district", "ward_code", "ward"] as const;

type Row<Column extends string> = Readonly<Record<Column, string>>;

/** Rows of a table in order, and the line of the file on which one begins. */
interface TableRows<Column extends string> {
  /** Absolute path: what a pipeline writes is relative to its own folder, which is not where its reader stands. */
  readonly file: string;
  readonly rows: readonly Row<Column>[];
  readonly lineOf: (position: number) => number;
}

function readTableFile(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new LamsachError(
      exitCodes.usage,
      `${file}: the table cannot be read (${code}); expected a CSV file. Check rules.tables of the pipeline.`,
    );
  }
}

const csvForm = { record_delimiter: ["\r\n", "\n"], skip_empty_lines: true };

function readRows<Column extends string>(
  bytes: Uint8Array,
  file: string,
  key: Column,
  columns: readonly Column[],
): TableRows<Column> {
  const usage = (message: string): LamsachError => new LamsachError(exitCodes.usage, message);
  let text: string;
  let records: string[][];
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    records = splitPlainCsv(text) ?? parse(text, csvForm);
  } catch (error) {
    const where = error instanceof CsvError ? `${file}:${String(error.lines ?? 1)}` : file;
    throw usage(`${where}: the table is no well-formed UTF-8 CSV; expected RFC 4180 and one width of rows.`);
  }
  const [header = [], ...cells] = records;
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw usage(`${file}:1: columns are missing; expected ${missing.join(", ")} in the header row.`);
  }
  const places = columns.map((column) => [column, header.indexOf(column)] as const);
  const rows = cells.map((record) => {
    const row = {} as Record<Column, string>;
    for (const [column, place] of places) row[column] = (record[place] ?? "").trim().normalize("NFC");
    return row;
  });
  if (rows.length === 0) throw usage(`${file}: the table has no rows; expected at least one.`);
  // Most tables are sound: lines are counted for those that are not.
  const lineOf = (position: number): number => {
    const counted = parse(text, { ...csvForm, info: true }) as unknown as { info: { lines: number } }[];
    return (counted[position + 1] as { info: { lines: number } }).info.lines;
  };
  const seen = new Set<string>();
  for (const [position, row] of rows.entries()) {
    // A district without wards has a row with an empty ward code.
    if (row[key] !== "" && seen.has(row[key])) {
      throw usage(
        `${file}:${lineOf(position)}: the ${key} stands in an earlier row too; expected each once.`,
      );
    }
    seen.add(row[key]);
  }
  return { file, rows, lineOf };
}

function codeFormProblems<Column extends string>(
  { file, rows, lineOf }: TableRows<Column>,
  column: Column,
  form: RegExp,
): string[] {
  const wrong = rows.findIndex((row) => !form.test(row[column]));
  if (wrong < 0) return [];
  return [
    `${file}:${lineOf(wrong)}: the ${column} has another form; expected digits with leading zeros, ${form.source}.`,
  ];
}

/** The first row that no vaccine can be made of, or whose texts name the vaccine of a row before it. */
function vaccineProblems({ file, rows, lineOf }: TableRows<keyof VaccineRow>): string[] {
  const keyless = rows.findIndex(({ key }) => key === "");
  if (keyless >= 0)
    return [`${file}:${lineOf(keyless)}: the key is empty; expected a short name of the vaccine.`];
  if (isVaccineTable(rows)) return [];
  const wrong = rows.findIndex((_row, position) => !isVaccineTable(rows.slice(0, position + 1)));
  return [
    `${file}:${lineOf(wrong)}: a text of this row names the vaccine of an earlier row too; expected each name, product ` +
      "and variant under one key. Remove it from one of the two.",
  ];
}

function isVaccineTable(rows: readonly VaccineRow[]): boolean {
  try {
    buildVaccineTable(rows);
    return true;
  } catch {
    return false;
  }
}

function toWards(rows: readonly Row<(typeof wardColumns)[number]>[]): ReadonlyMap<string, WardRow> {
  return new Map(
    rows
      .filter((row) => row.ward_code !== "")
      .map((row) => [
        row.ward_code,
        {
          ward: row.ward,
          districtCode: row.district_code,
          district: row.district,
          provinceCode: row.province_code,
          province: row.province,
        },
      ]),
  );
}
