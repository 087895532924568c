import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { readSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { exitCodes, explainSystemError, LamsachError } from "../errors.js";
import { O_RDONLY, withOpenFile } from "../storage/open-file.js";
import { inspectFile } from "./delivered-file.js";
import { matchesGlob } from "./glob.js";
import { type ExpansionLimits, expandGzip } from "./gzip.js";
import { type PlacedRecord, readHeadRecords } from "./head-records.js";
import { findHeader, type Header, maxHeadRecords, type NoHeader } from "./header.js";
import { createHeaderNames, type HeaderAliases, type HeaderNames } from "./header-names.js";
import { RefusedFile } from "./refused-file.js";
import type { Refusal, Source, SourceCoding } from "./source.js";
import { detectEncoding } from "./text-encoding.js";
import { transcodeFile } from "./transcode.js";
import { writeWorkbookCsv } from "./workbook-csv.js";

/** One entry of the pipeline's `sources`: which files it is for, and what it says of them. */
export interface SourceSetting extends SourceCoding {
  readonly match?:
    | { readonly file?: string | undefined; readonly layout?: "long" | "wide" | undefined }
    | undefined;
  /** Found by itself unless said; so are the next two. */
  readonly encoding?: string | undefined;
  readonly delimiter?: string | undefined;
  /** 1-based line (sheet row) of the header, of its first row when it has two. */
  readonly headerRow?: number | undefined;
}

export interface OpenSourceSettings {
  /** Holds decoded copies; must exist. */
  readonly workDir: string;
  /** The first one that fits the file is used. */
  readonly sources: readonly SourceSetting[];
  readonly aliases: HeaderAliases;
  readonly limits: ExpansionLimits & { readonly maxRecordBytes: number };
}

/** The header must lie within so many bytes. */
const headBytes = 1 << 20;

/**
 * Finds out how one delivered file is to be read and, unless it is UTF-8 CSV already, writes a UTF-8 copy into
 * `workDir`. A file that cannot be read is a Refusal, whose reason names neither the file nor anything it holds. Throws
 * LamsachError for a broken setting (2) and for a work folder that cannot be written (4).
 */
export async function openSource(
  input: { readonly name: string; readonly path: string },
  settings: OpenSourceSettings,
): Promise<Source | Refusal> {
  try {
    return await openDelivered(input, settings);
  } catch (error) {
    if (error instanceof RefusedFile)
      return { name: input.name, path: input.path, reason: error.reason, reasonVi: error.reasonVi };
    throw error;
  }
}

async function openDelivered(
  input: { readonly name: string; readonly path: string },
  settings: OpenSourceSettings,
): Promise<Source> {
  const format = detectFormat(input.path);
  const baseName = path.basename(input.path);
  const fitting = settings.sources.filter(
    ({ match }) => match?.file === undefined || matchesGlob(baseName, match.file),
  );
  const names = createHeaderNames(settings.aliases);
  const opened = new Map<string, Promise<OpenedText>>();
  let refused: RefusedFile | null = null;
  for (const setting of fitting) {
    const key = JSON.stringify([input.name, setting.encoding, setting.delimiter, setting.headerRow]);
    const copy = path.join(
      settings.workDir,
      `${createHash("sha256").update(key).digest("hex").slice(0, 24)}.csv`,
    );
    const job = { path: input.path, format, copy, names, setting, limits: settings.limits };
    const text = opened.get(key) ?? openText(job);
    opened.set(key, text);
    try {
      const found = await text;
      if (setting.match?.layout !== undefined && setting.match.layout !== found.layout) continue;
      return {
        name: input.name,
        path: input.path,
        format,
        ...found,
        coding: { name: setting.name, sex: setting.sex },
      };
    } catch (error) {
      if (!(error instanceof RefusedFile)) throw explainSystemError(error);
      refused ??= error;
    }
  }
  throw (
    refused ??
    new RefusedFile(
      "no source of the pipeline fits the file; expected one. Add an entry under sources whose match fits it",
      "Không nguồn nào của quy trình khớp với tệp. Hãy thêm một mục dưới sources có match khớp với tệp.",
    )
  );
}

/** By content; the name only says what a file was meant to be. */
function detectFormat(file: string): Source["format"] {
  const magic = readMagic(file);
  if (magic.startsWith("1f8b")) return "csv.gz";
  if (magic.startsWith("504b0304")) return "xlsx";
  if (magic.startsWith("d0cf11e0")) {
    throw new RefusedFile(
      "the file is an old .xls workbook or has a password; expected .xlsx, .csv or .csv.gz. Save it as .xlsx without a password",
      "Tệp là bảng tính .xls cũ hoặc có mật khẩu; cần .xlsx, .csv hoặc .csv.gz. Hãy lưu lại thành .xlsx không có mật khẩu.",
    );
  }
  const meant = /\.(gz|xlsx)$/i.exec(file)?.[1];
  if (meant !== undefined) {
    throw new RefusedFile(
      `the file is named .${meant} but is none; expected a whole file. Deliver it again`,
      `Tệp mang tên .${meant} nhưng không phải loại đó. Hãy gửi lại tệp nguyên vẹn.`,
    );
  }
  return "csv";
}

/** The first bytes in hexadecimal. Throws RefusedFile when there is no readable, filled, regular file. */
function readMagic(file: string): string {
  if (inspectFile(file).size === 0)
    throw new RefusedFile(
      "the file is empty; expected at least a header. Deliver it again",
      "Tệp rỗng; ít nhất phải có dòng tiêu đề. Hãy gửi lại tệp.",
    );
  return readBytes(file, 0, 8).toString("hex");
}

function readBytes(path: string, from: number, length: number): Buffer {
  return withOpenFile(path, O_RDONLY, (file) => {
    const buffer = Buffer.alloc(length);
    let filled = 0;
    for (let read = -1; read !== 0 && filled < length; filled += read) {
      read = readSync(file, buffer, filled, length - filled, from + filled);
    }
    return buffer.subarray(0, filled);
  });
}

interface OpenJob {
  readonly path: string;
  readonly format: Source["format"];
  /** Where a decoded copy goes. */
  readonly copy: string;
  readonly names: HeaderNames;
  readonly setting: SourceSetting;
  readonly limits: OpenSourceSettings["limits"];
}

type OpenedText = Omit<Source, "name" | "path" | "format" | "coding">;

async function openText({ path: file, format, copy, names, setting, limits }: OpenJob): Promise<OpenedText> {
  if (format === "xlsx") {
    await writeWorkbookCsv(file, copy, { names, headerRow: setting.headerRow, limits });
    return {
      encoding: "utf-8",
      bytesPath: copy,
      ...readHeader(copy, 0, [","], "record", names, setting.headerRow),
    };
  }
  let bytesPath = file;
  if (format === "csv.gz") {
    bytesPath = `${copy}.expanded`;
    await expandGzip(file, bytesPath, limits);
    refuseArchive(bytesPath);
  }
  const detected = detectEncoding(bytesPath);
  const encoding = setting.encoding?.toLowerCase().replace(/^utf-?(8|16)/, "utf-$1") ?? detected.encoding;
  let { bomBytes } = encoding === detected.encoding ? detected : { bomBytes: 0 };
  if (encoding !== "utf-8") {
    await transcodeFile(bytesPath, copy, encoding, bomBytes);
    if (bytesPath !== file) rmSync(bytesPath);
    bytesPath = copy;
    bomBytes = 0;
  }
  const delimiters = setting.delimiter === undefined ? [",", ";", "\t"] : [readDelimiter(setting.delimiter)];
  return {
    encoding,
    bytesPath,
    ...readHeader(bytesPath, bomBytes, delimiters, "line", names, setting.headerRow),
  };
}

function refuseArchive(file: string): void {
  if (/^(1f8b|504b0304|d0cf11e0)/.test(readMagic(file))) {
    throw new RefusedFile(
      "the gzip file holds an archive or a workbook; expected CSV. Deliver that file as it is",
      "Bên trong tệp gzip là một tệp nén hoặc bảng tính; cần CSV. Hãy gửi thẳng tệp đó.",
    );
  }
}

function readDelimiter(delimiter: string): string {
  if (delimiter === "," || delimiter === ";" || delimiter === "\t") return delimiter;
  throw new LamsachError(
    exitCodes.usage,
    'sources: the delimiter is none that can be read; expected "," or ";" or a tab ("\\t"). Correct it in the pipeline file',
  );
}

type FoundHeader = Omit<OpenedText, "encoding" | "bytesPath">;

/** The delimiter is the one with which the header says most. */
function readHeader(
  bytesPath: string,
  bomBytes: number,
  delimiters: readonly string[],
  lineUnit: Source["lineUnit"],
  names: HeaderNames,
  headerRow: number | undefined,
): FoundHeader {
  const byteLength = statSync(bytesPath).size;
  const bytes = readBytes(bytesPath, bomBytes, Math.min(headBytes, byteLength - bomBytes));
  const isWhole = bomBytes + bytes.length === byteLength;
  let best: { header: Header; records: readonly PlacedRecord[]; delimiter: string } | null = null;
  let closest: NoHeader | null = null;
  for (const delimiter of delimiters) {
    const records = readHeadRecords(bytes, delimiter, lineUnit, isWhole, maxHeadRecords + 1);
    const header = findHeader(records, names, headerRow);
    if ("headers" in header) {
      if (best === null || header.known > best.header.known) best = { header, records, delimiter };
    } else if (closest === null || header.lacking < closest.lacking) {
      closest = header;
    }
  }
  if (best === null) throw new RefusedFile(closest?.reason ?? "", closest?.reasonVi ?? "");
  const { headers, columns, doses, layout, firstRecord, lastRecord } = best.header;
  const last = best.records[lastRecord] as PlacedRecord;
  checkDecoded(bytes.subarray(best.records[firstRecord]?.start, last.next));
  return {
    ...{ byteLength, lineUnit, layout, headers, columns, doses },
    delimiter: best.delimiter,
    dataOffset: bomBytes + last.next,
    dataLine: last.nextLine + 1,
  };
}

function checkDecoded(header: Buffer): void {
  if (isUtf8(header) && !header.includes(0)) return;
  throw new RefusedFile(
    "the header cannot be decoded; expected UTF-8, UTF-16 or windows-1258 text. Say the encoding under sources of the pipeline, or save the file as UTF-8",
    "Không giải mã được dòng tiêu đề; cần UTF-8, UTF-16 hoặc windows-1258. Hãy khai báo bảng mã dưới sources của quy trình, hoặc lưu lại tệp bằng UTF-8.",
  );
}
