import { countDays, formatDmy, padNumber, readDay, readYear, toExcelSerial } from "./calendar.js";
import type { IdentityDirt } from "./identity-dirt.js";
import { shiftYear } from "./people.js";
import type { Random } from "./random.js";

function writeForm(day: number, random: Random): string {
  const { year, month, day: date } = readDay(day);
  const [mm, dd] = [padNumber(month, 2), padNumber(date, 2)];
  return random.pick([
    `${dd}-${mm}-${year}`,
    `${dd}.${mm}.${year}`,
    `${year}/${mm}/${dd}`,
    `${year}${mm}${dd}`,
    `${dd}/${mm}/${year} 00:00:00`,
  ]);
}

function isPlausible(day: number): boolean {
  return day >= countDays(1912, 1, 1) && day <= countDays(2023, 5, 31);
}

/** Ways a birth date arrives that mean the same day (C1; C2 when it had to be worked out). */
export const birthNoise: readonly IdentityDirt[] = [
  {
    name: "birth-form",
    weight: 8,
    apply(identity, _person, { random }) {
      identity.birthText = writeForm(identity.birthDay, random);
      return "C1";
    },
  },
  {
    name: "birth-year-as-register",
    weight: 40,
    apply(identity, person) {
      if (!person.yearOnly) return null;
      identity.birthText = String(readYear(identity.birthDay));
      return "C1";
    },
  },
  {
    name: "birth-excel-serial",
    weight: 4,
    apply(identity, person) {
      const serial = toExcelSerial(identity.birthDay);
      if (serial < 10_000 || person.yearOnly) return null;
      identity.birthText = String(serial);
      return "C2";
    },
  },
  {
    name: "birth-two-digit-year",
    weight: 4,
    apply(identity, person) {
      if (person.yearOnly) return null;
      const text = formatDmy(identity.birthDay);
      identity.birthText = text.slice(0, 6) + text.slice(8);
      return "C2";
    },
  },
];

/** A wrong birth day where the register holds a whole date. */
function misdate(
  name: string,
  weight: number,
  change: (day: number, random: Random) => number | null,
): IdentityDirt {
  return {
    name,
    weight,
    apply(identity, person, { random }) {
      if (person.yearOnly) return null;
      const changed = change(identity.birthDay, random);
      if (changed === null || changed === identity.birthDay || !isPlausible(changed)) return null;
      identity.birthDay = changed;
      return "X32";
    },
  };
}

/** Ways a birth date is another one (X32). */
export const birthFaults: readonly IdentityDirt[] = [
  misdate("birth-day-off", 26, (day, random) => day + (random.chance(0.5) ? 1 : -1)),
  misdate("birth-swapped", 30, (day) => {
    const date = readDay(day);
    return date.day > 12 || date.day === date.month ? null : countDays(date.year, date.day, date.month);
  }),
  misdate("birth-first-of-january", 14, (day) => countDays(readYear(day), 1, 1)),
  misdate("birth-year-typo", 16, (day, random) =>
    shiftYear(day, random.pick([-10, -4, -2, -1, 1, 2, 3, 10])),
  ),
  {
    name: "birth-year-only-delivered",
    weight: 9,
    apply(identity, person) {
      if (person.yearOnly) return null;
      identity.birthText = String(readYear(identity.birthDay));
      return "X32";
    },
  },
];

/** No birth date (E21), or none that exists (E36). */
export const birthMissing: readonly IdentityDirt[] = [
  {
    name: "birth-blank",
    weight: 2,
    apply(identity) {
      identity.birthText = "";
      return "E21";
    },
  },
  {
    name: "birth-impossible",
    weight: 3,
    apply(identity, _person, { random }) {
      const year = readYear(identity.birthDay);
      identity.birthText = random.pick([
        `31/02/${year}`,
        `00/00/${year}`,
        `12/13/${year}`,
        "01/01/2091",
        "không nhớ",
      ]);
      return "E36";
    },
  },
];
