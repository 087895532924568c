import type { ReadableSource } from "../../src/ingest/shards.js";

/** How bytes are read in one comparison; both readers get the same. */
export interface ReadingLimits {
  readonly columns: number;
  readonly delimiter: string;
  readonly maxRecordBytes: number;
  readonly maxFieldLines: number;
  readonly lineUnit: ReadableSource["lineUnit"];
  /** Byte offset of the first record: behind a BOM or a header. */
  readonly dataOffset: number;
}

/** A row as both readers describe it: byte offsets in the file, 0-based line, `RowFault`, texts without quotes. */
export interface ReadRow {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly fault: number;
  readonly cells: readonly string[];
}

/** All that a reader says about a file. */
export interface Reading {
  readonly rows: readonly ReadRow[];
  readonly lines: number;
  readonly blankLines: number;
  /** Offset after the last byte read. */
  readonly end: number;
}
