import { readYear } from "./calendar.js";
import type { Identity } from "./draft.js";
import type { IdentityDirt, Soil } from "./identity-dirt.js";
import { mistypeDigit, swapDigits } from "./numbers.js";
import { type SamplePerson, shiftYear, writeRow } from "./people.js";
import { foldLetters } from "./syllables.js";

/** A change of the written number, for people the register holds; null when this number does not allow it. */
function rewrite(
  name: string,
  weight: number,
  code: string,
  change: (citizenId: string, soil: Soil, person: SamplePerson) => string | null,
): IdentityDirt {
  return {
    name,
    weight,
    apply(identity, person, soil) {
      if (person.citizenId === "") return null;
      const changed = change(person.citizenId, soil, person);
      if (changed === null || changed === person.citizenId) return null;
      identity.citizenId = changed;
      return code;
    },
  };
}

/** The digits without leading zeros, when they do not then look like a phone number (84 and nine digits). */
function dropZeros(citizenId: string): string | null {
  const rest = citizenId.replace(/^0+/, "");
  return rest.length >= 10 && rest.length < 12 && !/^84[35789]/.test(rest) ? rest : null;
}

function separate(citizenId: string, { random }: Soil): string {
  const mark = random.pick([" ", ".", "-", "\u00a0"]);
  if (random.chance(0.3)) return `'${citizenId}`;
  return [0, 3, 6, 9].map((at) => citizenId.slice(at, at + 3)).join(mark);
}

const lookAlikes: Readonly<Record<string, string>> = { "0": "O", "1": "l", "2": "Z", "5": "S", "8": "B" };

function mistakeLetters(citizenId: string, { random }: Soil): string | null {
  const digit = random.pick(Object.keys(lookAlikes));
  const written = citizenId.replace(digit, lookAlikes[digit] as string);
  return written === citizenId ? null : written;
}

function linkOld(person: SamplePerson, use: "linked" | "shared", soil: Soil): boolean {
  if (readYear(person.birthDay) > 2003 || (person.legacyUse !== "" && person.legacyUse !== use)) return false;
  if (person.legacyId === "") person.legacyId = soil.numbers.issueOld();
  return true;
}

function addStranger(person: SamplePerson, soil: Soil, isSame: boolean): boolean {
  const { numbers, places, random } = soil;
  const name = isSame ? person.name : soil.drawName(person.sex);
  if (!isSame && foldLetters(name) === foldLetters(person.name)) return false;
  const birthDay = isSame ? person.birthDay : shiftYear(person.birthDay, 1 + random.below(9));
  const place = places.draw(random);
  const citizenId = numbers.issue(Number(place.provinceCode), person.sex, readYear(birthDay));
  person.otherRows.push(
    writeRow(
      { name, birthDay, yearOnly: person.yearOnly, sex: person.sex, place },
      { citizenId, legacyId: person.legacyId, status: "active", replacedBy: "" },
    ),
  );
  return true;
}

/** Adds an earlier number of the person to the register and returns it with the birth day it was issued for. */
function addEarlierNumber(
  person: SamplePerson,
  soil: Soil,
  successor: string | null,
): { citizenId: string; birthDay: number } {
  const { numbers, random } = soil;
  const birthDay = shiftYear(person.birthDay, random.pick([-2, -1, 1]));
  const citizenId = numbers.issue(person.placeOfBirth, person.sex, readYear(birthDay));
  person.otherRows.push(
    writeRow(
      { name: person.name, birthDay, yearOnly: person.yearOnly, sex: person.sex, place: person.place },
      {
        citizenId,
        legacyId: "",
        status: successor === null ? "cancelled" : "replaced",
        replacedBy: successor ?? "",
      },
    ),
  );
  return { citizenId, birthDay };
}

function replaceNumber(_citizenId: string, soil: Soil, person: SamplePerson): string {
  let number = person.citizenId;
  const links = 1 + (soil.random.chance(0.2) ? 1 + soil.random.below(2) : 0);
  for (let link = 0; link < links; link++) number = addEarlierNumber(person, soil, number).citizenId;
  return number;
}

