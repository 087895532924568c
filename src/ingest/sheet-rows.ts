import { type NumberFormat, readNumberCell, unescapeCellText } from "./cell-text.js";
import { readPart, type Workbook } from "./workbook-parts.js";
import { readAttribute, XmlError, type XmlHandler } from "./xml-events.js";

/** Stands for a cell that cannot be read: no text may hold it, so the scanner sets the row apart. */
const unreadableCell = "\0";

const maxRows = 1_048_576;
const maxColumns = 16_384;
const plain: NumberFormat = { kind: "number", zeros: 0 };

/** Gets a sheet's rows (1-based number, cells up to the last one that holds something); false ends the reading. */
export type RowReceiver = (row: number, cells: readonly string[]) => boolean;

/** Reads a sheet row by row, as text. Rows that the sheet leaves out are not told. */
export async function readSheetRows(workbook: Workbook, sheet: string, onRow: RowReceiver): Promise<void> {
  const entry = workbook.entries.get(sheet);
  if (entry !== undefined) await readPart(workbook.zip, entry, new SheetHandler(workbook, onRow));
}

class SheetHandler implements XmlHandler {
  isDone = false;
  private row = 0;
  private column = -1;
  private cells: string[] = [];
  private type = "";
  private format: NumberFormat = plain;
  private value = "";
  private isCell = false;
  private isValue = false;
  private isPhonetic = false;

  constructor(
    private readonly workbook: Workbook,
    private readonly onRow: RowReceiver,
  ) {}

  open(name: string, attributes: string): void {
    if (this.isDone) return;
    if (name === "c") this.openCell(attributes);
    else if (name === "row") this.openRow(attributes);
    else if (this.isCell && (name === "v" || name === "t")) this.isValue = true;
    else if (name === "rPh") this.isPhonetic = true;
  }

  close(name: string): void {
    if (this.isDone) return;
    if (name === "v" || name === "t") this.isValue = false;
    else if (name === "rPh") this.isPhonetic = false;
    else if (name === "c") this.closeCell();
    else if (name === "row") this.isDone = !this.onRow(this.row, this.cells);
  }

  text(text: string): void {
    if (this.isValue && !this.isPhonetic) this.value += text;
  }

  private openRow(attributes: string): void {
    const stated = readAttribute(attributes, "r");
    const row = stated === null ? this.row + 1 : Number(stated);
    if (!Number.isInteger(row) || row <= this.row || row > maxRows) throw new XmlError("rows out of order");
    this.row = row;
    this.column = -1;
    this.cells = [];
  }

  private openCell(attributes: string): void {
    const stated = readAttribute(attributes, "r");
    const column = stated === null ? this.column + 1 : readColumn(stated);
    if (column <= this.column || column >= maxColumns) throw new XmlError("cells out of order");
    this.column = column;
    this.type = readAttribute(attributes, "t") ?? "n";
    this.format = this.workbook.formats[Number(readAttribute(attributes, "s") ?? -1)] ?? plain;
    this.value = "";
    this.isCell = true;
  }

  private closeCell(): void {
    this.isCell = false;
    if (this.value === "") return;
    const text = this.readCell();
    if (text === "") return;
    while (this.cells.length < this.column) this.cells.push("");
    this.cells.push(text);
  }

  private readCell(): string {
    const { value, workbook } = this;
    switch (this.type) {
      case "s":
        return workbook.sharedStrings[Number(value)] ?? unreadableCell;
      case "n":
        return readNumberCell(value, this.format, workbook.is1904);
      case "b":
        return value === "0" ? "FALSE" : "TRUE";
      case "d":
        return value.replace(/T00:00(:00(\.0+)?)?Z?$/, "");
      default: // str, inlineStr, e
        return unescapeCellText(value);
    }
  }
}

/** 0-based column of a cell address: A1 is 0, AB7 is 27. */
function readColumn(address: string): number {
  let column = 0;
  for (let i = 0; i < address.length; i++) {
    const letter = (address.charCodeAt(i) & ~0x20) - 0x40;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return column - 1;
}
