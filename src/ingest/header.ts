import {
  type HeaderNames,
  headerKey,
  readDoseColumn,
  readDoseGroup,
  readDoseHeader,
} from "./header-names.js";
import { type Reason, RefusedFile } from "./refused-file.js";
import { type CanonicalColumn, canonicalColumns, type DoseColumn, type Source } from "./source.js";

/** One of a file's first records. */
export interface HeadRecord {
  readonly cells: readonly string[];
  /** Lines (by the source's unit) before it. */
  readonly line: number;
}

/** A header that was found and understood. */
export interface Header extends Pick<Source, "headers" | "columns" | "doses" | "layout"> {
  /** Positions of its first and last row among the records; the same when it has one. */
  readonly firstRecord: number;
  readonly lastRecord: number;
  /** How many columns it names that we understand. */
  readonly known: number;
}

/** Why there is no header; the reason names expected columns, never what the file holds. */
export interface NoHeader extends Reason {
  /** How many of the mandatory names the closest row lacks. */
  readonly lacking: number;
}

/** A header is looked for in so many records from the top. */
export const maxHeadRecords = 50;

/**
 * Finds the header row, or the platform template's two merged rows, by its texts. `headerRow` (1-based line) looks
 * there only. Throws RefusedFile when two columns mean the same.
 */
export function findHeader(
  records: readonly HeadRecord[],
  names: HeaderNames,
  headerRow?: number,
): Header | NoHeader {
  let closest: readonly string[] = findMissing([]);
  for (const [index, record] of records.entries()) {
    if (index === maxHeadRecords) break;
    if (headerRow !== undefined && record.line + 1 !== headerRow) continue;
    const one = readOneRow(record, names);
    const missing = findMissing(one);
    if (missing.length === 0) return assembleHeader(one, index, index);
    if (missing.length < closest.length) closest = missing;
    const next = records[index + 1];
    // A title above a header of one row is no group.
    if (next === undefined || findMissing(readOneRow(next, names)).length === 0) continue;
    const two = readTwoRows(record, next, names);
    if (findMissing(two).length === 0) return assembleHeader(two, index, index + 1);
  }
  return { ...describeMissing(closest, headerRow), lacking: closest.length };
}

/** What one column's header says. */
interface Meaning {
  readonly text: string;
  readonly column?: CanonicalColumn | undefined;
  readonly dose?: number;
  readonly doseColumn?: DoseColumn;
}

function readOneRow(record: HeadRecord, names: HeaderNames): Meaning[] {
  return record.cells.map((text) => readMeaning(text, names));
}

function readMeaning(text: string, names: HeaderNames): Meaning {
  const column = names.get(headerKey(text));
  if (column !== undefined) return { text, column };
  const found = readDoseHeader(text, names);
  return found === null ? { text } : { text, dose: found.dose, doseColumn: found.column };
}

/** Merged cells: a group stands above the first of its columns only, and each of them has a name below. */
function readTwoRows(top: HeadRecord, bottom: HeadRecord, names: HeaderNames): Meaning[] {
  const meanings: Meaning[] = [];
  let group = "";
  for (let i = 0; i < Math.max(top.cells.length, bottom.cells.length); i++) {
    const above = top.cells[i]?.trim() ?? "";
    const below = bottom.cells[i]?.trim() ?? "";
    if (above !== "" || below === "") group = below === "" ? "" : above;
    if (below === "" || group === "") {
      meanings.push(readMeaning(below === "" ? above : below, names));
      continue;
    }
    const text = `${group} / ${below}`;
    const dose = readDoseGroup(group);
    if (dose > 0) {
      const doseColumn = readDoseColumn(below, names);
      meanings.push(doseColumn === null ? { text } : { text, dose, doseColumn });
    } else {
      meanings.push({ text, column: names.get(headerKey(below)) ?? names.get(headerKey(above)) });
    }
  }
  return meanings;
}