/** Numbers that the register proves although they are not written as twelve digits (C3). */
export const idNoise: readonly IdentityDirt[] = [
  rewrite("id-separators", 18, "C3", separate),
  rewrite("id-spaces-around", 5, "C3", (id, { random }) => random.pick([` ${id}`, `${id} `])),
  rewrite(
    "id-float-suffix",
    8,
    "C3",
    (id, { random }) => `${random.chance(0.6) ? (dropZeros(id) ?? id) : id}.0`,
  ),
  rewrite("id-leading-zeros", 20, "C3", dropZeros),
  rewrite("id-look-alikes", 6, "C3", mistakeLetters),
  // Births abroad only: other numbers lose their first zero as well, and then two repairs would have to agree.
  rewrite("id-scientific-whole", 90, "C3", (id) =>
    id.startsWith("0") || id.endsWith("0") ? null : `${id.charAt(0)}.${id.slice(1)}E+11`,
  ),
  rewrite("id-old-number-linked", 18, "C3", (_id, soil, person) => {
    if (!linkOld(person, "linked", soil)) return null;
    person.legacyUse = "linked";
    return person.legacyId;
  }),
  rewrite("id-old-number-of-two", 4, "C3", (_id, soil, person) => {
    if (person.legacyUse !== "" || !linkOld(person, "linked", soil)) return null;
    if (!addStranger(person, soil, false)) return null;
    person.legacyUse = "linked";
    return person.legacyId;
  }),
  rewrite("id-replaced", 9, "C3", replaceNumber),
];

/** Numbers that are somebody else's or nobody's (X3). */
export const personSwaps: readonly IdentityDirt[] = [
  rewrite("id-one-digit", 14, "X30", (id, soil) => mistypeDigit(id, soil.numbers, soil.random)),
  rewrite("id-digits-swapped", 8, "X30", (id, soil) => swapDigits(id, soil.numbers)),
  rewrite("id-unknown", 6, "X30", (_id, soil, person) =>
    soil.numbers.withhold(person.placeOfBirth, person.sex, readYear(person.birthDay)),
  ),
  rewrite("id-cancelled", 4, "X30", (_id, soil, person) => addEarlierNumber(person, soil, null).citizenId),
  {
    name: "id-replaced-old-birth",
    weight: 4,
    apply(identity, person, soil) {
      if (person.citizenId === "") return null;
      const earlier = addEarlierNumber(person, soil, person.citizenId);
      identity.citizenId = earlier.citizenId;
      identity.birthDay = earlier.birthDay;
      return "X30";
    },
  },
  {
    name: "id-of-another",
    weight: 6,
    apply: (identity, person, { pool, random }) =>
      pool.length === 0 ? null : takeNumber(identity, person, random.pick(pool), true),
  },
  {
    name: "id-of-twin",
    weight: 120,
    apply: (identity, person) =>
      person.twin === null ? null : takeNumber(identity, person, person.twin, false),
  },
  {
    name: "id-of-guardian",
    weight: 30,
    apply: (identity, person) =>
      person.guardian === null ? null : takeNumber(identity, person, person.guardian, true),
  },
];

/** Writes another person's number and says which of the three other fields then differ. */
function takeNumber(
  identity: Identity,
  person: SamplePerson,
  other: SamplePerson,
  needsOtherYear: boolean,
): string | null {
  if (other === person || other.citizenId === "" || foldLetters(other.name) === foldLetters(person.name))
    return null;
  const isOtherYear = readYear(other.birthDay) !== readYear(person.birthDay);
  if (isOtherYear !== needsOtherYear) return null;
  identity.citizenId = other.citizenId;
  return isOtherYear || other.sex !== person.sex ? "X34" : "X31";
}

/** Anything a station writes where there is no number. */
function leaveOut(
  name: string,
  weight: number,
  code: string,
  texts: readonly string[],
  isForeign = false,
): IdentityDirt {
  return {
    name,
    weight,
    apply(identity, person, { random }) {
      if (person.isForeign !== isForeign) return null;
      identity.citizenId = random.pick(texts);
      if (isForeign) identity.nationality = random.pick(["Nhật Bản", "Lào", "Campuchia", "Trung Quốc"]);
      else if (random.chance(0.4)) identity.note = "Không có CCCD/Mã định danh";
      return code;
    },
  };
}

const placeholders = [
  "không có",
  "Không có CCCD",
  "chưa có",
  "n/a",
  "-",
  "000000000000",
  "999999999999",
  "123456789",
];

