import { stat } from "node:fs/promises";
import path from "node:path";
import { crc32 } from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { type NumberFormat, readNumberFormat, unescapeCellText } from "./cell-text.js";
import { checkExpansion, type ExpansionLimits } from "./gzip.js";
import { RefusedFile } from "./refused-file.js";
import { readAttribute, type XmlHandler, XmlReader } from "./xml-events.js";

/** What the sheets of an open workbook share. Close it. */
export interface Workbook {
  readonly zip: ZipFile;
  readonly entries: ReadonlyMap<string, Entry>;
  /** Paths of the worksheets in the archive, in the workbook's order. */
  readonly sheets: readonly string[];
  readonly sharedStrings: readonly string[];
  /** By the style index of a cell. */
  readonly formats: readonly NumberFormat[];
  readonly is1904: boolean;
}

/** More parts than any spreadsheet program writes. */
const maxEntries = 10_000;

/** Opens a .xlsx file and reads all but its sheets. Throws RefusedFile when it is no workbook or expands too far. */
export async function openWorkbook(file: string, limits: ExpansionLimits): Promise<Workbook> {
  const zip = await openPromise(file, { autoClose: false });
  try {
    const entries = await listEntries(zip, (await stat(file)).size, limits);
    if (!entries.has("xl/workbook.xml")) {
      throw new RefusedFile(
        "the archive holds no workbook; expected .xlsx, .csv or .csv.gz. Deliver one of these",
        "Tệp nén không chứa bảng tính Excel nào; cần tệp .xlsx, .csv hoặc .csv.gz. Hãy gửi một trong các loại đó.",
      );
    }
    const targets = await readRelations(zip, entries);
    const { relations, is1904 } = await readSheetList(zip, entries);
    const sheets = relations.flatMap((id) => targets.get(id) ?? []).filter((part) => entries.has(part));
    const sharedStrings = await readSharedStrings(zip, entries);
    const formats = await readFormats(zip, entries);
    return { zip, entries, sheets, sharedStrings, formats, is1904 };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function listEntries(
  zip: ZipFile,
  packedBytes: number,
  limits: ExpansionLimits,
): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  let expandedBytes = 0;
  for await (const entry of zip.eachEntry()) {
    expandedBytes += entry.uncompressedSize; // yauzl fails when an entry holds more than it says
    checkExpansion(packedBytes, expandedBytes, limits);
    if (entries.size === maxEntries || entries.has(entry.fileName)) {
      throw new RefusedFile(
        "the archive repeats its parts; expected a workbook. Save it anew and deliver it again",
        "Tệp Excel có phần bị lặp lại. Hãy lưu lại tệp rồi gửi lại.",
      );
    }
    entries.set(entry.fileName, entry);
  }
  return entries;
}

/** Reads a part to its end, or until the handler has what it needs. */
export async function readPart(
  zip: ZipFile,
  entry: Entry,
  handler: XmlHandler & { readonly isDone?: boolean },
): Promise<void> {
  const reader = new XmlReader(handler);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const stream = await zip.openReadStreamPromise(entry);
  let checksum = 0;
  // Leaving the loop destroys the stream.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    checksum = crc32(chunk, checksum);
    reader.write(decoder.decode(chunk, { stream: true }));
    if (handler.isDone === true) return;
  }
  reader.write(decoder.decode());
  reader.end();
  if (checksum !== entry.crc32) {
    throw new RefusedFile(
      "a part of the workbook is damaged; expected a whole file. Deliver it again",
      "Một phần của tệp Excel bị hỏng. Hãy gửi lại tệp nguyên vẹn.",
    );
  }
}

async function readOptionalPart(
  zip: ZipFile,
  entries: ReadonlyMap<string, Entry>,
  part: string,
  handler: XmlHandler,
): Promise<void> {
  const entry = entries.get(part);
  if (entry !== undefined) await readPart(zip, entry, handler);
}

function nothing(): void {}

/** Paths of parts by relation id. */
async function readRelations(
  zip: ZipFile,
  entries: ReadonlyMap<string, Entry>,
): Promise<Map<string, string>> {
  const targets = new Map<string, string>();
  await readOptionalPart(zip, entries, "xl/_rels/workbook.xml.rels", {
    open(name, attributes) {
      if (name !== "Relationship") return;
      const target = readAttribute(attributes, "Target") ?? "";
      const part = target.startsWith("/") ? target.slice(1) : path.posix.join("xl", target);
      targets.set(readAttribute(attributes, "Id") ?? "", part);
    },
    close: nothing,
    text: nothing,
  });
  return targets;
}

async function readSheetList(
  zip: ZipFile,
  entries: ReadonlyMap<string, Entry>,
): Promise<{ relations: string[]; is1904: boolean }> {
  const relations: string[] = [];
  let is1904 = false;
  await readOptionalPart(zip, entries, "xl/workbook.xml", {
    open(name, attributes) {
      if (name === "sheet") relations.push(readAttribute(attributes, "id") ?? "");
      if (name === "workbookPr") is1904 = /^(1|true)$/.test(readAttribute(attributes, "date1904") ?? "");
    },
    close: nothing,
    text: nothing,
  });
  return { relations, is1904 };
}

async function readSharedStrings(zip: ZipFile, entries: ReadonlyMap<string, Entry>): Promise<string[]> {
  const strings: string[] = [];
  let text = "";
  let isText = false;
  let isPhonetic = false;
  await readOptionalPart(zip, entries, "xl/sharedStrings.xml", {
    open(name) {
      if (name === "si") text = "";
      else if (name === "t") isText = true;
      else if (name === "rPh") isPhonetic = true;
    },
    close(name) {
      if (name === "si") strings.push(unescapeCellText(text));
      else if (name === "t") isText = false;
      else if (name === "rPh") isPhonetic = false;
    },
    text(piece) {
      if (isText && !isPhonetic) text += piece;
    },
  });
  return strings;
}

async function readFormats(zip: ZipFile, entries: ReadonlyMap<string, Entry>): Promise<NumberFormat[]> {
  const codes = new Map<number, string>();
  const formats: NumberFormat[] = [];
  let isCellFormats = false;
  await readOptionalPart(zip, entries, "xl/styles.xml", {
    open(name, attributes) {
      const id = (): number => Number(readAttribute(attributes, "numFmtId") ?? 0);
      if (name === "numFmt") codes.set(id(), readAttribute(attributes, "formatCode") ?? "");
      else if (name === "cellXfs") isCellFormats = true;
      else if (name === "xf" && isCellFormats) formats.push(readNumberFormat(id(), codes.get(id())));
    },
    close(name) {
      if (name === "cellXfs") isCellFormats = false;
    },
    text: nothing,
  });
  return formats;
}
