import { countDays, formatIso, padNumber, readDay, readYear } from "./calendar.js";
import type { NameSource } from "./names.js";
import type { NumberIssuer } from "./numbers.js";
import type { Place, PlaceSource } from "./places.js";
import { createDraw, type Random } from "./random.js";
import { foldLetters } from "./syllables.js";

/** One made-up person, as the truth has them. */
export interface SamplePerson {
  /** Standard form. */
  name: string;
  birthDay: number;
  /** The register holds only the year. */
  yearOnly: boolean;
  /** 0 male, 1 female. */
  sex: 0 | 1;
  /** The live number; "" for a person outside the register. */
  citizenId: string;
  placeOfBirth: number;
  place: Place;
  phone: string;
  address: string;
  isForeign: boolean;
  isDeceased: boolean;
  legacyId: string;
  /** Who else has the old number: nobody, or somebody with the same name, birth date and sex. */
  legacyUse: "" | "linked" | "shared";
  /** Register rows beside the person's own: earlier numbers, namesakes. */
  otherRows: string[];
  guardian: SamplePerson | null;
  twin: SamplePerson | null;
}

/** What people are made from. */
export interface PeopleSources {
  readonly random: Random;
  readonly names: NameSource;
  readonly places: PlaceSource;
  readonly numbers: NumberIssuer;
}

/** The header of `population.csv` (the register contract). */
export const registerHeader =
  "citizen_id,full_name,birth_date,sex,legacy_id,status,replaced_by,province_code,district_code,ward_code\n";

/** Day the ages of households are counted from. */
const censusDay = countDays(2021, 3, 8);

const streets = [
  "Lê Lợi",
  "Trần Phú",
  "Nguyễn Huệ",
  "Hai Bà Trưng",
  "Quang Trung",
  "Hùng Vương",
  "Phan Chu Trinh",
];
const phoneStarts = ["090", "091", "093", "096", "097", "098", "032", "035", "070", "077", "083", "086"];
const drawSize = createDraw([1, 2, 3, 4, 5, 6], [14, 22, 24, 24, 11, 5]);
const drawAdultAge = createDraw([20, 25, 30, 35, 40, 45, 50, 55], [12, 15, 16, 15, 13, 11, 10, 8]);

/** Makes one household: an elder or two, parents, children, with one ward, phone and (mostly) surname. */
export function makeHousehold(sources: PeopleSources, outsiders: boolean): SamplePerson[] {
  const { random, names, places } = sources;
  const place = places.draw(random);
  const isEthnic = ["62", "64", "66", "67", "68"].includes(place.provinceCode) && random.chance(0.25);
  const home = {
    place,
    phone: random.pick(phoneStarts) + padNumber(random.below(10_000_000), 7),
    address: `${1 + random.below(399)} ${random.pick(streets)}`,
    surname: isEthnic ? "" : names.drawSurname(random),
    placeOfBirth: Number(place.provinceCode),
  };
  const size = drawSize(random);
  if (outsiders && random.chance(0.012)) return [makeOutsider(sources, home)];
  const household: SamplePerson[] = [];
  const parentAge = drawAdultAge(random) + random.below(5);
  const firstSex = random.below(2) as 0 | 1;
  household.push(makePerson(sources, home, firstSex, ageToBirth(parentAge, random)));
  if (size > 1) {
    const surname = isEthnic ? "" : names.drawSurname(random);
    const spouse = { ...home, surname };
    household.push(
      makePerson(sources, spouse, (1 - firstSex) as 0 | 1, ageToBirth(parentAge + random.below(5), random)),
    );
  }
  addChildren(sources, home, household, size, parentAge);
  if (random.chance(0.22)) {
    const elder = makePerson(
      sources,
      home,
      random.below(2) as 0 | 1,
      ageToBirth(62 + random.below(35), random),
    );
    elder.yearOnly = random.chance(0.3);
    elder.isDeceased = random.chance(0.06);
    household.push(elder);
  }
  return household;
}

interface Home {
  readonly place: Place;
  readonly phone: string;
  readonly address: string;
  /** "" in a household with names of the Central Highlands. */
  readonly surname: string;
  readonly placeOfBirth: number;
}

