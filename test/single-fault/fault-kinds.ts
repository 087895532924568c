import type { FaultName } from "../../src/ingest/fault-place.js";

/** Marks the byte that is to be named as the place of the fault; the first of a row that is lost, one for each. */
export const here = Symbol("here");

/** Text, bytes, or the mark of a place. */
export type Piece = string | readonly number[] | typeof here;

/** What must come out in place of a record, row by row. */
export type Outcome = LostRow | KeptRow;

/** A row in errors. */
export interface LostRow {
  readonly fault: FaultName;
  /** Null where the test does not say. */
  readonly column: number | null;
  /** Where the fault is: at the mark, at the row's end, or at the delimiter before its last cell. */
  readonly place: "mark" | "end" | "last-cell" | "unsaid";
}

/** A row that is read as the good file has it, but for one cell (1-based column, text). */
export interface KeptRow {
  readonly changed: readonly [column: number, text: string] | null;
}

/** A row that is lost; at the mark unless said. */
export function lost(fault: FaultName, column: number | null, place: LostRow["place"] = "mark"): LostRow {
  return { fault, column, place };
}

/** A cell that is to be damaged. */
export interface CellAt {
  /** At least two letters, nothing that CSV gives a meaning to. */
  readonly text: string;
  /** 1-based. */
  readonly column: number;
  readonly columns: number;
  /** A cell of the row behind this one is in quotes. */
  readonly isQuoteBehind: boolean;
}

/** One way of damaging one cell. */
export interface CellKind {
  readonly name: string;
  damage(cell: CellAt): { readonly cell: readonly Piece[]; readonly outcome: readonly Outcome[] };
}

/** A row lost at the mark, in the damaged cell's own column. */
function losing(name: string, fault: FaultName, write: (head: string, rest: string) => Piece[]): CellKind {
  return {
    name,
    damage: ({ text, column }) => ({
      cell: write(text.slice(0, 1), text.slice(1)),
      outcome: [lost(fault, column)],
    }),
  };
}

/** Bytes or characters that take nothing: the row is read, and the cell has what was delivered. */
function keeping(name: string, write: (head: string, rest: string) => string, read = write): CellKind {
  return {
    name,
    damage: ({ text, column }) => {
      const [head, rest] = [text.slice(0, 1), text.slice(1)];
      return { cell: [write(head, rest)], outcome: [keep(column, read(head, rest))] };
    },
  };
}

/** Bytes between two letters that are no UTF-8. */
function undecodable(name: string, ...bytes: readonly number[]): CellKind {
  return losing(name, bytes[0] === 0 ? "nul" : "not-utf8", (head, rest) => [head, here, bytes, rest]);
}

const keep = (column: number, text: string): KeptRow => ({ changed: [column, text] });

/** A line break outside quotes makes two lines of one: each is a row of its own, and only by chance a readable one. */
function breaking(name: string, lineBreak: string): CellKind {
  return {
    name,
    damage: ({ text, column, columns }) => {
      const [head, rest] = [text.slice(0, 1), text.slice(1)];
      const first = column === columns ? keep(column, head) : lost("too-few-fields", column + 1);
      const second = column === 1 ? keep(column, rest) : lost("too-few-fields", columns - column + 2, "end");
      return { cell: [head, here, lineBreak, rest], outcome: [first, second] };
    },
  };
}

/** A quote that nothing closes; the next quote of the row, which opens a cell, is then in the way. */
const unclosed: CellKind = {
  name: "quote not closed",
  damage: ({ text, column, isQuoteBehind }) => ({
    cell: [here, `"${text}`],
    outcome: [isQuoteBehind ? lost("text-after-quote", column, "unsaid") : lost("quote-not-closed", column)],
  }),
};

const tooManyLines: CellKind = {
  name: "quoted text over more lines than allowed",
  damage: ({ text, column }) => ({
    cell: [here, `"${text}`, "\nb", here, "\nc", here, "\nd", here, "\ne", here, '"'],
    outcome: [
      lost("quote-not-closed", column),
      ...["b", "c", "d"].map(() => lost("too-few-fields", 2)),
      lost("quote-in-text", 1),
    ],
  }),
};

