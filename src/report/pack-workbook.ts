import writeXlsxFile from "write-excel-file/node";
import type { WorkbookSheet } from "./xlsx-sheet.js";
import { stopZipClock } from "./zip-clock.js";

/** Packs sheets into the bytes of an .xlsx workbook; the same sheets give the same bytes, whenever and wherever. */
export async function packSheets(sheets: readonly WorkbookSheet[]): Promise<Uint8Array> {
  const archive = await writeXlsxFile([...sheets]).toBuffer();
  stopZipClock(archive);
  return archive;
}
