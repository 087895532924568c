import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { type Parts, partsOfIso, readCellDate } from "./cell-date.js";
import { type CellNumber, readCellNumber } from "./cell-number.js";
import { foldName } from "./cell-text.js";
import type { Conserved } from "./conservation.js";
import type { PublishedRecord } from "./published.js";
import { codingOf, readBirth, readSex, sexOfNumber } from "./record-values.js";

/** Somebody of the register. */
interface Citizen {
  readonly number: string;
  readonly name: string;
  readonly birth: string;
  readonly sex: string;
  readonly status: string;
  readonly replacedBy: string;
}

/** A population register, read as the CSV it was made from. */
export interface Population {
  readonly byNumber: ReadonlyMap<string, Citizen>;
  readonly byOldNumber: ReadonlyMap<string, readonly Citizen[]>;
}

/** Reads `population.csv`; null: nobody is in it. */
export async function readPopulation(path: string | null): Promise<Population> {
  const bytes = path === null ? "" : await readFile(path);
  const rows: Record<string, string>[] = parse(bytes, { columns: true, bom: true });
  const byNumber = new Map<string, Citizen>();
  const byOldNumber = new Map<string, Citizen[]>();
  for (const row of rows) {
    const citizen: Citizen = {
      number: row.citizen_id ?? "",
      name: row.full_name ?? "",
      birth: row.birth_date ?? "",
      sex: row.sex ?? "",
      status: row.status ?? "",
      replacedBy: row.replaced_by ?? "",
    };
    byNumber.set(citizen.number, citizen);
    const old = row.legacy_id ?? "";
    if (old !== "") byOldNumber.set(old, [...(byOldNumber.get(old) ?? []), citizen]);
  }
  return { byNumber, byOldNumber };
}

/**
 * Who each record is of, as one text per person (decision 4): the live person of the register to whom the number leads,
 * as long as at most one of name, birth date and sex differs; else the number delivered; else name, birth date and sex
 * together; else nobody but the record. Where the number as delivered leads to somebody, the findings of the set say
 * whether several fields differ.
 */
export function findPeople(
  summary: unknown,
  records: readonly PublishedRecord[],
  conserved: Conserved,
  population: Population,
): string[] {
  const asOf = partsOfIso((summary as { run?: { asOf?: string } } | null)?.run?.asOf ?? "");
  return records.map((record, at) => {
    if (record.folder === "cleaned") return `register ${record.standard.get("citizen_id")}`;
    return findPerson(record, conserved, population, asOf) ?? `record ${at}`;
  });
}

/** What a gate asks of the register: the share of the numbers of 12 digits that it holds, and how many people it has. */
export interface FoundShare {
  readonly share: number | null;
  readonly people: number;
}

export function shareFound(
  records: readonly PublishedRecord[],
  conserved: Conserved,
  { byNumber }: Population,
): FoundShare {
  const numbers = records
    .filter(({ code }) => !/^E1\d$/.test(code))
    .map((record) => readCellNumber(conserved.deliveredValue(record, "citizen_id")).exact)
    .filter((exact) => exact !== null);
  const held = numbers.filter((exact) => byNumber.has(exact)).length;
  return { share: numbers.length === 0 ? null : held / numbers.length, people: byNumber.size };
}

/** What a row says of its person. */
interface Subject {
  readonly number: CellNumber;
  readonly name: string;
  readonly birth: Parts | null;
  readonly isYearOnly: boolean;
  readonly sex: string;
}

function findPerson(
  record: PublishedRecord,
  conserved: Conserved,
  population: Population,
  asOf: Parts,
): string | null {
  if (/^E1\d$/.test(record.code)) return null;
  const cell = (column: string): string => conserved.deliveredValue(record, column);
  const number = readCellNumber(cell("citizen_id"));
  const { exact } = number;
  const subject: Subject = {
    number,
    name: foldName(cell("full_name")),
    birth: readBirth(cell("birth_date"), number, asOf),
    isYearOnly: readCellDate(cell("birth_date")).kind === "year",
    sex: readSex(cell("sex"), codingOf(record, conserved)),
  };
  const filledFrom = (digits: string): Subject => ({ ...subject, sex: subject.sex || sexOfNumber(digits) });
  const owner = exact === null ? undefined : population.byNumber.get(exact);
  if (exact !== null && owner?.status !== "replaced") {
    const isLive = owner !== undefined && owner.status !== "cancelled";
    const isTheirs = !isLive || !record.findings.includes("register.several-different");
    return isTheirs ? `${isLive ? "register" : "number"} ${exact}` : nameKey(filledFrom(exact));
  }

  const led = listCandidates(number, population);
  const fitting = led.filter((citizen) => isSame(filledFrom(citizen.number), citizen));
  const chosen = fitting.length === 1 ? fitting[0] : led.length === 1 ? led[0] : undefined;
  if (fitting.length > 1 || chosen === undefined) {
    return exact === null ? nameKey(subject) : `number ${exact}`;
  }
  const filled = filledFrom(chosen.number);
  return countDifferences(filled, chosen) < 2 ? `register ${chosen.number}` : nameKey(filled);
}

/** The live people to whom a number leads that is not one of the register's live numbers itself. */
function listCandidates({ exact, candidate, old }: CellNumber, population: Population): Citizen[] {
  const number = exact ?? candidate;
  const direct = number === null ? undefined : population.byNumber.get(number);
  const owners = [
    ...(direct === undefined ? [] : [direct]),
    ...(population.byOldNumber.get(old ?? "") ?? []),
  ];
  const live = owners.flatMap((owner) => followToLive(owner, population) ?? []);
  return [...new Set(live)].filter(({ status }) => status !== "cancelled");
}

/** The end of a chain of replaced numbers; null when it ends nowhere. */
function followToLive(owner: Citizen, { byNumber }: Population): Citizen | null {
  const met = new Set<Citizen>();
  let citizen: Citizen | undefined = owner;
  while (citizen?.status === "replaced" && !met.has(citizen)) {
    met.add(citizen);
    citizen = byNumber.get(citizen.replacedBy);
  }
  return citizen === undefined || citizen.status === "replaced" ? null : citizen;
}

function nameKey({ name, birth, sex }: Subject): string | null {
  return name === "" || birth === null ? null : `name ${name} ${birth.join("-")} ${sex}`;
}

/** Marks may be lost, and names be written in an old font: what the register then proves is in `cleaned`. */
function countDifferences({ name, birth, isYearOnly, sex }: Subject, citizen: Citizen): number {
  const isName = name === "" || name === foldName(citizen.name);
  const isBirth = birth === null || isSameBirth(birth, isYearOnly, citizen.birth);
  return Number(!isName) + Number(!isBirth) + Number(sex !== citizen.sex);
}

function isSameBirth(birth: Parts, isYearOnly: boolean, registered: string): boolean {
  if (/^\d{4}$/.test(registered)) return birth[0] === Number(registered);
  return !isYearOnly && birth.join() === partsOfIso(registered).join();
}

/** Name, birth date and sex are delivered, and the register's. */
function isSame(subject: Subject, citizen: Citizen): boolean {
  return subject.name !== "" && subject.birth !== null && countDifferences(subject, citizen) === 0;
}
