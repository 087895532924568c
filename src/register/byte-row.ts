import { hashName } from "../identity/name-hash.js";
import { fieldEnd, fieldStart, fieldText } from "../ingest/read-field.js";
import { type Batch, RowFault } from "../ingest/scanner.js";
import { textSeparator } from "./person-block.js";
import type { PersonRecords } from "./person-spool.js";
import { type RegisterRow, registerColumns } from "./register-csv.js";
import {
  countDays,
  createEncodedRow,
  createRowReader,
  daysInMonth,
  lastBirthYear,
  needsReading,
  type RowDefect,
  type SexCoding,
} from "./register-row.js";

/** What makes a row possible, beside the calendar. */
export interface RowRules {
  readonly placeCodes: ReadonlySet<string>;
  readonly sexCoding: SexCoding;
}

const quote = 0x22;
const dash = 0x2d;
const space = 0x20;
const firstYear = 1850;
/** Bytes of a coded cell that a double holds as one number. */
const maxCodeBytes = 6;

/**
 * Makes the reader of scanned rows: it adds the row's person to `records` and returns null, or returns what makes the
 * row impossible. `positions` says where each of `registerColumns` stands, -1 for an absent one. Usual rows are read from
 * their bytes alone; whatever is unusual about a row, `createRowReader` decides, which reads texts.
 */
