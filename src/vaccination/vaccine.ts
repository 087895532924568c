import { dayNumber, isRealDate } from "../identity/calendar.js";
import { squeezeText } from "../identity/fold-text.js";

export type VaccineFinding = "vaccine.blank" | "vaccine.unknown";

/** One vaccine of the pipeline's table. */
export interface Vaccine {
  readonly key: string;
  /** As the platform writes it. */
  readonly name: string;
  /** First CVX code, digits only; "" when the table has none. */
  readonly cvx: string;
  /** Day of approval in Việt Nam (days since 1970-01-01); null unless the table holds a full date. */
  readonly approvalDay: number | null;
  /** The table has a full approval date and lists it as confirmed. */
  readonly isApprovalConfirmed: boolean;
  /** Least days from this dose to the next one. */
  readonly minIntervalDays: number | null;
  /** Youngest age ever allowed in Việt Nam, years. */
  readonly minAgeYears: number | null;
  readonly primaryDoses: number;
  /** Position in the table. */
  readonly index: number;
}

/** The vaccines in table order, and every text that names one. */
export interface VaccineTable {
  readonly vaccines: readonly Vaccine[];
  /** Vaccine by squeezed alias (`squeezeText`). */
  readonly byAlias: ReadonlyMap<string, Vaccine>;
}

/**
 * Builds the table from the rows of `vaccines.csv`; key, platform name, products (split by " / ") and variants (split by
 * "|") are aliases. Throws when a row has no key, or when one alias names two vaccines.
 */
export function buildVaccineTable(rows: readonly Readonly<Record<string, string>>[]): VaccineTable {
  const vaccines = rows.map(makeVaccine);
  const byAlias = new Map<string, Vaccine>();
  for (const [index, row] of rows.entries()) {
    const vaccine = vaccines[index] as Vaccine;
    for (const alias of aliasesOf(row)) {
      const other = byAlias.get(alias);
      if (other !== undefined && other !== vaccine) {
        throw new Error(
          `vaccine table: "${alias}" names ${other.key} and ${vaccine.key}; expected one vaccine per alias. Remove it from one of the two rows.`,
        );
      }
      byAlias.set(alias, vaccine);
    }
  }
  return { vaccines, byAlias };
}

/** The vaccine that a delivered text names (compared folded, letters and digits only); null when none. Total. */
export function findVaccine(table: VaccineTable, text: string): Vaccine | null {
  return table.byAlias.get(squeezeText(text)) ?? null;
}

function aliasesOf(row: Readonly<Record<string, string>>): Set<string> {
  const texts = [
    row.key,
    row.canonical_name_platform,
    ...(row.product ?? "").split(" / "),
    ...(row.variants ?? "").split("|"),
  ];
  return new Set(texts.map((text) => squeezeText(text ?? "")).filter((alias) => alias !== ""));
}

function makeVaccine(row: Readonly<Record<string, string>>, index: number): Vaccine {
  const key = (row.key ?? "").trim();
  if (key === "") {
    throw new Error(
      `vaccine table: row ${index + 1} has no key; expected a short name. Fill in column "key".`,
    );
  }
  const approvalDay = readFullDate(row.vn_approval_date ?? "");
  const confirmed = (row.confirmed ?? "").split(";").map((item) => item.trim().toLowerCase());
  return {
    key,
    name: (row.canonical_name_platform ?? "").trim() || key,
    cvx: /^\s*(\d+)/.exec(row.cvx ?? "")?.[1] ?? "",
    approvalDay,
    isApprovalConfirmed: approvalDay !== null && confirmed.includes("approval date"),
    minIntervalDays: readWhole(row.interval_min_days_vn ?? ""),
    minAgeYears: readMinAge(row.age_vn ?? ""),
    primaryDoses: readWhole(row.primary_doses ?? "") ?? 1,
    index,
  };
}

function readFullDate(text: string): number | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text.trim())?.slice(1).map(Number);
  if (!parts) return null;
  const [year = 0, month = 0, day = 0] = parts;
  return isRealDate(year, month, day) ? dayNumber(year, month, day) : null;
}

function readWhole(text: string): number | null {
  return /^\d{1,4}$/.test(text.trim()) ? Number(text) : null;
}

/** `>=18; 12-17 from 2021-10; 5-11 from 2022-04` → 5: later texts only ever widened the ages. */
function readMinAge(text: string): number | null {
  const ages = text
    .split(";")
    .map((part) => /^\s*(?:>=|≥)?\s*(\d{1,3})(?!\d)/.exec(part)?.[1])
    .filter((age) => age !== undefined)
    .map(Number);
  return ages.length === 0 ? null : Math.min(...ages);
}
