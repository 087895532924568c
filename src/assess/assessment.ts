import { z } from "zod";
import { exitCodes, LamsachError } from "../errors.js";
import { findingWords } from "../judge/findings.js";
import type { FileKey } from "../storage/file-key.js";
import { openKept, readKept } from "../storage/kept-file.js";

/**
 * The assessment table of one shard: fixed-width columns, one entry per record, in input order. This is all that
 * passes from reading to judging, and a finished shard's file is the run's checkpoint.
 */
export interface Assessment extends AssessmentColumns {
  readonly header: AssessmentHeader;
}

export interface AssessmentColumns {
  /** `findingWords` words per record, bit positions of `findingIds`. */
  readonly findings: Uint32Array;
  /** `packComparison`, and bit 10 when the record's birth date is only a year. */
  readonly comparison: Uint16Array;
  /** Live person in the register that the number leads to, or -1. */
  readonly slot: Int32Array;
  /** 64-bit key that counts people, two words per record. */
  readonly person: Uint32Array;
  /** 64-bit hash of the delivered record_id, two words per record; 0, 0 when the id is made from file and line. */
  readonly key: Uint32Array;
  /** Vaccination day (days since 1970-01-01), or `noDay`. */
  readonly day: Int32Array;
  readonly birthDay: Int32Array;
  /** Dose number, 0 when there is none. */
  readonly dose: Uint8Array;
  /** Column group of a wide row (1-4), 0 for a long row or a row that cannot be read. */
  readonly doseSlot: Uint8Array;
  /** Index in the vaccine table, or `noVaccine`. */
  readonly vaccine: Uint8Array;
  /** `packTraits`. */
  readonly traits: Uint8Array;
  /** Where the row begins, in bytes after `header.start`. */
  readonly rowOffset: Uint32Array;
  /** Position in the shard's lists of places and facilities. */
  readonly place: Uint32Array;
  readonly facility: Uint32Array;
}

export const noDay = -0x80000000;
export const noVaccine = 255;
export const recordYearOnlyBit = 1 << 10;

const format = 5;
const headerSchema = z.strictObject({
  format: z.literal(format),
  records: z.number().int().nonnegative(),
  rows: z.number().int().nonnegative(),
  /** Byte range read, exact record boundaries of the source's bytes. */
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  lines: z.number().int().nonnegative(),
  blankLines: z.number().int().nonnegative(),
  /** Length of the shard's lists, which follow in the file. */
  listBytes: z.number().int().nonnegative(),
});

export interface AssessmentHeader extends Omit<z.infer<typeof headerSchema>, "listBytes"> {
  /** `encodeLists`: bytes that only those read who need them, most readers of a table have no use for them. */
  readonly lists: Uint8Array;
}

type ArrayKind =
  | Uint8ArrayConstructor
  | Uint16ArrayConstructor
  | Uint32ArrayConstructor
  | Int32ArrayConstructor;

/** Column order in the file: widest first, so that every column is aligned. */
const layout: readonly { name: keyof AssessmentColumns; kind: ArrayKind; perRecord: number }[] = [
  { name: "findings", kind: Uint32Array, perRecord: findingWords },
  { name: "slot", kind: Int32Array, perRecord: 1 },
  { name: "person", kind: Uint32Array, perRecord: 2 },
  { name: "key", kind: Uint32Array, perRecord: 2 },
  { name: "day", kind: Int32Array, perRecord: 1 },
  { name: "birthDay", kind: Int32Array, perRecord: 1 },
  { name: "rowOffset", kind: Uint32Array, perRecord: 1 },
  { name: "place", kind: Uint32Array, perRecord: 1 },
  { name: "facility", kind: Uint32Array, perRecord: 1 },
  { name: "comparison", kind: Uint16Array, perRecord: 1 },
  { name: "dose", kind: Uint8Array, perRecord: 1 },
  { name: "doseSlot", kind: Uint8Array, perRecord: 1 },
  { name: "vaccine", kind: Uint8Array, perRecord: 1 },
  { name: "traits", kind: Uint8Array, perRecord: 1 },
];

/** Entries each column holds per record. */
export const columnWidths: readonly { readonly name: keyof AssessmentColumns; readonly perRecord: number }[] =
  layout;

/** Bytes of one record in the table. */
export const bytesPerRecord = layout.reduce(
  (sum, { kind, perRecord }) => sum + kind.BYTES_PER_ELEMENT * perRecord,
  0,
);

/** Empty columns for `capacity` records. */
export function createColumns(capacity: number): AssessmentColumns {
  return viewColumns(new ArrayBuffer(columnBytes(capacity)), 0, capacity);
}

/** Columns twice as large (of 64 records, where there were none) with the first `records` records of `columns`. */
export function growColumns(columns: AssessmentColumns, records: number): AssessmentColumns {
  const grown = createColumns(columns.slot.length * 2 || 64);
  for (const { name, perRecord } of layout) grown[name].set(columns[name].subarray(0, records * perRecord));
  return grown;
}