export function createByteRowReader(
  { placeCodes, sexCoding }: RowRules,
  records: PersonRecords,
): (
  batch: Batch,
  row: number,
  positions: readonly number[],
  shard: number,
  line: number,
) => RowDefect | null {
  const readRow = createRowReader({ placeCodes, sexCoding });
  const texts = Object.fromEntries(registerColumns.map((column) => [column, ""])) as RegisterRow;
  const encoded = createEncodedRow();
  const isPlace = new Uint8Array(1000);
  for (const code of placeCodes) if (/^\d{3}$/.test(code)) isPlace[Number(code)] = 1;
  const firstDayOf = Int32Array.from({ length: lastBirthYear + 1 - firstYear }, (_, n) =>
    countDays(firstYear + n, 1, 1),
  );
  const sexes = new Map<number, 0 | 1>();
  const statuses = new Map<number, number>();
  const hash = { marked: 0, folded: 0, flags: 0 };
  const starts = new Int32Array(registerColumns.length);
  const ends = new Int32Array(registerColumns.length);

  return (batch, row, positions, shard, line) => {
    if (batch.rowFault[row] === RowFault.none && addFromBytes(batch, row, positions, shard, line))
      return null;
    for (const [at, column] of registerColumns.entries()) {
      texts[column] = fieldText(batch, row, positions[at] as number);
    }
    const defect = readRow(texts, encoded);
    if (defect !== null) return defect;
    locateCells(batch, row, positions);
    rememberCodes(batch.bytes);
    addFromTexts(shard, line);
    return null;
  };

  /** False, nothing added, for a row that is unusual in any way. */
  function addFromBytes(
    batch: Batch,
    row: number,
    positions: readonly number[],
    shard: number,
    line: number,
  ): boolean {
    const { bytes } = batch;
    locateCells(batch, row, positions);
    const idStart = starts[0] as number;
    if ((ends[0] as number) - idStart !== 12) return false;
    const high6 = readDigits(bytes, idStart, 6);
    const low6 = readDigits(bytes, idStart + 6, 6);
    if (high6 < 0 || low6 < 0 || isPlace[Math.floor(high6 / 1000)] !== 1) return false;
    if (!readBirthDay(bytes, starts[2] as number, ends[2] as number)) return false;
    const sex = sexes.get(codeOf(bytes, starts[3] as number, ends[3] as number));
    const status = statuses.get(codeOf(bytes, starts[5] as number, ends[5] as number));
    // A replaced person's number is checked with the texts; there are few.
    if (sex === undefined || status === undefined || status === 3) return false;
    hashName(bytes, starts[1] as number, ends[1] as number, hash);
    if ((hash.flags & needsReading) !== 0) return false;
    encoded.high6 = high6;
    encoded.low6 = low6;
    encoded.sex = sex;
    encoded.status = status;
    encoded.markedHash = hash.marked | 0;
    encoded.foldedHash = hash.folded | 0;

    const into = records.begin(high6, low6, (batch.rowEnd[row] as number) - (batch.rowStart[row] as number));
    let end = copy(bytes, starts[1] as number, ends[1] as number, into, records.textStart);
    into[end++] = textSeparator;
    end = copyDate(bytes, starts[2] as number, ends[2] as number, into, end);
    for (let column = 4; column < 10; column++) {
      if (column === 5) continue;
      into[end++] = textSeparator;
      const last = ends[column] as number;
      for (let at = starts[column] as number; at < last; at++) {
        const byte = bytes[at] as number;
        if (byte < 0x20 || byte > 0x7e || byte === quote) return false;
        into[end++] = byte;
      }
    }
    records.add(encoded, end, shard, line);
    return true;
  }

  /** Sets where each cell's bytes are, without its quotes and outer spaces. */
  function locateCells(batch: Batch, row: number, positions: readonly number[]): void {
    const { bytes } = batch;
    for (let column = 0; column < positions.length; column++) {
      const position = positions[column] as number;
      if (position < 0) {
        starts[column] = ends[column] = 0;
        continue;
      }
      let start = fieldStart(batch, row, position);
      let end = fieldEnd(batch, row, position);
      if (start < end && bytes[start] === quote) {
        start++;
        end--;
      }
      while (start < end && bytes[start] === space) start++;
      while (start < end && bytes[end - 1] === space) end--;
      starts[column] = start;
      ends[column] = end;
    }
  }

  function readBirthDay(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    const isDashed = length === 10 && bytes[start + 4] === dash && bytes[start + 7] === dash;
    if (!isDashed && length !== 8 && length !== 4) return false;
    const year = readDigits(bytes, start, 4);
    if (year < firstYear || year > lastBirthYear) return false;
    const newYear = firstDayOf[year - firstYear] as number;
    encoded.yearOnly = length === 4 ? 1 : 0;
    encoded.birthDay = newYear;
    if (length === 4) return true;
    const month = readDigits(bytes, isDashed ? start + 5 : start + 4, 2);
    const day = readDigits(bytes, isDashed ? start + 8 : start + 6, 2);
    if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return false;
    encoded.birthDay = newYear + (daysBefore[month - 1] as number) + day - 1;
    if (month > 2 && daysInMonth(year, 2) === 29) encoded.birthDay++;
    return true;
  }

  /** What the texts meant by a sex and a status, the bytes of the next rows mean too. */
  function rememberCodes(bytes: Uint8Array): void {
    if (sexes.size < 1000) sexes.set(codeOf(bytes, starts[3] as number, ends[3] as number), encoded.sex);
    if (statuses.size < 1000)
      statuses.set(codeOf(bytes, starts[5] as number, ends[5] as number), encoded.status);
    sexes.delete(-1);
    statuses.delete(-1);
  }

  function addFromTexts(shard: number, line: number): void {
    const text = [
      encoded.fullName,
      encoded.birthDate,
      encoded.legacyId,
      encoded.replacedBy,
      encoded.provinceCode,
      encoded.districtCode,
      encoded.wardCode,
    ].join("\u001f");
    // A UTF-16 unit takes at most three bytes.
    const into = records.begin(encoded.high6, encoded.low6, text.length * 3);
    const start = records.textStart;
    records.add(encoded, start + into.write(text, start, "utf8"), shard, line);
  }
}

const daysBefore = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/** The bytes of a short cell as one number, -1 for a longer one. */
function codeOf(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > maxCodeBytes) return -1;
  let code = 1;
  for (let at = start; at < end; at++) code = code * 256 + (bytes[at] as number);
  return code;
}

/** `length` ASCII digits from `start` as a number, or -1. */
function readDigits(bytes: Uint8Array, start: number, length: number): number {
  let value = 0;
  for (let at = start; at < start + length; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function copy(bytes: Uint8Array, start: number, end: number, into: Uint8Array, at: number): number {
  let to = at;
  for (let from = start; from < end; from++) into[to++] = bytes[from] as number;
  return to;
}

/** A compact date gets its dashes. */
function copyDate(bytes: Uint8Array, start: number, end: number, into: Uint8Array, at: number): number {
  if (end - start !== 8) return copy(bytes, start, end, into, at);
  let to = copy(bytes, start, start + 4, into, at);
  into[to++] = dash;
  to = copy(bytes, start + 4, start + 6, into, to);
  into[to++] = dash;
  return copy(bytes, start + 6, end, into, to);
}