/** The mandatory names that a row lacks. */
function findMissing(meanings: readonly Meaning[]): string[] {
  const has = (column: CanonicalColumn): boolean =>
    meanings.some(
      (meaning) => meaning.column === column || (meaning.dose === 1 && meaning.doseColumn === column),
    );
  const missing: string[] = [];
  if (!has("full_name")) missing.push("full_name (Họ và tên)");
  if (!has("citizen_id")) missing.push("citizen_id (Số CCCD, Mã định danh)");
  if (!has("vaccine") && !has("vaccination_date"))
    missing.push("vaccine or vaccination_date (Tên vắc xin, Ngày tiêm)");
  return missing;
}

function describeMissing(closest: readonly string[], headerRow: number | undefined): Reason {
  const where = headerRow === undefined ? `the first ${maxHeadRecords} rows` : `row ${headerRow}`;
  const whereVi = headerRow === undefined ? `${maxHeadRecords} dòng đầu` : `dòng ${headerRow}`;
  const all = "full_name, citizen_id, and vaccine or vaccination_date";
  const lacking = closest.length < 3 ? ` (the closest row lacks ${closest.join(" and ")})` : "";
  const lackingVi =
    closest.length < 3
      ? ` (dòng gần đúng nhất còn thiếu ${closest.join(" và ").replace(" or ", " hoặc ")})`
      : "";
  return {
    reason: `no header was found in ${where}${lacking}; expected one that names ${all}, or the platform's own headers. Put the header back, or add the file's names to columns.aliases of the pipeline`,
    reasonVi: `Không tìm thấy dòng tiêu đề trong ${whereVi}${lackingVi}; cần có cột họ và tên, số định danh, và tên vắc xin hoặc ngày tiêm. Hãy thêm lại dòng tiêu đề, hoặc khai báo tên cột ở mục columns.aliases của quy trình.`,
  };
}

function assembleHeader(meanings: readonly Meaning[], firstRecord: number, lastRecord: number): Header {
  const isWide = meanings.some((meaning) => meaning.dose === 1);
  const columns = Object.fromEntries(canonicalColumns.map((column) => [column, -1])) as Record<
    CanonicalColumn,
    number
  >;
  const doses: Record<DoseColumn, number>[] = [];
  let known = 0;
  for (const [index, { column, dose, doseColumn }] of meanings.entries()) {
    if (column !== undefined) {
      // In a wide file these belong to a dose; outside one they say nothing.
      if (isWide && (column in noDose || column === "dose_no")) continue;
      claimColumn(columns, column, index, column);
      known++;
    } else if (isWide && dose !== undefined && doseColumn !== undefined) {
      while (doses.length < dose) doses.push({ ...noDose });
      claimColumn(
        doses[dose - 1] as Record<DoseColumn, number>,
        doseColumn,
        index,
        `${doseColumn} of dose ${dose}`,
      );
      known++;
    }
  }
  const layout = isWide ? "wide" : "long";
  return { headers: nameColumns(meanings), columns, doses, layout, firstRecord, lastRecord, known };
}

const noDose: Readonly<Record<DoseColumn, number>> = {
  vaccine: -1,
  vaccination_date: -1,
  lot_no: -1,
  facility_code: -1,
};

function claimColumn<K extends string>(
  columns: Record<K, number>,
  key: K,
  index: number,
  label: string,
): void {
  if (columns[key] >= 0) {
    throw new RefusedFile(
      `columns ${columns[key] + 1} and ${index + 1} both mean ${label}; expected one. Rename or remove one of them`,
      `Cột ${columns[key] + 1} và cột ${index + 1} cùng là ${label}. Hãy đổi tên hoặc bỏ một trong hai cột.`,
    );
  }
  columns[key] = index;
}

/** Texts as delivered where they say something and say it once, else `column_7`. */
function nameColumns(meanings: readonly Meaning[]): string[] {
  const delivered = new Set(meanings.map(({ text }) => text.trim()));
  const used = new Set<string>();
  return meanings.map(({ text }, index) => {
    let name = text.trim();
    if (name === "" || used.has(name)) {
      name = `column_${index + 1}`;
      while (delivered.has(name) || used.has(name)) name += "_";
    }
    used.add(name);
    return name;
  });
}
