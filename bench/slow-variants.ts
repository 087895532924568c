import { closeSync, openSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readLines, splitRow } from "./row-lines.js";

/** A long export made slow on purpose, row by row, from one that is not. */
export interface Variant {
  readonly name: string;
  readonly about: string;
  /** What must become of the records: the sets of the plain file, each changed row in errors, or only as many records. */
  readonly fate: "same sets" | "errors" | "same records";
  /** The row, without its line end, of the cells that were delivered. */
  writeRow(cells: readonly string[], at: Columns): string;
}

interface Columns {
  readonly name: number;
  readonly citizenId: number;
}

/** The slow paths, each in every row. */
export const variants: readonly Variant[] = [
  {
    name: "quoted",
    about: "every field is quoted",
    fate: "same sets",
    writeRow: (cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","),
  },
  {
    name: "decomposed",
    about: "every text is decomposed (NFD), names of people, places and facilities alike",
    // Old-font text is another one when it is decomposed, so its name may be another one too.
    fate: "same records",
    writeRow: (cells) => writeCells(cells).normalize("NFD"),
  },
  {
    name: "no-id",
    about: "no row has a citizen ID",
    fate: "same records",
    writeRow: (cells, { citizenId }) => writeCells(cells.with(citizenId, "")),
  },
  {
    name: "stray-quote",
    about: "a quote stands inside an unquoted name in every row",
    fate: "errors",
    writeRow: (cells, { name }) => damageCell(cells, name, `x"${cells[name]}`),
  },
  {
    name: "open-quote",
    about: "a quote opens before the name in every row and is not closed",
    fate: "errors",
    writeRow: (cells, { name }) => damageCell(cells, name, `"x${cells[name]}`),
  },
  {
    name: "short",
    about: "every row lacks its last cell",
    fate: "errors",
    writeRow: (cells) => writeCells(cells.slice(0, -1)),
  },
];

/** A variant's file. */
export interface VariantFile {
  readonly variant: Variant;
  readonly file: string;
  /** Rows that were changed; the others (broken already, or of several lines) are as they were. */
  readonly changedRows: number;
}

/**
 * Writes every variant of the long export `input` into `folder`, in one pass and in memory that does not grow with it.
 * Its header must be of plain cells, as the generator writes it.
 */
export async function writeVariants(input: string, folder: string): Promise<VariantFile[]> {
  const outputs = variants.map((variant) => {
    const file = path.join(folder, `${variant.name}.csv`);
    return { variant, file, handle: openSync(file, "w"), parts: [] as Buffer[], changedRows: 0 };
  });
  let header: readonly string[] | null = null;
  let columns: Columns = { name: -1, citizenId: -1 };
  for await (const lines of readLines(input)) {
    for (const line of lines) {
      const cells = header === null ? null : splitRow(line, header.length);
      if (header === null) {
        header = line.toString().trimEnd().split(",");
        columns = { name: header.indexOf("full_name"), citizenId: header.indexOf("citizen_id") };
      }
      for (const output of outputs) {
        if (cells !== null) output.changedRows++;
        output.parts.push(
          cells === null ? line : Buffer.from(`${output.variant.writeRow(cells, columns)}\n`),
        );
      }
    }
    for (const { handle, parts } of outputs) writeFileSync(handle, Buffer.concat(parts.splice(0)));
  }
  for (const { handle } of outputs) closeSync(handle);
  return outputs.map(({ variant, file, changedRows }) => ({ variant, file, changedRows }));
}

function writeCells(cells: readonly string[]): string {
  return cells.map(writeCell).join(",");
}

function writeCell(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** The row with one cell as the text says, whatever that does to the row. */
function damageCell(cells: readonly string[], at: number, text: string): string {
  return cells.map((cell, index) => (index === at ? text : writeCell(cell))).join(",");
}
