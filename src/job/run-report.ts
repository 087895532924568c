import { formatCausesCsv } from "../report/causes-csv.js";
import { checkBooks } from "../report/check-books.js";
import { formatHistoryJson } from "../report/history-json.js";
import { packSheets } from "../report/pack-workbook.js";
import { renderReport } from "../report/page/page.js";
import type { ReportInput } from "../report/report-input.js";
import { drawSlides } from "../report/slides.js";
import { formatSummaryCsv } from "../report/summary-csv.js";
import { formatSummaryJson } from "../report/summary-json.js";
import { describeSummary } from "../report/summary-xlsx.js";
import { shareBytes } from "./shared-value.js";

/**
 * A file of the report as its bytes, in memory that threads share: they are not copied from one to the next, and do not count in
 * its heap as texts would.
 */
export interface ReportFile {
  readonly content: Uint8Array<SharedArrayBuffer>;
  /** Data rows of a CSV file. */
  readonly rows: number;
}

/** The report's files, by path below the run's folder. */
export type ReportFiles = Readonly<Record<string, ReportFile>>;

/** What a night publishes a report of: nobody has audited it yet. */
export type PublishedReport = Omit<ReportInput, "audit">;

/**
 * Checks the books of a run and writes its report. Books that do not balance are a bug of lamsach: it throws, and
 * nothing is published.
 */
export async function formatReport({ metrics, history }: PublishedReport): Promise<ReportFiles> {
  const problems = checkBooks(metrics);
  if (problems.length > 0) throw new Error(`the books do not balance: ${problems.join("; ")}`);
  const summary = encodePieces(formatSummaryCsv(metrics));
  return {
    "report/causes.csv": encode(formatCausesCsv(metrics), metrics.causes.length),
    "report/history.json": encode(formatHistoryJson(history)),
    ...Object.fromEntries(
      Object.entries(drawSlides({ metrics, history })).map(([name, drawing]) => [
        `report/${name}`,
        encode(drawing),
      ]),
    ),
    "report/index.html": encode(renderReport({ metrics, history, audit: null })),
    "report/summary.csv": { content: summary.content, rows: summary.count - 1 },
    "report/summary.json": { content: encodePieces(formatSummaryJson(metrics)).content, rows: 0 },
    "report/summary.xlsx": { content: shareBytes([await packSheets(describeSummary(metrics))]), rows: 0 },
  };
}

function encode(text: string, rows = 0): ReportFile {
  return { content: shareBytes([new TextEncoder().encode(text)]), rows };
}

const chunkLength = 1 << 16;

/** Encodes a text by pieces, so that the whole of it is never in the heap, and counts them. */
function encodePieces(pieces: Iterable<string>): Pick<ReportFile, "content"> & { readonly count: number } {
  const encoder = new TextEncoder();
  const chunks: Uint8Array[] = [];
  let text = "";
  let count = 0;
  for (const piece of pieces) {
    count++;
    text += piece;
    if (text.length < chunkLength) continue;
    chunks.push(encoder.encode(text));
    text = "";
  }
  chunks.push(encoder.encode(text));
  return { content: shareBytes(chunks), count };
}
