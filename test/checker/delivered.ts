import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import readWorkbook from "read-excel-file/node";

/** A delivered file, read the simplest way that could work: whole, in memory, line by line. Shares nothing with src/. */
export interface Delivered {
  readonly name: string;
  readonly headers: readonly string[];
  /** The header texts can be compared with an output's (one header row, as text). */
  readonly hasPlainHeaders: boolean;
  /** Column of each canonical name; absent when the file has none. */
  readonly columns: ReadonlyMap<string, number>;
  /** Wide files: dose number → column of each of its fields. */
  readonly doses: ReadonlyMap<number, ReadonlyMap<string, number>>;
  readonly rows: readonly DeliveredRow[];
}

export interface DeliveredRow {
  readonly line: number;
  /** Code of a row that cannot be read, else null. */
  readonly unreadable: "E10" | "E11" | "E12" | null;
  /** null: a workbook's cell that is no text, so that its text is the pipeline's choice. */
  readonly cells: readonly (string | null)[];
  readonly text: string;
}

/** More header texts for a canonical column, beside the contract's and the platform template's. */
export type MoreHeaders = Readonly<Record<string, readonly string[]>>;

const maxLineBytes = 1_048_576;
const maxFieldLines = 100;
const headerSearchRows = 40;

/** Vietnamese header texts, folded, by the columns that matter here; a text with `*` at its end may go on. */
const vietnameseHeaders: Readonly<Record<string, string>> = {
  record_id: "mabanghi mamuitiem idbanghi",
  full_name: "hovaten* hoten*",
  birth_date: "ngaysinh* ngaythangnamsinh*",
  sex: "gioitinh*",
  citizen_id: "socccd* cccd* cmnd* socmnd* sodinhdanh* madinhdanh* cancuoc* socancuoc*",
  province_code: "matinh*",
  province: "tinh tinhthanh tinhthanhpho provincename",
  district_code: "maquanhuyen* mahuyen",
  district: "quanhuyen huyen districtname",
  ward_code: "maxaphuong* maphuongxa maxa",
  ward: "xaphuong phuongxa xa wardname",
  dose_no: "mui muitiem muiso muithu somui dose dosenumber",
  vaccine: "tenvacxin* vacxin loaivacxin tenvaccine loaivaccine",
  vaccination_date: "ngaytiem ngaytiemdangddmmyyyy ngaytiemchung",
  facility_code: "diadiemtiem* macoso macosotiem macosotiemchung macosokcb",
  facility_name: "tencoso tencosotiem tencosotiemchung cosotiem cosotiemchung",
};
const canonicalHeaders = [
  "record_id full_name birth_date sex citizen_id phone health_insurance_no nationality priority_group workplace",
  "province_code province district_code district ward_code ward address dose_no vaccine vaccination_date lot_no",
  "facility_code facility_name note",
].flatMap((names) => names.split(" "));
const doseFields: readonly (readonly [string, RegExp])[] = [
  ["vaccine", /^(?:mui|dose)(?:thu|so)?(\d)(?:tenvacxin|vacxin|loaivacxin|vaccine)/],
  ["vaccination_date", /^(?:mui|dose)(?:thu|so)?(\d)(?:ngaytiem|vaccinationdate|date)/],
  ["lot_no", /^(?:mui|dose)(?:thu|so)?(\d)(?:lovacxin|solo|lot)/],
  ["facility_code", /^(?:mui|dose)(?:thu|so)?(\d)(?:diadiemtiem|macoso|facility)/],
];

/** Reads one delivered file; throws when no header row is found. */
export async function readDelivered(
  { name, path }: { readonly name: string; readonly path: string },
  moreHeaders: MoreHeaders = {},
): Promise<Delivered> {
  if (path.toLowerCase().endsWith(".xlsx")) return readSheets(name, path, moreHeaders);
  const raw = await readFile(path);
  return readText(name, raw[0] === 0x1f && raw[1] === 0x8b ? gunzipSync(raw) : raw, moreHeaders);
}

/** Letters and digits of a text, without case and marks. */
export function foldText(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("đ", "d")
    .replace(/[^a-z0-9]/g, "");
}

