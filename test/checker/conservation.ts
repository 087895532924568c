import { type Delivered, type DeliveredRow, foldText } from "./delivered.js";
import type { PublishedRecord } from "./published.js";

/** Where a published record came from. */
export interface Origin {
  readonly delivery: Delivered;
  readonly row: DeliveredRow;
  readonly dose: number;
}

export interface Conserved {
  readonly problems: readonly string[];
  /** Records that the inputs hold. */
  readonly expected: number;
  readonly expectedByFile: ReadonlyMap<string, number>;
  readonly sources: ReadonlyMap<PublishedRecord, Origin>;
  /** Delivered cell of a canonical column, "" when the file has none. */
  deliveredValue(record: PublishedRecord, column: string): string;
}

const rawLineLimit = 4096;

/** Every delivered (file, line, dose) exactly once over the sets, in input order, with its cells as delivered. */
export function checkDeliveries(
  records: readonly PublishedRecord[],
  deliveries: readonly Delivered[],
): Conserved {
  const problems: string[] = [];
  const origins = new Map<string, Origin>();
  const expectedByFile = new Map<string, number>();
  for (const delivery of deliveries) {
    for (const row of delivery.rows) {
      for (const dose of listDoses(delivery, row)) {
        origins.set(keyOf(delivery.name, row.line, dose), { delivery, row, dose });
        expectedByFile.set(delivery.name, (expectedByFile.get(delivery.name) ?? 0) + 1);
      }
    }
  }

  const sources = new Map<PublishedRecord, Origin>();
  const seen = new Set<string>();
  const byName = new Map(deliveries.map((delivery) => [delivery.name, delivery]));
  const lastByPath = new Map<string, { file: string; line: number; dose: number }>();
  for (const record of records) {
    const where = `${record.path}, source line ${record.line}`;
    const delivery = byName.get(record.file);
    const dose = delivery === undefined ? 1 : doseOf(delivery, record);
    const key = keyOf(record.file, record.line, dose);
    const origin = origins.get(key);
    if (seen.has(key)) problems.push(`${where}: this record comes twice over the sets.`);
    else if (origin === undefined) problems.push(`${where}: no input holds this record.`);
    seen.add(key);
    problems.push(...checkOrder(where, record, dose, lastByPath));
    if (origin === undefined) continue;
    sources.set(record, origin);
    problems.push(...checkCells(where, record, origin));
  }
  for (const [key, { delivery, row, dose }] of origins) {
    if (!seen.has(key)) {
      problems.push(`${delivery.name}, line ${row.line}, dose ${dose}: the record is in no set.`);
    }
  }
  return {
    problems,
    expected: origins.size,
    expectedByFile,
    sources,
    deliveredValue: (record, column) => readDeliveredValue(record, column, sources.get(record)),
  };
}

function listDoses(delivery: Delivered, row: DeliveredRow): number[] {
  if (row.unreadable !== null) return [1];
  const filled = [...delivery.doses]
    .filter(([, fields]) => [...fields.values()].some((column) => isFilled(row.cells[column])))
    .map(([dose]) => dose);
  return filled.length > 0 ? filled : [1];
}

function isFilled(cell: string | null | undefined): boolean {
  return cell === null || /[^ ]/.test(cell ?? "");
}

function doseOf(delivery: Delivered, record: PublishedRecord): number {
  if (delivery.doses.size === 0 || record.code.startsWith("E1")) return 1;
  const prefix = `${record.file}:${record.line}:`;
  return record.recordId.startsWith(prefix) ? Number(record.recordId.slice(prefix.length)) : Number.NaN;
}

function checkOrder(
  where: string,
  record: PublishedRecord,
  dose: number,
  lastByPath: Map<string, { file: string; line: number; dose: number }>,
): string[] {
  const last = lastByPath.get(record.path);
  lastByPath.set(record.path, { file: record.file, line: record.line, dose });
  if (last === undefined) return [];
  if (last.file !== record.file) return [`${where}: another source file begins inside one output file.`];
  const isAfter = record.line > last.line || (record.line === last.line && dose > last.dose);
  return isAfter ? [] : [`${where}: it is not in input order.`];
}

