import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { O_CREAT, O_EXCL, O_WRONLY } from "../storage/open-file.js";
import { nameEnd } from "../storage/private-copy.js";
import type { ExpansionLimits } from "./gzip.js";
import { findHeader, type Header, type HeadRecord, maxHeadRecords, type NoHeader } from "./header.js";
import type { HeaderNames } from "./header-names.js";
import { RefusedFile } from "./refused-file.js";
import { readSheetRows } from "./sheet-rows.js";
import { openWorkbook, type Workbook } from "./workbook-parts.js";
import { XmlError } from "./xml-events.js";

export interface WorkbookOptions {
  readonly names: HeaderNames;
  readonly headerRow: number | undefined;
  readonly limits: ExpansionLimits & { readonly maxRecordBytes: number };
}

/** Cells so far right of the header are strays, and not worth a column in every row. */
const maxStrayColumns = 64;
const flushCharacters = 1 << 20;

/**
 * Writes the sheet whose header is found to `target` as UTF-8 CSV: one record per sheet row from row 1 on, all as
 * wide, blank rows as empty lines. Throws RefusedFile when no sheet has a header, several hold data, or the workbook is damaged.
 */
export async function writeWorkbookCsv(
  source: string,
  target: string,
  options: WorkbookOptions,
): Promise<void> {
  try {
    const workbook = await openWorkbook(source, options.limits);
    try {
      const { sheet, width } = await findDataSheet(workbook, options);
      await writeSheet(workbook, sheet, width, target, options.limits.maxRecordBytes);
    } finally {
      workbook.zip.close();
    }
  } catch (error) {
    throw isDamage(error)
      ? new RefusedFile(
          "the workbook is damaged; expected a whole .xlsx file. Save it anew and deliver it again",
          "Tệp Excel bị hỏng. Hãy lưu lại thành tệp .xlsx rồi gửi lại.",
        )
      : nameEnd(error, source, target);
  }
}

/** Errors of the archive, of inflating and of the XML, but not of the disk, and not our own. */
function isDamage(error: unknown): boolean {
  if (error instanceof XmlError) return true;
  if (!(error instanceof Error) || error.name === "RefusedFile" || error.name === "LamsachError")
    return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined || code.startsWith("Z_") || code.startsWith("ERR_ENCODING");
}

interface FoundSheet {
  readonly sheet: string;
  readonly width: number;
  readonly hasData: boolean;
}

async function findDataSheet(workbook: Workbook, options: WorkbookOptions): Promise<FoundSheet> {
  const found: FoundSheet[] = [];
  let closest: NoHeader = {
    reason: "the workbook has no sheet; expected one with a header",
    reasonVi: "Tệp Excel không có trang tính nào; cần một trang có dòng tiêu đề.",
    lacking: Number.POSITIVE_INFINITY,
  };
  for (const sheet of workbook.sheets) {
    const measured = await measureSheet(workbook, sheet, options);
    if ("sheet" in measured) {
      found.push(measured);
    } else if (measured.lacking < closest.lacking) {
      closest = measured;
    }
  }
  const filled = found.filter((sheet) => sheet.hasData);
  if (filled.length > 1) {
    throw new RefusedFile(
      `${filled.length} sheets of the workbook hold records; expected one, so that none is overlooked. Save each sheet as a file of its own`,
      `Tệp Excel có ${filled.length} trang tính chứa bản ghi; chỉ được có một, để không trang nào bị bỏ sót. Hãy lưu mỗi trang thành một tệp riêng.`,
    );
  }
  const sheet = filled[0] ?? found[0];
  if (sheet === undefined) throw new RefusedFile(closest.reason, closest.reasonVi);
  return sheet;
}

/** Reads on after the head only when there is a header: to the widest row. */
async function measureSheet(
  workbook: Workbook,
  sheet: string,
  options: WorkbookOptions,
): Promise<FoundSheet | NoHeader> {
  const head: HeadRecord[] = [];
  let header: Header | NoHeader | undefined;
  let width = 0;
  let hasRowsBelow = false;
  await readSheetRows(workbook, sheet, (row, cells) => {
    width = Math.max(width, cells.length);
    if (row <= maxHeadRecords + 1) {
      head.push({ line: row - 1, cells });
      return true;
    }
    hasRowsBelow ||= cells.length > 0;
    header ??= findHeader(head, options.names, options.headerRow);
    return "headers" in header;
  });
  header ??= findHeader(head, options.names, options.headerRow);
  if (!("headers" in header)) return header;
  return {
    sheet,
    width: Math.min(Math.max(width, header.headers.length), header.headers.length + maxStrayColumns),
    hasData: hasRowsBelow || head.slice(header.lastRecord + 1).some(({ cells }) => cells.length > 0),
  };
}

async function writeSheet(
  workbook: Workbook,
  sheet: string,
  width: number,
  target: string,
  maxRecordBytes: number,
): Promise<void> {
  rmSync(target, { force: true });
  const file = openSync(target, O_WRONLY | O_CREAT | O_EXCL, 0o600);
  try {
    let text = "";
    let written = 0;
    await readSheetRows(workbook, sheet, (row, cells) => {
      text += "\n".repeat(row - written - 1);
      text += `${writeRecord(cells, width, maxRecordBytes)}\n`;
      written = row;
      if (text.length > flushCharacters) {
        writeAll(file, text);
        text = "";
      }
      return true;
    });
    writeAll(file, text);
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

function writeRecord(cells: readonly string[], width: number, maxRecordBytes: number): string {
  if (cells.length === 0) return "";
  const line = cells.map(quoteCell).join(",") + ",".repeat(Math.max(0, width - cells.length));
  // The scanner gives up a record that is too large at its first line break: it must have none, for rows to be counted.
  const isTooLarge = line.length * 3 > maxRecordBytes && Buffer.byteLength(line) > maxRecordBytes;
  return isTooLarge ? line.replace(/[\r\n]+/g, " ") : line;
}

function quoteCell(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