async function readSheets(name: string, path: string, moreHeaders: MoreHeaders): Promise<Delivered> {
  let best: Delivered | undefined;
  for (const { data } of await readWorkbook(path, { trim: false })) {
    const rows = data.map((row) =>
      row.map((cell) => (cell === null ? "" : typeof cell === "string" ? cell : null)),
    );
    const header = findHeader(
      rows.slice(0, headerSearchRows).map((row) => row.map((cell) => cell ?? "")),
      moreHeaders,
    );
    if (header === null) continue;
    const delivered = {
      name,
      ...header.layout,
      rows: rows.flatMap((cells, index) =>
        index < header.dataRow || cells.every((cell) => cell === "")
          ? []
          : [{ line: index + 1, unreadable: null, cells, text: "" }],
      ),
    };
    if (best === undefined || delivered.rows.length > best.rows.length) best = delivered;
  }
  if (best === undefined) throw new Error(`${name}: no sheet has a header row`);
  return best;
}

function readText(name: string, raw: Buffer, moreHeaders: MoreHeaders): Delivered {
  const { encoding, bytes } = detectEncoding(raw);
  const lines = splitLines(bytes, encoding);
  const tops = [",", ";", "\t"].map((delimiter) => ({
    delimiter,
    top: readTop(lines, delimiter, moreHeaders),
  }));
  const known = tops.sort((left, right) => (right.top?.known ?? 0) - (left.top?.known ?? 0))[0];
  if (known === undefined || known.top === null) throw new Error(`${name}: no header row`);
  const { delimiter, top } = known;

  const rows: DeliveredRow[] = [];
  let at = top.dataStart;
  while (at < lines.length) {
    const line = lines[at] as Line;
    const record = line.bytes > maxLineBytes ? null : parseRecord(lines, at, delimiter);
    const isGood = record !== null && record.cells.length === top.layout.headers.length;
    const covered = isGood ? record.lines : 1;
    const isDecodable = lines.slice(at, at + covered).every((each) => each.isDecodable);
    if (!/^ *$/.test(line.text)) {
      const unreadable = line.bytes > maxLineBytes ? "E12" : !isGood ? "E10" : isDecodable ? null : "E11";
      const text = isGood ? record.text : line.text;
      rows.push({ line: at + 1, unreadable, cells: isGood ? record.cells : [], text });
    }
    at += covered;
  }
  return { name, ...top.layout, rows };
}

function readTop(
  lines: readonly Line[],
  delimiter: string,
  moreHeaders: MoreHeaders,
): { layout: Layout; dataStart: number; known: number } | null {
  const starts: number[] = [];
  const records: string[][] = [];
  for (let at = 0; at < lines.length && records.length < headerSearchRows; ) {
    const record = parseRecord(lines, at, delimiter);
    starts.push(at);
    records.push(record?.cells ?? []);
    at += record?.lines ?? 1;
  }
  const header = findHeader(records, moreHeaders);
  if (header === null) return null;
  const dataStart = starts[header.dataRow] ?? lines.length;
  return { layout: header.layout, dataStart, known: header.layout.columns.size };
}

interface Line {
  readonly text: string;
  readonly lineBreak: string;
  readonly bytes: number;
  readonly isDecodable: boolean;
}

function detectEncoding(raw: Buffer): { encoding: string; bytes: Buffer } {
  if (raw[0] === 0xff && raw[1] === 0xfe) return { encoding: "utf-16le", bytes: raw.subarray(2) };
  if (raw[0] === 0xfe && raw[1] === 0xff) return { encoding: "utf-16be", bytes: raw.subarray(2) };
  if (raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf)
    return { encoding: "utf-8", bytes: raw.subarray(3) };
  if (raw[0] !== 0 && raw[1] === 0) return { encoding: "utf-16le", bytes: raw };
  if (raw[0] === 0 && raw[1] !== 0) return { encoding: "utf-16be", bytes: raw };
  const asUtf8 = raw.toString("utf8");
  const broken = asUtf8.split("\ufffd").length - 1;
  const accented = (asUtf8.match(/[\u0080-\ufffc]/g) ?? []).length;
  return { encoding: broken > accented ? "windows-1258" : "utf-8", bytes: raw };
}

function splitLines(bytes: Buffer, encoding: string): Line[] {
  const pieces = decodeBytes(bytes, encoding).split(/(\r\n|\n|\r)/);
  const lines: Line[] = [];
  for (let index = 0; index < pieces.length; index += 2) {
    const piece = pieces[index] as string;
    const lineBreak = pieces[index + 1] ?? "";
    if (piece === "" && lineBreak === "") continue;
    const own = Buffer.from(piece, encoding === "utf-8" ? "latin1" : "utf8");
    const text = own.toString("utf8");
    const isWhole = encoding === "utf-8" ? Buffer.from(text).equals(own) : !/\p{Cs}/u.test(piece);
    lines.push({ text, lineBreak, bytes: own.length, isDecodable: isWhole && !text.includes("\0") });
  }
  return lines;
}