function checkCells(where: string, record: PublishedRecord, { delivery, row, dose }: Origin): string[] {
  const problems: string[] = [];
  const isUnreadable = /^E1\d$/.test(record.code);
  const expectedCode = row.unreadable;
  if (isUnreadable !== (expectedCode !== null) || (isUnreadable && record.code !== expectedCode)) {
    problems.push(
      `${where}: its code is not what the checker makes of the row (${expectedCode ?? "readable"}).`,
    );
  }
  const kept = keptColumns(delivery, record);
  if (kept === null) return [...problems, `${where}: its delivered columns are not those of the input.`];
  if (expectedCode !== null) {
    if (record.cells.some((cell) => cell !== "")) problems.push(`${where}: an unreadable row has cells.`);
    if (record.recordId !== `${record.file}:${record.line}`)
      problems.push(`${where}: its record_id is wrong.`);
    // Control characters are shown as U+FFFD, like bytes that cannot be decoded.
    if (!isPlace(record.fault)) problems.push(`${where}: what is wrong with it, and where, is not said.`);
    const text = row.text.replace(/[\0-\x08\x0b-\x1f]/g, "\ufffd");
    if (
      record.rawLine !== [...text].slice(0, rawLineLimit).join("") &&
      record.rawLine !== text.slice(0, rawLineLimit)
    ) {
      problems.push(`${where}: raw_line is not the delivered line.`);
    }
    return problems;
  }
  if ([...record.fault, record.rawLine ?? ""].some((cell) => cell !== "")) {
    problems.push(`${where}: a fault or raw_line is filled for a readable row.`);
  }
  kept.forEach((column, index) => {
    const delivered = row.cells[column] ?? "";
    if (row.cells[column] !== null && delivered !== record.cells[index]) {
      problems.push(`${where}: delivered column ${column + 1} is not as delivered.`);
    }
  });
  if (record.recordId !== expectedRecordId(delivery, row, dose, record)) {
    problems.push(`${where}: its record_id is not the delivered one.`);
  }
  return problems;
}

/** A name, a column from 1 and a byte from 1 (a header stands before every row). */
function isPlace(fault: readonly string[]): boolean {
  return /^[a-z0-9-]+ [1-9]\d* [1-9]\d*$/.test(fault.join(" "));
}

function expectedRecordId(
  delivery: Delivered,
  row: DeliveredRow,
  dose: number,
  { file, line, recordId }: PublishedRecord,
): string {
  if (delivery.doses.size > 0) return `${file}:${line}:${dose}`;
  const column = delivery.columns.get("record_id");
  if (column === undefined) return `${file}:${line}`;
  const cell = row.cells[column];
  if (cell === null) return recordId;
  return cell === undefined || cell.trim() === "" ? `${file}:${line}` : cell;
}

const ownColumns = new Set(
  "record_id source_file source_line set code findings reason_vi reason_en fault fault_column fault_byte raw_line".split(
    " ",
  ),
);

/** Input columns in the order in which the output carries them: all but the source's record_id, which a template keeps. */
function keptColumns(
  { headers, hasPlainHeaders, columns, doses }: Delivered,
  record: PublishedRecord,
): number[] | null {
  const own = doses.size === 0 ? columns.get("record_id") : undefined;
  const kept = headers.map((_, column) => column).filter((column) => column !== own);
  if (kept.length !== record.headers.length) return null;
  if (!hasPlainHeaders) return kept;
  const counts = new Map<string, number>();
  for (const header of headers) counts.set(header, (counts.get(header) ?? 0) + 1);
  const isSame = kept.every((column, index) => {
    const header = headers[column] as string;
    const carried = record.headers[index] as string;
    if (header.trim() === "" || (counts.get(header) ?? 0) > 1) return true;
    const isTaken = ownColumns.has(header) || header.startsWith("std_");
    return (
      carried === header ||
      (isTaken && isDeliveredName(carried, header, headers)) ||
      foldText(carried) === foldText(header)
    );
  });
  return isSame ? kept : null;
}

/** `delivered_<header>`, or with `_2`, `_3`… behind it when that name is another column's. */
function isDeliveredName(carried: string, header: string, headers: readonly string[]): boolean {
  const name = `delivered_${header}`;
  if (!headers.some((other) => foldText(other) === foldText(name))) return carried === name;
  return carried.startsWith(name) && /^(?:_(?:[2-9]|[1-9]\d+))?$/.test(carried.slice(name.length));
}

function readDeliveredValue(record: PublishedRecord, name: string, origin: Origin | undefined): string {
  if (origin === undefined) return "";
  const { delivery, row, dose } = origin;
  const isWide = delivery.doses.size > 0;
  if (isWide && name === "dose_no") return String(dose);
  const isOfDose = isWide && ["vaccine", "vaccination_date", "facility_code"].includes(name);
  const column = isOfDose ? delivery.doses.get(dose)?.get(name) : delivery.columns.get(name);
  if (column === undefined) return "";
  const cell = row.cells[column];
  if (cell !== null) return cell ?? "";
  // A workbook's number or date: its text is the pipeline's, taken from the output.
  const index = keptColumns(delivery, record)?.indexOf(column) ?? -1;
  return record.cells[index] ?? "";
}

function keyOf(file: string, line: number, dose: number): string {
  return JSON.stringify([file, line, dose]);
}
