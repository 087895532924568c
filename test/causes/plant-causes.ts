import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";

/** A row of a long export by header; what is planted is written into it. */
export type ExportRow = Record<string, string>;

/** The deliveries of a sample: a third of the rows of the one long export. */
export const deliveries = ["north.csv", "middle.csv", "south.csv"] as const;

/** One mistake that spoils many rows of `files`, the deliveries by name, each with its rows in order. */
export type Plant = (files: ReadonlyMap<string, ExportRow[]>) => void;

/** Where the plants below put their mistakes. */
export const planted = {
  sinceDay: "2022-03-03",
  province: "74",
  file: "middle.csv",
  /** Line of the file, the header being line 1. */
  line: 4112,
  /** Rows of each facility that is made up. */
  rows: 800,
} as const;

const headers =
  "record_id,full_name,birth_date,sex,citizen_id,phone,health_insurance_no,nationality,priority_group,workplace,province_code,province,district_code,district,ward_code,ward,address,dose_no,vaccine,vaccination_date,lot_no,facility_code,facility_name,note".split(
    ",",
  );

/** Splits the one export of a sample into `deliveries`, plants into them, and writes them to `folder`. */
export function writeDeliveries(exportFile: string, folder: string, ...plants: readonly Plant[]): void {
  const all = parse(readFileSync(exportFile), {
    columns: true,
    skip_records_with_error: true,
  }) as ExportRow[];
  // A row a line, so that lines can be counted.
  const rows = all.filter((row) => !Object.values(row).some((cell) => /[\r\n]/.test(cell)));
  const third = Math.ceil(rows.length / deliveries.length);
  const files = new Map(
    deliveries.map((name, position) => [name, rows.slice(position * third, (position + 1) * third)]),
  );
  for (const plant of plants) plant(files);
  mkdirSync(folder, { recursive: true });
  for (const [name, own] of files) {
    const cells = own.map((row) => row[wholeRow]?.split("\t") ?? headers.map((header) => row[header] ?? ""));
    writeFileSync(path.join(folder, name), stringify([headers, ...cells]));
  }
}

/** From a day on a facility exchanges day and month of `column`, in all but every eighth record. */
export function swapDates(facility: string, column: "birth_date" | "vaccination_date"): Plant {
  return (files) => {
    for (const [position, row] of giveRows(files, facility).entries()) {
      if (position % 8 === 0 || toIso(row.vaccination_date as string) < planted.sinceDay) continue;
      row[column] = (row[column] as string).replace(/^(\d\d)\/(\d\d)\/(\d{4})$/, "$2/$1/$3");
    }
  };
}

/** Every birth date of province 74 is the first of January. */
export const fillBirthDates: Plant = (files) => {
  for (const row of allRows(files)) {
    if (row.province_code !== planted.province) continue;
    row.birth_date = (row.birth_date as string).replace(/^\d\d\/\d\d\/(\d{4})$/, "01/01/$1");
  }
};

/** From a line of a file on, each cell from `from` on stands one column to the right; the last one, the note, falls off. */
export function shiftColumns(from: string): Plant {
  return (files) => {
    for (const row of (files.get(planted.file) as ExportRow[]).slice(planted.line - 2)) {
      const cells = headers.map((header) => row[header] as string);
      cells.splice(headers.indexOf(from), 0, "");
      row[wholeRow] = cells.slice(0, headers.length).join("\t");
    }
  };
}

/** From a line of a file on, each row has a cell too many. */
export const addCell: Plant = (files) => {
  for (const row of (files.get(planted.file) as ExportRow[]).slice(planted.line - 2)) {
    row[wholeRow] = ["", ...headers.map((header) => row[header] as string)].join("\t");
  }
};

/** Every record of a facility has one text in a column. */
export function repeatValue(facility: string, column: string, text: string): Plant {
  return (files) => {
    for (const row of giveRows(files, facility)) row[column] = text;
  };
}

/** A row that is no longer one of the header's columns, as its cells. */
const wholeRow = "\t";

/** Rows from everywhere in the deliveries, given to a facility of its own. */
function giveRows(files: ReadonlyMap<string, ExportRow[]>, facility: string): ExportRow[] {
  const rows = allRows(files);
  const step = Math.floor(rows.length / planted.rows);
  // Each facility's own rows: its last digit is where it begins to count.
  const given = rows.filter((_, position) => position % step === Number(facility.at(-1)));
  for (const row of given) {
    row.facility_code = facility;
    row.facility_name = "Trạm Y tế Mẫu";
  }
  return given;
}

function allRows(files: ReadonlyMap<string, ExportRow[]>): ExportRow[] {
  return [...files.values()].flat();
}

function toIso(date: string): string {
  return date.split("/").reverse().join("-");
}