/** No citizen ID (X1). */
export const idAbsences: readonly IdentityDirt[] = [
  {
    name: "id-blank",
    weight: 16,
    apply(identity, person, { random }) {
      identity.citizenId = "";
      if (person.isForeign) identity.nationality = "Nhật Bản";
      else if (random.chance(0.5)) identity.note = "Không có CCCD/Mã định danh";
      return person.isForeign ? "X13" : "X10";
    },
  },
  leaveOut("id-placeholder", 8, "X11", placeholders),
  leaveOut("id-foreigner", 20, "X13", ["", "không có"], true),
  {
    name: "id-passport",
    weight: 3,
    apply(identity, person, { random }) {
      if (person.isForeign) identity.nationality = "Trung Quốc";
      const digits = String(10_000_000 + random.below(90_000_000));
      identity.citizenId =
        random.pick(["A", "B", "C", "E", "N", "P"]) + (random.chance(0.6) ? digits.slice(1) : digits);
      return "X13";
    },
  },
  {
    name: "id-not-registered",
    weight: 30,
    apply(identity, person, { numbers }) {
      if (person.citizenId !== "" || person.isForeign) return null;
      identity.citizenId = numbers.withhold(person.placeOfBirth, person.sex, readYear(person.birthDay));
      return "X30";
    },
  },
  {
    name: "id-old-number-unknown",
    weight: 6,
    apply(identity, person, { numbers }) {
      if (person.isForeign) return null;
      identity.citizenId = numbers.withholdOld();
      return "X12";
    },
  },
  rewrite("id-eight-digits", 1, "X12", (_id, { random }) => `1${2_000_000 + random.below(7_000_000)}`),
  {
    name: "id-old-number-other-name",
    weight: 2,
    apply(identity, person, soil) {
      if (
        person.citizenId === "" ||
        !linkOld(person, person.legacyUse === "shared" ? "shared" : "linked", soil)
      ) {
        return null;
      }
      identity.citizenId = person.legacyId;
      identity.name = `${identity.name}n`;
      return "X12";
    },
  },
];

// Eleven digits get a zero in front as a trial: 003, 005, 007 and 009 are no places, so that trial finds nobody.
const opensNowherePadded = /^0[3579]/;

/** A number in a wrong format (X2), or two of them (E60). */
export const idFaults: readonly IdentityDirt[] = [
  rewrite("id-digit-missing", 5, "X20", (id, { random }) => {
    const at = 4 + random.below(8);
    return opensNowherePadded.test(id) ? id.slice(0, at) + id.slice(at + 1) : null;
  }),
  rewrite(
    "id-digit-added",
    4,
    "X20",
    (id, { random }) => `${id.slice(0, 7)}${random.below(10)}${id.slice(7)}`,
  ),
  rewrite("id-letter", 3, "X21", (id, { random }) =>
    opensNowherePadded.test(id)
      ? id.slice(0, 5) + random.pick(["A", "C", "H", "K", "M"]) + id.slice(6)
      : null,
  ),
  rewrite("id-words", 2, "X21", (_id, { random }) => random.pick(["mất giấy tờ", "đang làm lại", "chờ cấp"])),
  rewrite(
    "id-unknown-place",
    4,
    "X22",
    (id, { places, random }) => random.pick(places.unknownCodes) + id.slice(3),
  ),
  rewrite("id-phone", 3, "X23", (_id, { random }, person) =>
    random.chance(0.7) ? person.phone : `+84${person.phone.slice(1)}`,
  ),
  rewrite("id-insurance", 2, "X23", (_id, { random }) => `DN4${String(100_000_000_000 + random.below(4e9))}`),
  rewrite("id-scientific-cut", 4, "X24", (id, { random }) => {
    const digits = id.replace(/^0+/, "");
    const comma = random.chance(0.3) ? "," : ".";
    return `${digits.charAt(0)}${comma}${digits.slice(1, 5)}E+${digits.length - 1}`;
  }),
  rewrite("id-two-candidates", 2, "E60", twoCandidates),
  {
    name: "id-two-candidates-in-note",
    weight: 1,
    apply(identity, person, soil) {
      if (person.citizenId === "") return null;
      identity.citizenId = "";
      identity.note = twoCandidates(person.citizenId, soil, person);
      return "E60";
    },
  },
  {
    name: "id-two-candidates-no-sex",
    weight: 0.7,
    apply(identity, person, soil) {
      if (person.citizenId === "") return null;
      identity.citizenId = twoCandidates(person.citizenId, soil, person);
      identity.sexText = "";
      return "E22";
    },
  },
  rewrite("id-old-number-shared", 2, "E60", (_id, soil, person) => {
    const isFirst = person.legacyUse === "";
    if (!linkOld(person, "shared", soil)) return null;
    if (isFirst) addStranger(person, soil, true);
    person.legacyUse = "shared";
    return person.legacyId;
  }),
];

function twoCandidates(id: string, { numbers, random }: Soil, person: SamplePerson): string {
  const other = numbers.withhold(person.placeOfBirth, person.sex, readYear(person.birthDay));
  const both = random.chance(0.5) ? [id, other] : [other, id];
  return both.join(random.pick([";", "; ", "/"]));
}
