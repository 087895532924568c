import type { IdentityDirt, Soil } from "./identity-dirt.js";
import { writeMojibake, writeTcvn3, writeVni } from "./old-fonts.js";
import type { Random } from "./random.js";
import { changeMark, dropMarks, foldLetters, hasMark, placeToneLast } from "./syllables.js";

function changeSyllable(
  name: string,
  at: number,
  change: (syllable: string) => string | null,
): string | null {
  const syllables = name.split(" ");
  const changed = change(syllables[at] as string);
  if (changed === null) return null;
  syllables[at] = changed;
  return syllables.join(" ");
}

function countSyllables(name: string): number {
  return name.split(" ").length;
}

function changeOneMark(name: string, random: Random): string | null {
  const changed = changeSyllable(name, random.below(countSyllables(name)), (syllable) =>
    syllable.includes("'") ? null : changeMark(syllable, random),
  );
  return changed !== null && changed.normalize("NFC") !== name && hasMark(changed) ? changed : null;
}

function changeOneLetter(name: string, random: Random): string | null {
  return changeSyllable(name, random.below(countSyllables(name)), (syllable) => {
    if (syllable.includes("'")) return null;
    if (syllable.endsWith("ng")) return syllable.slice(0, -1);
    if (syllable.endsWith("n")) return `${syllable}g`;
    return syllable.length > 2 && /[chmt]$/.test(syllable) ? syllable.slice(0, -1) : `${syllable}n`;
  });
}

function mixCase(name: string, random: Random): string {
  const written = random.chance(0.5)
    ? name.toLowerCase()
    : name.replace(/\S+$/, (syllable) => syllable.toUpperCase());
  return written === name ? name.toLowerCase() : written;
}

function spoilSpaces(name: string, random: Random): string {
  const roll = random.below(4);
  if (roll === 0) return `${name} `;
  if (roll === 1) return ` ${name}`;
  return name.replace(" ", roll === 2 ? "  " : "\u00a0");
}

const halfY = /(?:^|(?<= ))(Lý|Mỹ|Vỹ|Kỳ|Quý|Ly|Vy|My)(?= |$)/;

/** A change of the name: null when this name does not allow it. */
function rename(
  name: string,
  weight: number,
  code: string,
  change: (text: string, random: Random) => string | null,
  extra: Partial<IdentityDirt> = {},
): IdentityDirt {
  return {
    name,
    weight,
    ...extra,
    apply(identity, _person, { random }) {
      const changed = change(identity.name, random);
      if (changed === null || changed === identity.name) return null;
      // Another name must be another name in every reading, else the expectation would be in doubt.
      if (code === "X31" && changed.normalize("NFC").toLowerCase() === identity.name.toLowerCase())
        return null;
      identity.name = changed;
      return code;
    },
  };
}

const unicodeOnly = { unicodeOnly: true } as const;

/** Ways a name arrives that do not change who is meant (C2, C3). */
export const nameNoise: readonly IdentityDirt[] = [
  rename("name-upper", 40, "C2", (name) => name.toUpperCase()),
  rename("name-case", 10, "C2", mixCase),
  rename("name-nfd", 12, "C2", (name) => name.normalize("NFD"), unicodeOnly),
  rename("name-spaces", 14, "C2", spoilSpaces),
  rename("name-invisible", 3, "C2", (name) => name.replace(" ", " \u200b"), unicodeOnly),
  rename("name-punctuation", 5, "C2", (name, random) => name + random.pick([".", ",", " -"])),
  rename("name-tone-placement", 60, "C2", (name) => name.split(" ").map(placeToneLast).join(" ")),
  {
    name: "name-marks-lost",
    weight: 24,
    apply(identity, person) {
      if (!hasMark(identity.name) || person.yearOnly) return null;
      identity.name = dropMarks(identity.name);
      return "C2";
    },
  },
  rename("name-tcvn3", 14, "C3", writeTcvn3, unicodeOnly),
  rename("name-vni", 10, "C3", writeVni, unicodeOnly),
  rename("name-mojibake", 8, "C3", writeMojibake, unicodeOnly),
  rename("name-digit", 3, "C3", (name, random) => name + (1 + random.below(9))),
];

/** Ways a name is another name (X31). */
export const nameFaults: readonly IdentityDirt[] = [
  rename("name-other-mark", 75, "X31", changeOneMark),
  rename("name-one-letter", 38, "X31", changeOneLetter),
  rename("name-no-middle", 24, "X31", (name) => {
    const syllables = name.split(" ");
    return syllables.length < 3 ? null : [syllables[0], ...syllables.slice(2)].join(" ");
  }),
  rename("name-order", 6, "X31", (name) => {
    const syllables = name.split(" ");
    const turned = [syllables.at(-1), ...syllables.slice(0, -1)].join(" ");
    return foldLetters(turned) === foldLetters(name) ? null : turned;
  }),
  rename("name-i-or-y", 60, "X31", (name) =>
    halfY.test(name)
      ? name.replace(halfY, (syllable) => syllable.normalize("NFD").replace("y", "i").normalize("NFC"))
      : null,
  ),
  {
    name: "name-marks-lost-year-only",
    weight: 25,
    apply(identity, person) {
      if (!hasMark(identity.name) || !person.yearOnly) return null;
      identity.name = dropMarks(identity.name);
      return "X31";
    },
  },
];

/** No name at all (E20). */
export const nameMissing: IdentityDirt = {
  name: "name-blank",
  weight: 2,
  apply(identity, _person, { random }: Soil) {
    identity.name = random.chance(0.8) ? "" : ".";
    return "E20";
  },
};
