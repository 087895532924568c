import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { makeDay, readDate } from "./dates.js";
import { fold, squeeze, tidy } from "./text.js";

interface Vaccine {
  key: string;
  /** Confirmed approval, yyyy-mm-dd. */
  approved: string | null;
}

export type VaccineTable = ReadonlyMap<string, Vaccine>;

function readTable(file: string): Record<string, string>[] {
  return parse(readFileSync(file), { columns: true, bom: true });
}

/** Vaccines by every text that names one. */
export function readVaccines(tables: string): VaccineTable {
  const byAlias = new Map<string, Vaccine>();
  for (const row of readTable(join(tables, "vaccines.csv"))) {
    const { key = "", canonical_name_platform = "", product = "", variants = "", confirmed = "" } = row;
    const isConfirmed = confirmed.split(";").includes("approval date");
    const approved =
      isConfirmed && /^\d{4}-\d\d-\d\d$/.test(row.vn_approval_date ?? "") ? row.vn_approval_date : null;
    const names = [key, canonical_name_platform, ...product.split(" / "), ...variants.split("|")];
    for (const name of names)
      if (squeeze(name) !== "") byAlias.set(squeeze(name), { key, approved: approved ?? null });
  }
  return byAlias;
}

/** The first three digits a citizen ID can have. */
export function readPlaces(tables: string): Set<string> {
  const rows = ["province_codes.csv", "country_codes.csv"].flatMap((file) => readTable(join(tables, file)));
  return new Set(["000", ...rows.map((row) => row.id_code ?? "")]);
}

export interface DoseCells {
  vaccine: string;
  vaccination_date: string;
  dose_no: string;
  facility_code: string;
  facility_name: string;
}

const vaccineByCell = new Map<string, Vaccine | null>();

/** Checks one dose: its codes, and what the rules across doses need. */
export function readDose(
  cells: DoseCells,
  birthDate: string | null,
  vaccines: VaccineTable,
  asOf: string,
): { codes: string[]; day: string | null; dose: number; vaccine: string } {
  const codes: string[] = [];
  let vaccine = vaccineByCell.get(cells.vaccine);
  if (vaccine === undefined) {
    vaccine = vaccines.get(squeeze(cells.vaccine)) ?? null;
    vaccineByCell.set(cells.vaccine, vaccine);
  }
  if (vaccine === null) codes.push(tidy(cells.vaccine) === "" ? "E23" : "E34");

  const day = readDay(cells.vaccination_date);
  if (day === null) codes.push(tidy(cells.vaccination_date) === "" ? "E24" : "E30");
  else {
    if (day < "2021-03-08" || (vaccine?.approved && day < vaccine.approved)) codes.push("E31");
    if (day > asOf) codes.push("E32");
    if (birthDate !== null && day.slice(0, birthDate.length) < birthDate) codes.push("E33");
  }
  const digits = /^(?:mui(?: so| thu)? ?)?0*(\d{1,3})(?:[.,]0+)?$/.exec(fold(cells.dose_no))?.[1];
  const dose = Number(digits ?? 0);
  if (dose < 1 || dose > 6) codes.push("E35");
  if (tidy(cells.facility_code) === "" && tidy(cells.facility_name) === "") codes.push("E25");
  return { codes, day, dose, vaccine: vaccine?.key ?? "" };
}

function readDay(cell: string): string | null {
  let date = readDate(cell);
  if (date.kind === "short") date = makeDay(2000 + date.year, date.month, date.day);
  return date.kind === "day" ? date.iso : null;
}
