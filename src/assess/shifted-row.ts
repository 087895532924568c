import { readDateText } from "../identity/date-text.js";
import { readSex } from "../identity/sex.js";
import { type Batch, createBatch, RowFault, type ScanDialect, scanBatch } from "../ingest/scanner.js";
import type { Source } from "../ingest/source.js";
import { type FindingId, findingBit, findingWords } from "../judge/findings.js";
import { readDoseNumber } from "../vaccination/dose-number.js";
import { findVaccine } from "../vaccination/vaccine.js";
import { Cell } from "./cell.js";
import type { AssessRules } from "./rules.js";

/** Whether a cell is what its column holds, and whether hardly any other column holds such a thing. */
interface Form {
  readonly column: number;
  readonly isTelling: boolean;
  fits(cell: Cell): boolean;
}

/** What a cell that holds its neighbour's value is found to be. */
const strange: readonly FindingId[] = [
  "citizen-id.blank",
  "citizen-id.placeholder",
  "citizen-id.old-number",
  "citizen-id.length",
  "citizen-id.characters",
  "citizen-id.other-number",
  "birth-date.blank",
  "birth-date.impossible",
  "sex.blank",
  "sex.unreadable",
  "vaccine.blank",
  "vaccine.unknown",
  "vaccination-date.blank",
  "vaccination-date.impossible",
  "dose-no.blank",
  "dose-no.impossible",
];
const strangeWords = new Uint32Array(findingWords);
for (const bit of strange.map(findingBit)) {
  strangeWords[bit >> 5] = (strangeWords[bit >> 5] as number) | (1 << (bit & 31));
}

/** Tells whether cells of a row stand one column away from their own. */
export interface ShiftDetector {
  /** `who` and `dose`: the findings of a row that can be read; only one with two strange cells is looked at. */
  isShifted(batch: Batch, row: number, doseSlot: number, who: Uint32Array, dose: Uint32Array): boolean;
  /** Of a row that is none of the file's columns: whether it would be one with a column more or less, and is shifted. */
  isOneCellOff(batch: Batch, row: number): boolean;
}

/**
 * Makes the detector of a source: of the cells that are not what their column holds, at least two are found right beside
 * it, all on the same side, and one of them is a date, a 12-digit number or a vaccine.
 */
export function createShiftDetector(source: Source, rules: AssessRules): ShiftDetector {
  const { columns } = source;
  const cell = new Cell();
  const formsBySlot = [columns, ...source.doses].map(({ vaccine, vaccination_date }, doseSlot) =>
    [
      { column: columns.citizen_id, isTelling: true, fits: isNumber },
      { column: columns.birth_date, isTelling: true, fits: isDate },
      { column: columns.sex, isTelling: false, fits: isSex },
      { column: vaccine, isTelling: true, fits: isVaccine },
      { column: vaccination_date, isTelling: true, fits: isDate },
      { column: doseSlot === 0 ? columns.dose_no : -1, isTelling: false, fits: isDose },
    ].filter(({ column }) => column >= 0),
  );
  const otherWidths = [1, -1].map((more) => createBatch(source.headers.length + more, 1));

  return {
    isShifted: (batch, row, doseSlot, who, dose) =>
      hasTwoStrange(who, dose) && hasShiftedCells(batch, row, doseSlot),
    isOneCellOff: (batch, row) => {
      const bytes = batch.bytes.subarray(batch.rowStart[row], batch.rowEnd[row]);
      const dialect: ScanDialect = {
        ...{ delimiter: source.delimiter.charCodeAt(0), lineUnit: "line" },
        ...{ maxRecordBytes: bytes.length, maxFieldLines: 0 },
      };
      return otherWidths.some((other) => {
        scanBatch(other, bytes, 0, bytes.length, true, dialect);
        const isRow = other.rows === 1 && other.rowFault[0] === RowFault.none;
        return isRow && hasShiftedCells(other, 0, source.layout === "wide" ? 1 : 0);
      });
    },
  };

  function hasShiftedCells(batch: Batch, row: number, doseSlot: number): boolean {
    const strangers = (formsBySlot[doseSlot] as readonly Form[]).filter(
      (form) => !fitsAt(batch, row, form, form.column),
    );
    return [1, -1].some((step) => {
      const moved = strangers.filter((form) => fitsAt(batch, row, form, form.column + step));
      return moved.length > 1 && moved.some(({ isTelling }) => isTelling);
    });
  }

  function fitsAt(batch: Batch, row: number, { fits }: Form, column: number): boolean {
    if (column < 0 || column >= batch.columns) return false;
    cell.moveTo(batch, row, column);
    return fits(cell);
  }

  function isSex(at: Cell): boolean {
    return readSex(at.text(), source.coding.sex).sex !== null;
  }

  function isVaccine(at: Cell): boolean {
    return findVaccine(rules.vaccines, at.text()) !== null;
  }

  function isDose(at: Cell): boolean {
    return readDoseNumber(at.text(), rules.maxDoseNumber).dose !== null;
  }
}

function isNumber(cell: Cell): boolean {
  return cell.length === 12 && /^\d{12}$/.test(cell.text());
}

function isDate(cell: Cell): boolean {
  return readDateText(cell.text()).kind === "date";
}

function hasTwoStrange(who: Uint32Array, dose: Uint32Array): boolean {
  let one = false;
  for (let word = 0; word < findingWords; word++) {
    const found = ((who[word] as number) | (dose[word] as number)) & (strangeWords[word] as number);
    if (found === 0) continue;
    if (one || (found & (found - 1)) !== 0) return true;
    one = true;
  }
  return false;
}
