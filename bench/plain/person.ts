import { readCitizenId } from "./citizen-id.js";
import { readBirthDate } from "./dates.js";
import { compareNames, standardName } from "./name.js";
import type { Person, Register } from "./register.js";
import { fold } from "./text.js";

/** What became of a record's person: the codes against it, and the person when it is authenticated. */
export interface Identified {
  codes: string[];
  person: Person | null;
  /** C1, C2 or C3 when there is no code against the record. */
  cleaned: "C1" | "C2" | "C3";
  birthDate: string | null;
  sex: "M" | "F" | null;
  name: string;
}

const sexes = new Map<string, "M" | "F">([
  ...["nam", "m", "male"].map((text) => [text, "M"] as const),
  ...["nu", "f", "female"].map((text) => [text, "F"] as const),
]);

export interface PersonCells {
  citizen_id: string;
  full_name: string;
  birth_date: string;
  sex: string;
  note: string;
  nationality: string;
}

/** Reads the four fields, finds the person and authenticates the record with it. */
export function identify(
  cells: PersonCells,
  register: Register,
  places: ReadonlySet<string>,
  asOf: string,
): Identified {
  const id = readCitizenId(cells.citizen_id, cells.note, cells.nationality);
  const name = standardName(cells.full_name);
  const birth = readBirthDate(cells.birth_date, id.number, asOf);
  let sex = sexes.get(cells.sex) ?? sexes.get(fold(cells.sex)) ?? null;
  const isSexMissing = sex === null;
  const codes: string[] = [];
  if (name === "") codes.push("E20");
  if (birth.code !== null) codes.push(birth.code);
  const result: Identified = { codes, person: null, cleaned: "C1", birthDate: birth.value, sex, name };

  const check = (person: Person): Agreement => {
    const digit = Number((id.number ?? person.citizen_id)[3]) % 2 === 0 ? "M" : "F";
    return compare(cells.full_name, name, birth.value, sex ?? digit, person);
  };
  const delivered = id.number === null ? undefined : register.find(id.number);
  if (id.number !== null && isSexMissing) sex = Number(id.number[3]) % 2 === 0 ? "M" : "F";
  if (id.number !== null && delivered === undefined) {
    codes.push(places.has(id.number.slice(0, 3)) ? "X30" : "X22");
  } else if (delivered !== undefined && (delivered.status === "active" || delivered.status === "deceased")) {
    const agreement = check(delivered);
    if (agreement.differing.length === 0) result.person = delivered;
    if (agreement.differing.length === 1) codes.push(agreement.differing[0] as string);
    if (agreement.differing.length > 1) codes.push("X34");
    const isNormalised = name !== cells.full_name || birth.isNormalised || agreement.name === "marks-lost";
    result.cleaned = agreement.name === "repaired" || isSexMissing ? "C3" : isNormalised ? "C2" : "C1";
  } else {
    const candidates = delivered ? [delivered] : [];
    if (id.candidate !== null)
      candidates.push(...[register.find(id.candidate)].filter((p) => p !== undefined));
    if (id.oldNumber !== null) candidates.push(...register.findByOldNumber(id.oldNumber));
    const fitting = new Map<number, Person>();
    for (const candidate of candidates) {
      const live = register.findLive(candidate);
      if (live === undefined) continue;
      const { differing, isComplete } = check(live);
      if (differing.length === 0 && isComplete) fitting.set(live.id, live);
    }
    const [person] = fitting.values();
    if (fitting.size === 1 && person !== undefined) {
      result.person = person;
      result.cleaned = "C3";
      sex ??= person.sex;
    } else {
      codes.push(fitting.size > 1 ? "E60" : (id.code ?? "X30"));
    }
  }
  if (sex === null) codes.push("E22");
  result.sex = sex;
  return result;
}

interface Agreement {
  name: string;
  differing: string[];
  /** Name and birth date were both there to compare. */
  isComplete: boolean;
}

function compare(
  cell: string,
  name: string,
  birthDate: string | null,
  sex: "M" | "F",
  person: Person,
): Agreement {
  const differing: string[] = [];
  const isExact = birthDate === person.birth_date && birthDate?.length === 10;
  const isBirthEqual =
    isExact || (person.birth_date.length === 4 && birthDate?.slice(0, 4) === person.birth_date);
  const level = name === "" ? "equal" : compareNames(cell, name, person.full_name);
  if (level === "different" || (level === "marks-lost" && !isExact)) differing.push("X31");
  if (birthDate !== null && !isBirthEqual) differing.push("X32");
  if (sex !== person.sex) differing.push("X33");
  return { name: level, differing, isComplete: name !== "" && birthDate !== null };
}