function addChildren(
  sources: PeopleSources,
  home: Home,
  household: SamplePerson[],
  size: number,
  parentAge: number,
): void {
  const { random } = sources;
  const guardian = household[0] as SamplePerson;
  for (let child = 2; child < size; child++) {
    const age = Math.min(30, random.below(Math.max(1, parentAge - 18)));
    const isBaby = age < 3 && random.chance(0.5);
    // Babies of the programme's own time: their first doses can only be mistakes.
    const birthDay = isBaby ? countDays(2021, 9, 1) + random.below(500) : ageToBirth(age, random);
    const person = makePerson(sources, home, random.below(2) as 0 | 1, birthDay);
    if (age < 18) person.guardian = guardian;
    household.push(person);
    if (random.chance(0.015)) household.push(makeTwin(sources, home, person));
  }
}

function makeTwin(sources: PeopleSources, home: Home, person: SamplePerson): SamplePerson {
  const sex = sources.random.chance(0.6) ? person.sex : ((1 - person.sex) as 0 | 1);
  const twin = makePerson(sources, home, sex, person.birthDay);
  twin.guardian = person.guardian;
  if (foldLetters(twin.name) !== foldLetters(person.name)) {
    twin.twin = person;
    person.twin = twin;
  }
  return twin;
}

function ageToBirth(age: number, random: Random): number {
  return censusDay - Math.floor(age * 365.25) - random.below(365) - 1;
}

function makePerson(sources: PeopleSources, home: Home, sex: 0 | 1, birthDay: number): SamplePerson {
  const { random, names, numbers, places } = sources;
  const name =
    home.surname === "" ? names.drawEthnicName(sex, random) : names.drawFullName(home.surname, sex, random);
  const isAbroad = random.chance(0.006);
  const isMoved = random.chance(0.15);
  const placeOfBirth = isAbroad
    ? random.pick(places.countryCodes)
    : isMoved
      ? Number(places.draw(random).provinceCode)
      : home.placeOfBirth;
  return {
    name,
    birthDay,
    yearOnly: false,
    sex,
    citizenId: numbers.issue(placeOfBirth, sex, readYear(birthDay)),
    placeOfBirth,
    place: home.place,
    phone: home.phone,
    address: home.address,
    isForeign: false,
    isDeceased: false,
    legacyId: birthDay < censusDay - 7300 && random.chance(0.55) ? numbers.issueOld() : "",
    legacyUse: "",
    otherRows: [],
    guardian: null,
    twin: null,
  };
}

/** Somebody the register does not hold: a foreigner, or a citizen without an entry. */
function makeOutsider(sources: PeopleSources, home: Home): SamplePerson {
  const { random, names } = sources;
  const person = makePerson(
    sources,
    home,
    random.below(2) as 0 | 1,
    ageToBirth(20 + random.below(45), random),
  );
  person.citizenId = "";
  person.legacyId = "";
  person.isForeign = random.chance(0.5);
  if (person.isForeign) person.name = names.drawForeignName(random);
  return person;
}

/** Copies the name, and half the time birth date and sex, of an earlier person: namesakes with numbers of their own. */
export function becomeNamesake(person: SamplePerson, other: SamplePerson, sources: PeopleSources): void {
  if (person.twin !== null || person.yearOnly || other.yearOnly) return;
  person.name = other.name;
  if (sources.random.chance(0.5) || person.guardian !== null) return;
  person.birthDay = other.birthDay;
  person.sex = other.sex;
  // The number drawn before stays unused, as numbers of the dead do.
  person.citizenId = sources.numbers.issue(person.placeOfBirth, person.sex, readYear(person.birthDay));
}

/** The person's own row of `population.csv`. */
export function writeRegisterRow(person: SamplePerson): string {
  const status = person.isDeceased ? "deceased" : "active";
  return writeRow(person, { citizenId: person.citizenId, legacyId: person.legacyId, status, replacedBy: "" });
}

/** A row of `population.csv` for another number, or another person, than the person's live one. */
export function writeRow(
  person: Pick<SamplePerson, "name" | "birthDay" | "yearOnly" | "sex" | "place">,
  entry: { citizenId: string; legacyId: string; status: string; replacedBy: string },
): string {
  const birth = person.yearOnly ? String(readYear(person.birthDay)) : formatIso(person.birthDay);
  const { provinceCode, districtCode, wardCode } = person.place;
  return (
    `${entry.citizenId},${person.name.toUpperCase()},${birth},${person.sex === 0 ? "M" : "F"},${entry.legacyId},` +
    `${entry.status},${entry.replacedBy},${provinceCode},${districtCode},${wardCode}\n`
  );
}

/** The same day in another year (29 February becomes the 28th). */
export function shiftYear(birthDay: number, years: number): number {
  const { year, month, day } = readDay(birthDay);
  return countDays(year + years, month, month === 2 ? Math.min(day, 28) : day);
}