const delimiterAdded: CellKind = {
  name: "delimiter added",
  damage: ({ text, column, columns }) => ({
    cell: column === columns ? [text, here, ",x"] : [`${text},x`],
    outcome: [lost("too-many-fields", columns + 1, column === columns ? "mark" : "last-cell")],
  }),
};

/** `smallLimits.maxRecordBytes` and more. */
const longText = "dài".repeat(700);

const tooLong = (name: string, write: (text: string) => string): CellKind => ({
  name,
  damage: ({ text, column }) => ({
    cell: [write(text + longText)],
    outcome: [lost("line-too-long", column, "unsaid")],
  }),
});

/** Every way of damaging a cell. */
export const cellKinds: readonly CellKind[] = [
  losing("stray quote in a text", "quote-in-text", (head, rest) => [head, here, `"${rest}`]),
  losing("quote after a text", "quote-in-text", (head, rest) => [head + rest, here, '"']),
  losing("text before a quoted text", "quote-in-text", (head, rest) => [head, here, `"${rest}"`]),
  losing("space before a quoted text", "quote-in-text", (head, rest) => [" ", here, `"${head}${rest}"`]),
  losing("text after a quoted text", "text-after-quote", (head, rest) => [`"${head}"`, here, rest]),
  losing("space after a quoted text", "text-after-quote", (head, rest) => [`"${head}${rest}"`, here, " "]),
  losing("quote not doubled in quotes", "text-after-quote", (head, rest) => [`"${head}"`, here, `${rest}"`]),
  losing("quote escaped with a backslash", "text-after-quote", (head, rest) => [
    `"${head}\\"`,
    here,
    `${rest}"`,
  ]),
  unclosed,
  tooManyLines,
  delimiterAdded,
  breaking("LF in a text", "\n"),
  breaking("CRLF in a text", "\r\n"),
  breaking("CR in a text", "\r"),
  undecodable("byte that is never UTF-8", 0xff),
  undecodable("continuation byte alone", 0x80),
  undecodable("sequence cut short", 0xe1, 0xba),
  undecodable("overlong sequence", 0xc0, 0xaf),
  undecodable("surrogate", 0xed, 0xa0, 0x80),
  undecodable("code point beyond Unicode", 0xf4, 0x90, 0x80, 0x80),
  undecodable("windows-1258 letter", 0xd0),
  undecodable("UTF-16 byte order mark", 0xff, 0xfe),
  undecodable("NUL", 0),
  tooLong("field longer than allowed", (text) => text),
  tooLong("quoted field longer than allowed", (text) => `"${text}"`),
  keeping("C0 control character", (head, rest) => `${head}\u0001${rest}`),
  keeping("vertical tab and form feed", (head, rest) => `${head}\v\f${rest}`),
  keeping("C1 control character", (head, rest) => `${head}\u009f${rest}`),
  keeping("next line (NEL)", (head, rest) => `${head}\u0085${rest}`),
  keeping("line separator", (head, rest) => `${head}\u2028${rest}`),
  keeping("paragraph separator", (head, rest) => `${head}\u2029${rest}`),
  keeping("zero-width space and joiner", (head, rest) => `${head}\u200b\u200d${rest}`),
  keeping("right-to-left override", (head, rest) => `${head}\u202e${rest}`),
  keeping("byte order mark in a cell", (head, rest) => `${head}\ufeff${rest}`),
  keeping("replacement character delivered", (head, rest) => `${head}\ufffd${rest}`),
  keeping("tab in a text", (head, rest) => `${head}\t${rest}`),
  keeping("semicolon in a text", (head, rest) => `${head};${rest}`),
  keeping(
    "quotes that are not needed",
    (head, rest) => `"${head}${rest}"`,
    (head, rest) => head + rest,
  ),
  keeping(
    "quoted delimiter",
    (head, rest) => `"${head},${rest}"`,
    (head, rest) => `${head},${rest}`,
  ),
  keeping(
    "doubled quote in quotes",
    (head, rest) => `"${head}""${rest}"`,
    (head, rest) => `${head}"${rest}`,
  ),
];