/** The table as the bytes of a file. */
export function encodeAssessment({ lists, ...header }: AssessmentHeader, columns: AssessmentColumns): Buffer {
  const text = Buffer.from(JSON.stringify({ ...header, listBytes: lists.length }));
  const at = columnsAt(text.length, lists.length);
  const file = Buffer.alloc(at + columnBytes(header.records));
  file.write(magic, "latin1");
  file.writeUInt32LE(text.length, magic.length);
  text.copy(file, prefixBytes);
  file.set(lists, prefixBytes + text.length);
  const views = viewColumns(file.buffer as ArrayBuffer, file.byteOffset + at, header.records);
  for (const { name, perRecord } of layout) {
    views[name].set(columns[name].subarray(0, header.records * perRecord));
  }
  return file;
}

/** Reads a table back. Throws `LamsachError` (environment) naming `path` when the bytes are not one, or not whole. */
export function decodeAssessment(file: Buffer, path: string): Assessment {
  const { header, textEnd, listBytes } = decodeHeader(file, file.length, path);
  const lists = file.subarray(textEnd, textEnd + listBytes);
  const at = columnsAt(textEnd - prefixBytes, listBytes);
  // Columns are views of the bytes, which must lie where their widest numbers may.
  const bytes = file.byteOffset % 8 === 0 ? file : new Uint8Array(file);
  return {
    header: { ...header, lists },
    ...viewColumns(bytes.buffer as ArrayBuffer, bytes.byteOffset + at, header.records),
  };
}

/** Reads a table's file; `sealKey`, when tables are sealed. Errors as `openKept`'s and `decodeAssessment`'s. */
export function readAssessment(path: string, sealKey: FileKey | null): Assessment {
  return decodeAssessment(readKept(path, sealKey), path);
}

/** Reads a table's header, its lists with it, and no column. Errors as `readAssessment`; `OtherFormat` when it is another version's. */
export function readHeader(path: string, sealKey: FileKey | null = null): AssessmentHeader {
  const file = openKept(path, sealKey);
  try {
    const prefix = Buffer.alloc(prefixBytes);
    if (file.read(prefix, 0) < prefixBytes) throw notAnAssessment(path);
    const textEnd = prefixBytes + prefix.readUInt32LE(magic.length);
    if (textEnd > file.size) throw notAnAssessment(path);
    const head = Buffer.alloc(textEnd);
    file.read(head, 0);
    const { header, listBytes } = decodeHeader(head, file.size, path);
    const lists = new Uint8Array(listBytes);
    file.read(lists, textEnd);
    return { ...header, lists };
  } finally {
    file.close();
  }
}

/** The header of a table of `size` bytes but for its lists, and where they begin. */
function decodeHeader(
  head: Buffer,
  size: number,
  path: string,
): { header: Omit<AssessmentHeader, "lists">; textEnd: number; listBytes: number } {
  if (head.length < prefixBytes || head.toString("latin1", 0, magic.length) !== magic)
    throw notAnAssessment(path);
  const textLength = head.readUInt32LE(magic.length);
  const text = parseJson(head.toString("utf8", prefixBytes, prefixBytes + textLength));
  const header = headerSchema.safeParse(text);
  if (!header.success) throw ofOtherFormat(text, path) ?? notAnAssessment(path);
  const { listBytes, ...rest } = header.data;
  if (size !== columnsAt(textLength, listBytes) + columnBytes(rest.records)) throw notAnAssessment(path);
  return { header: rest, textEnd: prefixBytes + textLength, listBytes };
}

const magic = "lamsach\u0001";
const prefixBytes = magic.length + 8;

/** Where the columns begin behind a text and lists of so many bytes. */
function columnsAt(textBytes: number, listBytes: number): number {
  return prefixBytes + align(textBytes + listBytes);
}

function align(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

function columnBytes(records: number): number {
  return layout.reduce(
    (sum, { kind, perRecord }) => sum + align(records * perRecord * kind.BYTES_PER_ELEMENT),
    0,
  );
}

function viewColumns(buffer: ArrayBuffer, from: number, records: number): AssessmentColumns {
  let at = from;
  const columns: Record<string, unknown> = {};
  for (const { name, kind, perRecord } of layout) {
    columns[name] = new kind(buffer, at, records * perRecord);
    at += align(records * perRecord * kind.BYTES_PER_ELEMENT);
  }
  return columns as unknown as AssessmentColumns;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A table that another version of lamsach wrote: whole, for all that is known, and of no use. */
export class OtherFormat extends LamsachError {}

function ofOtherFormat(header: unknown, path: string): OtherFormat | null {
  const other = z.object({ format: z.number().int() }).safeParse(header);
  if (!other.success || other.data.format === format) return null;
  return new OtherFormat(
    exitCodes.environment,
    `${path}: this checkpoint is of another version of lamsach (format ${other.data.format}); expected format ${format}. Delete it and run again.`,
  );
}

/** What is said of a table's file that is none. */
export function notAnAssessment(path: string): LamsachError {
  return new LamsachError(
    exitCodes.environment,
    `${path}: this checkpoint is damaged; expected an assessment table of format ${format}. Delete it and run again.`,
  );
}