/** UTF-8 stays bytes (as Latin-1) so that each line can be judged; a broken UTF-16 pair stays a lone surrogate. */
function decodeBytes(bytes: Buffer, encoding: string): string {
  if (encoding === "utf-8") return bytes.toString("latin1");
  if (encoding === "utf-16le") return bytes.toString("utf16le");
  if (encoding === "utf-16be")
    return Buffer.from(bytes.subarray(0, bytes.length & ~1))
      .swap16()
      .toString("utf16le");
  return new TextDecoder(encoding).decode(bytes).normalize("NFC");
}

/** The record that starts on a line, by RFC 4180; null when its quotes are wrong or run on for too long. */
function parseRecord(
  lines: readonly Line[],
  at: number,
  delimiter: string,
): { cells: string[]; lines: number; text: string } | null {
  let text = lines[at]?.text ?? "";
  let covered = 1;
  // An odd number of quotes so far means that a quoted field goes on.
  for (
    let quotes = countQuotes(text);
    quotes % 2 === 1;
    quotes += countQuotes(lines[at + covered - 1]?.text)
  ) {
    if (at + covered >= lines.length || covered > maxFieldLines || text.length > maxLineBytes) return null;
    text += (lines[at + covered - 1] as Line).lineBreak + (lines[at + covered] as Line).text;
    covered += 1;
  }
  const cells: string[] = [];
  const escaped = delimiter === "\t" ? "\\t" : delimiter;
  const field = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${escaped}\r\n]*))(${escaped}|$)`, "y");
  for (;;) {
    const match = field.exec(text);
    if (match === null) return null;
    cells.push(match[1] === undefined ? (match[2] as string) : match[1].replaceAll('""', '"'));
    if (match[3] === "") return { cells, lines: covered, text };
  }
}

function countQuotes(text = ""): number {
  return text.split('"').length - 1;
}

type Layout = Pick<Delivered, "headers" | "hasPlainHeaders" | "columns" | "doses">;

function findHeader(
  rows: readonly (readonly string[])[],
  moreHeaders: MoreHeaders,
): { dataRow: number; layout: Layout } | null {
  const headerRow = rows.findIndex((row) => mapColumns(row, moreHeaders).size >= 3);
  if (headerRow < 0) return null;
  const top = rows[headerRow] as readonly string[];
  const isDouble = top.some((text) => /^(?:mui|dose)(?:thu|so|tiem)?\d$/.test(foldText(text)));
  const headers = isDouble ? joinHeaders(top, rows[headerRow + 1] ?? []) : top;
  const doses = new Map<number, Map<string, number>>();
  headers.forEach((text, column) => {
    for (const [field, pattern] of doseFields) {
      const dose = Number(pattern.exec(foldText(text))?.[1] ?? 0);
      if (dose > 0) doses.set(dose, (doses.get(dose) ?? new Map<string, number>()).set(field, column));
    }
  });
  const second = isDouble ? (rows[headerRow + 1] ?? []) : [];
  const named = top.map((text, column) => second[column] || text);
  return {
    dataRow: headerRow + (isDouble ? 2 : 1),
    layout: { headers, hasPlainHeaders: !isDouble, columns: mapColumns(named, moreHeaders), doses },
  };
}

function joinHeaders(top: readonly string[], second: readonly string[]): string[] {
  let group = "";
  return Array.from({ length: Math.max(top.length, second.length) }, (_, column) => {
    group = top[column] || group;
    return second[column] ? `${group} / ${second[column]}` : (top[column] ?? "");
  });
}

function matchesHeader(folded: string, texts: string): boolean {
  return texts
    .split(" ")
    .some((text) => (text.endsWith("*") ? folded.startsWith(text.slice(0, -1)) : folded === text));
}

function mapColumns(headers: readonly string[], moreHeaders: MoreHeaders): Map<string, number> {
  const columns = new Map<string, number>();
  headers.forEach((header, column) => {
    const folded = foldText(header);
    const found =
      Object.entries(moreHeaders).find(([, texts]) => texts.some((text) => foldText(text) === folded))?.[0] ??
      canonicalHeaders.find((name) => foldText(name) === folded) ??
      Object.entries(vietnameseHeaders).find(([, texts]) => matchesHeader(folded, texts))?.[0];
    if (found !== undefined && !columns.has(found)) columns.set(found, column);
  });
  return columns;
}
