import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { parse } from "csv-parse/sync";

export const sets = ["cleaned", "errors", "exceptions"] as const;
export type SetName = (typeof sets)[number];

/** One row of a set file. */
export interface PublishedRecord {
  readonly path: string;
  readonly folder: SetName;
  readonly recordId: string;
  readonly file: string;
  readonly line: number;
  readonly set: string;
  readonly code: string;
  readonly findings: readonly string[];
  /** Delivered cells and their headers, as the output carries them. */
  readonly cells: readonly string[];
  readonly headers: readonly string[];
  /** Of the errors alone: what is wrong, its column and byte, and the line. */
  readonly fault: readonly string[];
  readonly rawLine: string | undefined;
  /** Values of the std_ columns, without the prefix; empty outside `cleaned`. */
  readonly standard: ReadonlyMap<string, string>;
}

/** Every file below a folder, as a `/` separated path, in order. */
export async function listFiles(runDir: string): Promise<string[]> {
  const entries = await readdir(runDir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(runDir, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** Reads CSV bytes that must be UTF-8, LF, comma, RFC 4180, with no BOM and equal rows; a failure is one sentence. */
export function readRawCsv(path: string, bytes: Buffer, problems: string[]): string[][] {
  const text = bytes.toString("utf8");
  if (!Buffer.from(text, "utf8").equals(bytes)) problems.push(`${path}: it is not UTF-8.`);
  if (text.startsWith("\ufeff")) problems.push(`${path}: it begins with a BOM.`);
  if (text !== "" && !text.endsWith("\n")) problems.push(`${path}: its last row has no line feed.`);
  try {
    return parse(text, { bom: false, record_delimiter: "\n" });
  } catch {
    problems.push(`${path}: it is not RFC 4180 with equal rows.`);
    return [];
  }
}

/** All rows of the three sets, in the order of the files; what is missing or unequal goes to `problems`. */
export async function readSets(
  runDir: string,
  files: readonly string[],
  problems: string[],
): Promise<PublishedRecord[]> {
  const records: PublishedRecord[] = [];
  for (const path of files) {
    const folder = sets.find((set) => path.startsWith(`${set}/`));
    if (folder === undefined) continue;
    if (!path.endsWith(".csv")) {
      problems.push(`${path}: a set folder holds CSV files only.`);
      continue;
    }
    const [header, ...rows] = readRawCsv(path, await readFile(join(runDir, path)), problems);
    const shape = header === undefined ? null : readShape(path, folder, header, problems);
    if (shape === null) continue;
    // Not spread: a large file has more rows than a call can have arguments.
    for (const row of rows) records.push(readRecord(path, folder, row, shape));
  }
  return records;
}

interface Shape {
  readonly headers: readonly string[];
  readonly setColumn: number;
  readonly rawColumn: number;
  readonly standard: readonly (readonly [name: string, column: number])[];
}

const firstColumns = ["record_id", "source_file", "source_line"];
const judgedColumns = ["set", "code", "findings", "reason_vi", "reason_en"];
const unreadableColumns = ["fault", "fault_column", "fault_byte", "raw_line"];
const standardColumns = [
  "citizen_id",
  "full_name",
  "birth_date",
  "sex",
  "dose_no",
  "vaccine",
  "vaccine_cvx",
  "vaccination_date",
  "facility_code",
];

function readShape(
  path: string,
  folder: SetName,
  header: readonly string[],
  problems: string[],
): Shape | null {
  const last = [
    ...judgedColumns,
    ...(folder === "errors" ? unreadableColumns : []),
    ...(folder === "cleaned" ? standardColumns.map((name) => `std_${name}`) : []),
  ];
  const setColumn = header.length - last.length;
  if (
    firstColumns.some((name, column) => header[column] !== name) ||
    last.some((name, index) => header[setColumn + index] !== name)
  ) {
    problems.push(`${path}: its columns are not ${firstColumns.join()},…,${last.join()}.`);
    return null;
  }
  return {
    headers: header.slice(firstColumns.length, setColumn),
    setColumn,
    rawColumn: folder === "errors" ? header.length - 1 : -1,
    standard:
      folder === "cleaned"
        ? standardColumns.map((name, index) => [name, setColumn + judgedColumns.length + index])
        : [],
  };
}

function readRecord(path: string, folder: SetName, row: readonly string[], shape: Shape): PublishedRecord {
  const cell = (column: number): string => row[column] ?? "";
  return {
    path,
    folder,
    recordId: cell(0),
    file: cell(1),
    line: /^[1-9]\d*$/.test(cell(2)) ? Number(cell(2)) : Number.NaN,
    set: cell(shape.setColumn),
    code: cell(shape.setColumn + 1),
    findings: cell(shape.setColumn + 2)
      .split(/[^a-z0-9.-]+/)
      .filter((id) => id !== ""),
    cells: row.slice(firstColumns.length, shape.setColumn),
    headers: shape.headers,
    fault: shape.rawColumn < 0 ? [] : row.slice(shape.rawColumn - 3, shape.rawColumn),
    rawLine: shape.rawColumn < 0 ? undefined : cell(shape.rawColumn),
    standard: new Map(shape.standard.map(([name, column]) => [name, cell(column)])),
  };
}

/** `manifest.json` against the folder: each file but itself once, with its bytes, CSV records and SHA-256. */
export async function checkManifest(runDir: string, files: readonly string[]): Promise<string[]> {
  const problems: string[] = [];
  const manifest = (await readJson(join(runDir, "manifest.json"), problems)) as {
    files?: { path?: unknown; bytes?: unknown; rows?: unknown; sha256?: unknown }[];
  } | null;
  const listed = new Map((manifest?.files ?? []).map((entry) => [String(entry.path), entry]));
  if (listed.size !== (manifest?.files ?? []).length) problems.push("manifest.json: a path is listed twice.");
  for (const path of files) {
    if (path === "manifest.json") continue;
    const entry = listed.get(path);
    listed.delete(path);
    if (entry === undefined) {
      problems.push(`manifest.json: ${path} is not listed.`);
      continue;
    }
    const bytes = await readFile(join(runDir, path));
    const rows = path.endsWith(".csv") ? countCsvRecords(bytes) : null;
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    if (entry.bytes !== bytes.length) problems.push(`manifest.json: the bytes of ${path} differ.`);
    if (entry.rows !== rows) problems.push(`manifest.json: the rows of ${path} are not ${rows}.`);
    if (entry.sha256 !== sha256) problems.push(`manifest.json: the sha256 of ${path} differs.`);
  }
  for (const path of listed.keys()) problems.push(`manifest.json: ${path} is listed and not there.`);
  return problems;
}

function countCsvRecords(bytes: Buffer): number {
  const rows = parse(bytes, { bom: true, relax_column_count: true, relax_quotes: true }) as string[][];
  return Math.max(0, rows.length - 1);
}

/** A JSON file, or null and a problem. */
export async function readJson(path: string, problems: string[]): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    problems.push(`${path.split("/").slice(-2).join("/")}: it cannot be read as JSON.`);
    return null;
  }
}
