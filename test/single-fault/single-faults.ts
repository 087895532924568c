import { encodeCell, encodeRecord, headers, records, twoLineRecord } from "./clean-file.js";
import { cellKinds, here, lost, type Outcome, type Piece } from "./fault-kinds.js";
import { rowKinds } from "./row-kinds.js";

export const lineBreaks = ["\n", "\r\n"] as const;
export type LineBreak = (typeof lineBreaks)[number];

/** The clean file with one fault in it. */
export interface FaultyFile {
  readonly kind: string;
  /** Position of the damaged record. */
  readonly record: number;
  /** 1-based; 0 for a damage of the row as a whole. */
  readonly column: number;
  readonly lineBreak: LineBreak;
  readonly bytes: Buffer;
  /** Records of the clean file that the fault reaches: one, or two that it joins. */
  readonly reach: 1 | 2;
  /** What comes out in their place; null for a record over two lines, whose lines are told one by one. */
  readonly outcome: readonly ExpectedRow[] | null;
}

/** A lost row, with the byte of its fault where that is said, or a row that is read, with all its cells. */
export type ExpectedRow =
  | { readonly fault: string; readonly column: number | null; readonly byte: number | null }
  | { readonly cells: readonly string[] };

/** The lines of the clean file, its header's first. */
function writeLines(lineBreak: LineBreak): string[] {
  return [headers.join(","), ...records.map(encodeRecord)].map((line) => line + lineBreak);
}

/** The clean file itself. */
export function writeCleanFile(lineBreak: LineBreak): Buffer {
  return Buffer.from(writeLines(lineBreak).join(""));
}

/**
 * Every kind at every record and column in files of LF, at three columns in files of CRLF; rows without the line break between them; the last
 * record cut short at every byte.
 */
export function* listFaultyFiles(): Generator<FaultyFile> {
  for (const lineBreak of lineBreaks) {
    for (const record of records.keys()) {
      yield* damageCells(record, lineBreak);
      yield* damageRow(record, lineBreak);
      if (record + 1 < records.length) yield joinNext(record, lineBreak);
    }
    yield* cutLastRecord(lineBreak);
  }
}

function* damageCells(record: number, lineBreak: LineBreak): Generator<FaultyFile> {
  const cells = cellsOf(record);
  for (const kind of cellKinds) {
    for (const index of lineBreak === "\n" ? headers.keys() : [0, 4, headers.length - 1]) {
      const { cell, outcome } = kind.damage({
        text: plainText(cells[index] as string),
        column: index + 1,
        columns: headers.length,
        isQuoteBehind: cells.slice(index + 1).some((other) => encodeCell(other) !== other),
      });
      const line = cells.flatMap((other, at): Damaged["line"] => {
        const pieces = at === index ? cell : [encodeCell(other)];
        if (at === 0) return pieces;
        return at === cells.length - 1 ? [lastCell, ",", ...pieces] : [",", ...pieces];
      });
      yield damageFile({ kind: kind.name, record, column: index + 1, lineBreak }, { line, outcome });
    }
  }
}

function* damageRow(record: number, lineBreak: LineBreak): Generator<FaultyFile> {
  const cells = cellsOf(record);
  const row = {
    line: encodeRecord(cells),
    firstCell: cells[0] as string,
    plain: cells.map(plainText),
  };
  for (const kind of rowKinds)
    yield damageFile({ kind: kind.name, record, column: 0, lineBreak }, kind.damage(row));
}

function joinNext(record: number, lineBreak: LineBreak): FaultyFile {
  const cells = cellsOf(record);
  const next = cellsOf(record + 1);
  const isQuoted = encodeCell(cells.at(-1) as string) !== cells.at(-1);
  const outcome = isQuoted
    ? lost("text-after-quote", headers.length)
    : lost("too-many-fields", headers.length + 1);
  const damaged: Damaged = {
    line: isQuoted
      ? [encodeRecord(cells), here, encodeRecord(next)]
      : [encodeRecord(cells), next[0] as string, here, `,${encodeRecord(next.slice(1))}`],
    outcome: [outcome],
  };
  return damageFile({ kind: "two rows on one line", record, column: 0, lineBreak }, damaged, 2);
}

function* cutLastRecord(lineBreak: LineBreak): Generator<FaultyFile> {
  const record = records.length - 1;
  const line = Buffer.from(encodeRecord(cellsOf(record)));
  for (let length = 0; length <= line.length; length++) {
    const kept = line.subarray(0, length);
    const delimiters = kept.filter((byte) => byte === 0x2c).length;
    const text = kept.subarray(kept.lastIndexOf(",") + 1).toString("utf8");
    const read: Outcome =
      delimiters < headers.length - 1
        ? lost("too-few-fields", delimiters + 2, "end")
        : { changed: [headers.length, text] };
    const damaged = { line: [[...kept]], lineBreak: "", outcome: length === 0 ? [] : [read] };
    yield damageFile({ kind: "file cut short", record, column: 0, lineBreak }, damaged);
  }
}

function cellsOf(record: number): readonly string[] {
  return records[record] as readonly string[];
}

/** Nothing of CSV in it, and never too short to be damaged. */
function plainText(text: string): string {
  return `${text.replace(/[",\r\n]/g, "")}xy`;
}

/** Marks the delimiter before a row's last cell. */
const lastCell = Symbol("last cell");

interface Damaged {
  readonly line: readonly (Piece | typeof lastCell)[];
  /** The file's own unless said. */
  readonly lineBreak?: string;
  readonly outcome: readonly Outcome[];
}

/** The clean file with a damaged line in the place of `reach` records. */
function damageFile(
  place: Pick<FaultyFile, "kind" | "record" | "column" | "lineBreak">,
  { line, lineBreak = place.lineBreak, outcome }: Damaged,
  reach: FaultyFile["reach"] = 1,
): FaultyFile {
  const { record } = place;
  const lines = writeLines(place.lineBreak);
  const parts = [Buffer.from(lines.slice(0, record + 1).join(""))];
  let end = (parts[0] as Buffer).length;
  const marks: number[] = [];
  let last: number | null = null;
  for (const piece of line) {
    if (piece === here) marks.push(end);
    else if (piece === lastCell) last = end;
    else {
      const bytes = Buffer.from(piece as string);
      parts.push(bytes);
      end += bytes.length;
    }
  }
  parts.push(Buffer.from(lineBreak), Buffer.from(lines.slice(record + 1 + reach).join("")));
  const isOfTwoLines = record === twoLineRecord || (reach === 2 && record + 1 === twoLineRecord);
  const isTold = !isOfTwoLines || outcome.every((row) => "changed" in row);
  const expect = (row: Outcome): ExpectedRow => {
    if ("changed" in row) return { cells: changeCell(cellsOf(record), row.changed) };
    const byte = { mark: marks.shift() ?? null, end, "last-cell": last, unsaid: null }[row.place];
    return { fault: row.fault, column: row.column, byte };
  };
  return { ...place, bytes: Buffer.concat(parts), reach, outcome: isTold ? outcome.map(expect) : null };
}

function changeCell(
  cells: readonly string[],
  changed: readonly [column: number, text: string] | null,
): readonly string[] {
  return changed === null ? cells : cells.with(changed[0] - 1, changed[1]);
}
