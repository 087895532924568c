import { type TemplateCell, templateHeaders, templateMerges, templateNotes } from "./template-shape.js";
import { packZip } from "./zip-file.js";

const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packages = "http://schemas.openxmlformats.org/package/2006";
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const sheetNames = ["PL1", "PL2", "PL3", "PL4", "PL5", "PL6"];
const otherSheets = [
  "Nhóm đối tượng ưu tiên",
  "Đơn vị hành chính",
  "Cơ sở tiêm chủng",
  "Tên vắc xin",
  "Hướng dẫn",
];

/** The platform's template as a workbook: data on PL1 from row 9, `shift` columns inserted at its left. */
export function packTemplate(rows: readonly (readonly TemplateCell[])[], shift: 0 | 1): Buffer {
  const head = [...templateNotes.map((note) => [note]), [], ...templateHeaders];
  const all = [...head, ...rows].map((cells, index) =>
    shift === 0 || index < 6 ? cells : [leftCell(index), ...cells],
  );
  const sheets = [
    writeSheet(all, shift),
    ...otherSheets.map((title) => writeSheet([[title], ["Mã", "Tên"], ["1", title]], null)),
  ];
  const entries: [string, string][] = [
    ["[Content_Types].xml", writeContentTypes()],
    ["_rels/.rels", writeRelations([["officeDocument", "xl/workbook.xml"]])],
    ["xl/workbook.xml", writeWorkbook()],
    [
      "xl/_rels/workbook.xml.rels",
      writeRelations([
        ...sheetNames.map(
          (_name, index) => ["worksheet", `worksheets/sheet${index + 1}.xml`] as [string, string],
        ),
        ["styles", "styles.xml"],
      ]),
    ],
    ["xl/styles.xml", writeStyles()],
    ...sheets.map((sheet, index) => [`xl/worksheets/sheet${index + 1}.xml`, sheet] as [string, string]),
  ];
  return packZip(entries.map(([name, text]) => [name, Buffer.from(declaration + text, "utf8")]));
}

/** What a station keeps in a column of its own: a header in row 7, a word beside each person. */
function leftCell(index: number): string {
  if (index === 6) return "Tổ dân phố";
  return index === 7 ? "" : `Tổ ${1 + (index % 9)}`;
}

function nameColumn(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : nameColumn(Math.floor(index / 26) - 1) + letter;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (mark) => (mark === "&" ? "&amp;" : mark === "<" ? "&lt;" : "&gt;"));
}

function writeCell(cell: TemplateCell, reference: string): string {
  if (cell === "") return "";
  if (typeof cell === "number") return `<c r="${reference}"><v>${cell}</v></c>`;
  return `<c r="${reference}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(cell)}</t></is></c>`;
}

function writeSheet(rows: readonly (readonly TemplateCell[])[], shift: 0 | 1 | null): string {
  const lines = rows.map((cells, index) => {
    const row = index + 1;
    return `<row r="${row}">${cells.map((cell, column) => writeCell(cell, nameColumn(column) + row)).join("")}</row>`;
  });
  return `<worksheet xmlns="${main}"><sheetData>${lines.join("")}</sheetData>${shift === null ? "" : writeMerges(shift)}</worksheet>`;
}

function writeMerges(shift: 0 | 1): string {
  const across = templateMerges.map(
    ([first, last]) => `${nameColumn(first + shift)}7:${nameColumn(last + shift)}7`,
  );
  const singles = [...templateHeaders[1].entries()]
    .filter(([, text]) => text === "")
    .map(([column]) => `${nameColumn(column + shift)}7:${nameColumn(column + shift)}8`);
  const spans = [...across, ...singles].map((span) => `<mergeCell ref="${span}"/>`);
  return `<mergeCells count="${spans.length}">${spans.join("")}</mergeCells>`;
}

function writeContentTypes(): string {
  const kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const sheets = sheetNames.map(
    (_name, index) =>
      `<Override PartName="/xl/worksheets/sheet${index + 1}.xml" ContentType="${kind}.worksheet+xml"/>`,
  );
  return (
    `<Types xmlns="${packages}/content-types">` +
    `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
    `<Default Extension="xml" ContentType="application/xml"/>` +
    `<Override PartName="/xl/workbook.xml" ContentType="${kind}.sheet.main+xml"/>` +
    `<Override PartName="/xl/styles.xml" ContentType="${kind}.styles+xml"/>${sheets.join("")}</Types>`
  );
}

function writeRelations(targets: readonly (readonly [string, string])[]): string {
  const relations = targets.map(
    ([kind, target], index) =>
      `<Relationship Id="rId${index + 1}" Type="${office}/${kind}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="${packages}/relationships">${relations.join("")}</Relationships>`;
}

function writeWorkbook(): string {
  const sheets = sheetNames.map(
    (name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  return `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${sheets.join("")}</sheets></workbook>`;
}

function writeStyles(): string {
  return (
    `<styleSheet xmlns="${main}"><fonts count="1"><font><sz val="11"/><name val="Times New Roman"/></font></fonts>` +
    `<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
    `<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
    `<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="1"><xf xfId="0"/></cellXfs></styleSheet>`
  );
}
