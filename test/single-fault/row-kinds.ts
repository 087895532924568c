import { here, type KeptRow, lost, type Outcome, type Piece } from "./fault-kinds.js";

/** A row that is to be damaged. */
export interface RowAt {
  /** As a good file has it. */
  readonly line: string;
  readonly firstCell: string;
  /** Its cells without quotes and delimiters; what a damage of the row's form is made of. */
  readonly plain: readonly string[];
}

/** One way of damaging a row as a whole. The pieces replace its line; `lineBreak` its line break. */
export interface RowKind {
  readonly name: string;
  damage(row: RowAt): {
    readonly line: readonly Piece[];
    readonly lineBreak?: string;
    readonly outcome: readonly Outcome[];
  };
}

const asDelivered: KeptRow = { changed: null };

/** Another line break behind the row, or something before it that is no row. */
function harmless(name: string, before: string, lineBreak?: string): RowKind {
  return {
    name,
    damage: ({ line }) => ({
      line: [before, line],
      ...(lineBreak === undefined ? {} : { lineBreak }),
      outcome: [asDelivered],
    }),
  };
}

/** A line that is no row, before the row. */
function intruding(name: string, ...line: readonly Piece[]): RowKind {
  return {
    name,
    damage: (row) => ({
      line: [...line, here, "\n", row.line],
      outcome: [lost("too-few-fields", 2), asDelivered],
    }),
  };
}

function delimiting(name: string, delimiter: string): RowKind {
  return {
    name,
    damage: ({ plain }) => ({ line: [plain.join(delimiter)], outcome: [lost("too-few-fields", 2, "end")] }),
  };
}

/** Every way of damaging a row. */
export const rowKinds: readonly RowKind[] = [
  {
    name: "last cell missing",
    damage: ({ plain }) => ({
      line: [plain.slice(0, -1).join(",")],
      outcome: [lost("too-few-fields", plain.length, "end")],
    }),
  },
  {
    name: "first cell missing",
    damage: ({ plain }) => ({
      line: [plain.slice(1).join(",")],
      outcome: [lost("too-few-fields", plain.length, "end")],
    }),
  },
  {
    name: "one cell alone",
    damage: ({ plain }) => ({ line: [plain[0] as string], outcome: [lost("too-few-fields", 2, "end")] }),
  },
  {
    name: "cell added at the end",
    damage: ({ line, plain }) => ({
      line: [line, here, ",x"],
      outcome: [lost("too-many-fields", plain.length + 1)],
    }),
  },
  {
    name: "trailing delimiter",
    damage: ({ line, plain }) => ({
      line: [line, here, ","],
      outcome: [lost("too-many-fields", plain.length + 1)],
    }),
  },
  {
    name: "leading delimiter",
    damage: ({ plain }) => ({
      line: [`,${plain.slice(0, -1).join(",")}`, here, `,${plain.at(-1)}`],
      outcome: [lost("too-many-fields", plain.length + 1)],
    }),
  },
  {
    name: "row twice on one line",
    damage: ({ plain }) => ({
      line: [plain.join(","), here, `,${plain.join(",")}`],
      outcome: [lost("too-many-fields", plain.length + 1)],
    }),
  },
  delimiting("semicolons in one row", ";"),
  delimiting("tabs in one row", "\t"),
  delimiting("bars in one row", "|"),
  {
    name: "row in quotes as a whole",
    damage: ({ plain }) => ({
      line: [`"${plain.join(",")}"`],
      outcome: [lost("too-few-fields", 2, "end")],
    }),
  },
  {
    name: "row longer than allowed",
    damage: ({ plain }) => ({
      line: [plain.map((cell) => cell + "x".repeat(400)).join(",")],
      outcome: [lost("line-too-long", null, "unsaid")],
    }),
  },
  intruding("line of text between rows", "Trang 2"),
  intruding("line of NULs between rows", [0, 0, 0]),
  harmless("blank line", "\n"),
  harmless("blank line (CRLF)", "\r\n"),
  harmless("line of spaces", "   \n"),
  harmless("row that ends in LF", "", "\n"),
  harmless("row that ends in CRLF", "", "\r\n"),
  harmless("row that ends in CR", "", "\r"),
  harmless("row that ends in CR CRLF", "", "\r\r\n"),
  {
    name: "byte order mark before a row",
    damage: ({ line, firstCell }) => ({
      line: [`\ufeff${line}`],
      outcome: [{ changed: [1, `\ufeff${firstCell}`] }],
    }),
  },
];
