import { notGiven, notGivenOrRecognised, notKnown, notRecognised } from "../absent-labels.js";
import type { DimensionRow } from "../metrics.js";
import type { Both } from "./wording.js";

/**
 * A dimension's value in both languages: the stored label is Vietnamese, and the files keep that one alone. Names of
 * places, facilities and vaccines are names in English too.
 */
export function nameValue(dimension: string, { key, label }: Pick<DimensionRow, "key" | "label">): Both {
  return { vi: label, en: nameGroup(dimension, key) ?? label.split(", ").map(nameAbsent).join(", ") };
}

/** English of a group of people or of a dose number; null for a key that is no such group. */
function nameGroup(dimension: string, key: string): string | null {
  if (dimension === "age") {
    if (key.endsWith("+")) return `${Number(key.slice(0, -1))} years and over`;
    return key.includes("-") ? `${key.split("-").map(Number).join("–")} years` : null;
  }
  if (dimension === "dose") return key === "" ? null : `Dose ${key}`;
  return groups[dimension]?.[key] ?? null;
}

const groups: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sex: { F: "Female", M: "Male" },
  region: {
    "northern-midlands-and-mountains": "Northern midlands and mountains",
    "red-river-delta": "Red River Delta",
    "north-central-and-central-coast": "North Central and Central Coast",
    "central-highlands": "Central Highlands",
    southeast: "Southeast",
    "mekong-delta": "Mekong Delta",
  },
  abroad: { no: "Birth registered in Viet Nam", yes: "Birth registered abroad" },
};

/** A part of a label, which for a ward names its district and province too: any of them may be absent. */
function nameAbsent(part: string): string {
  return absentNames[part] ?? part;
}

/** English of the labels of what is absent; the page's script has them too. */
export const absentNames: Readonly<Record<string, string>> = {
  [notGiven]: "(not given)",
  [notRecognised]: "(not recognised)",
  [notGivenOrRecognised]: "(not given or not recognised)",
  [notKnown]: "(not known)",
};
